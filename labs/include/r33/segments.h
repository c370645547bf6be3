/* The access-rights fields of segment registers (SDM 3C, section "Guest Register State"), and selectors. */
#pragma once

#include <r33/bits.h>

#define RIGHTS_TYPE     0xf
#define RIGHTS_S        BIT32(4)       /* 1 = code or data, 0 = system: LDT, TSS */
#define RIGHTS_DPL      (3 * BIT32(5)) /* descriptor privilege level */
#define RIGHTS_P        BIT32(7)       /* present */
#define RIGHTS_AVL      BIT32(12)
#define RIGHTS_L        BIT32(13) /* 64-bit code */
#define RIGHTS_DB       BIT32(14) /* default operation size: 32 bits; upper bound */
#define RIGHTS_G        BIT32(15) /* granularity: a descriptor's limit counts pages */
#define RIGHTS_UNUSABLE BIT32(16)

/* The type of code and data segments (SDM 3A, "Code- and Data-Segment Descriptor Types"). */
#define TYPE_ACCESSED    BIT32(0)
#define TYPE_WRITABLE    BIT32(1) /* of data */
#define TYPE_READABLE    BIT32(1) /* of code */
#define TYPE_EXPAND_DOWN BIT32(2) /* of data */
#define TYPE_CONFORMING  BIT32(2) /* of code */
#define TYPE_CODE        BIT32(3)

/* The type of system segments ("System Descriptor Types"). */
#define TYPE_LDT         2
#define TYPE_BUSY        BIT32(1) /* of a TSS; without it, it is available */
#define TYPE_TSS_16_BUSY 3
#define TYPE_TSS_BUSY    11 /* 32-bit; in IA-32e mode 64-bit */

#define SELECTOR_RPL 3        /* requested privilege level */
#define SELECTOR_TI  BIT32(2) /* table indicator: 1 = LDT */
