/* The access-rights fields of segment registers (SDM 3C, section "Guest Register State"), and selectors. */
#pragma once

#define RIGHTS_TYPE     0xfu
#define RIGHTS_S        (1u << 4) /* 1 = code or data, 0 = system: LDT, TSS */
#define RIGHTS_DPL      (3u << 5) /* descriptor privilege level */
#define RIGHTS_P        (1u << 7) /* present */
#define RIGHTS_AVL      (1u << 12)
#define RIGHTS_L        (1u << 13) /* 64-bit code */
#define RIGHTS_DB       (1u << 14) /* default operation size: 32 bits; upper bound */
#define RIGHTS_G        (1u << 15) /* granularity: a descriptor's limit counts pages */
#define RIGHTS_UNUSABLE (1u << 16)

/* The type of code and data segments (SDM 3A, "Code- and Data-Segment Descriptor Types"). */
#define TYPE_ACCESSED    (1u << 0)
#define TYPE_WRITABLE    (1u << 1) /* of data */
#define TYPE_READABLE    (1u << 1) /* of code */
#define TYPE_EXPAND_DOWN (1u << 2) /* of data */
#define TYPE_CONFORMING  (1u << 2) /* of code */
#define TYPE_CODE        (1u << 3)

/* The type of system segments ("System Descriptor Types"). */
#define TYPE_LDT         2
#define TYPE_BUSY        (1u << 1) /* of a TSS; without it, it is available */
#define TYPE_TSS_16_BUSY 3
#define TYPE_TSS_BUSY    11 /* 32-bit; in IA-32e mode 64-bit */

#define SELECTOR_RPL 3u        /* requested privilege level */
#define SELECTOR_TI  (1u << 2) /* table indicator: 1 = LDT */
