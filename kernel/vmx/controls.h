/* The control fields' bits that the kernel uses, and the two areas of the VMCS that no lab owns. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "rules/capabilities.h"

/* Pin-based VM-execution controls (SDM 3C 25.6.1). */
#define PIN_EXTERNAL_INTERRUPT_EXITING (1u << 0)
#define PIN_NMI_EXITING                (1u << 3)
#define PIN_VIRTUAL_NMIS               (1u << 5)
#define PIN_PREEMPTION_TIMER           (1u << 6)

/* Primary processor-based VM-execution controls (25.6.2). */
#define PRIMARY_INTERRUPT_WINDOW (1u << 2)
#define PRIMARY_HLT_EXITING      (1u << 7)
#define PRIMARY_NMI_WINDOW       (1u << 22)
#define PRIMARY_UNCONDITIONAL_IO (1u << 24)
#define PRIMARY_MSR_BITMAPS      (1u << 28)
#define PRIMARY_SECONDARY        (1u << 31)

/* Secondary processor-based VM-execution controls. */
#define SECONDARY_EPT                (1u << 1)
#define SECONDARY_UNRESTRICTED_GUEST (1u << 7)

/* VM-exit controls (25.7.1). */
#define EXIT_SAVE_DEBUG_CONTROLS     (1u << 2)
#define EXIT_HOST_ADDRESS_SPACE_SIZE (1u << 9)
#define EXIT_LOAD_PERF_GLOBAL_CTRL   (1u << 12)
#define EXIT_LOAD_IA32_PAT           (1u << 19)
#define EXIT_LOAD_IA32_EFER          (1u << 21)
#define EXIT_LOAD_CET_STATE          (1u << 28)

/* VM-entry controls (25.8.1). */
#define ENTRY_LOAD_DEBUG_CONTROLS   (1u << 2)
#define ENTRY_IA32E_MODE_GUEST      (1u << 9)
#define ENTRY_LOAD_PERF_GLOBAL_CTRL (1u << 13)
#define ENTRY_LOAD_IA32_PAT         (1u << 14)
#define ENTRY_LOAD_IA32_EFER        (1u << 15)
#define ENTRY_LOAD_CET_STATE        (1u << 20)

/* The control fields with bits to choose from. */
enum control_field {
	PIN_CONTROLS,
	PRIMARY_CONTROLS,
	SECONDARY_CONTROLS,
	EXIT_CONTROLS,
	ENTRY_CONTROLS,
	CONTROL_FIELD_COUNT
};

/* What a guest needs otherwise than most. */
struct control_wish {
	uint32_t on[CONTROL_FIELD_COUNT], off[CONTROL_FIELD_COUNT];
};
extern const struct control_wish no_control_wish;

/* A field some of whose bits this processor cannot set or clear as wished, and these bits; 0 when
 * it can. */
uint32_t controls_impossible(
        const struct capabilities *capabilities, const struct control_wish *wish, uint32_t *bits);

/* Write all control fields of the current VMCS for a guest of this course: every exception, I/O
 * access and MSR access exits; EPT and unrestricted guest are on where they exist.  The wish goes
 * beyond that: the caller has asked controls_impossible(), and fills what else its controls need. */
void controls_write(const struct capabilities *capabilities, bool ia32e_mode_guest,
        uint64_t ept_pointer, const struct control_wish *wish);

/* Write the host-state area of the current VMCS, all but RSP and CR3, which each entry sets. */
void host_state_write(const struct capabilities *capabilities);
