/* The guest's non-register state (SDM 3C, "Guest Non-Register State"), for C and for assembly. */
#pragma once

#include <r33/bits.h>

/* GUEST_ACTIVITY_STATE. */
#define ACTIVITY_ACTIVE        0
#define ACTIVITY_HLT           1
#define ACTIVITY_SHUTDOWN      2
#define ACTIVITY_WAIT_FOR_SIPI 3

/* GUEST_INTERRUPTIBILITY_STATE: table "Format of Interruptibility State". */
#define BLOCKING_BY_STI      BIT32(0)
#define BLOCKING_BY_MOV_SS   BIT32(1)
#define BLOCKING_BY_SMI      BIT32(2)
#define BLOCKING_BY_NMI      BIT32(3)
#define ENCLAVE_INTERRUPTION BIT32(4)

/* GUEST_PENDING_DEBUG_EXCEPTIONS: table "Format of Pending-Debug-Exceptions". */
#define PENDING_B0_TO_B3           (BIT(4) - 1) /* met breakpoints, enabled or not */
#define PENDING_BLD                BIT(11)
#define PENDING_ENABLED_BREAKPOINT BIT(12)
#define PENDING_BS                 BIT(14)
#define PENDING_RTM                BIT(16)
