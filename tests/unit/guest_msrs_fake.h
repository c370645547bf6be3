/* What the judge of lab 4 asks the processor for, in unit tests. */
#pragma once

#include <stdint.h>

/* EFER and PAT of the host. */
#define FAKE_HOST_EFER 0xd01
#define FAKE_HOST_PAT  0x0007040600070406

/* What VM_ENTRY_CONTROLS holds. */
extern uint32_t fake_entry_controls;
