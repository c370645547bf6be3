/* The control fields of every guest, and the host state: the two areas of the VMCS that no lab owns. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/controls.h>

#include "rules/capabilities.h"

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
