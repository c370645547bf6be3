/* Gates for the exceptions and interrupts that a guest takes itself. */
#pragma once

#include <stdint.h>

#include <r33/guest.h>

/* Fill the table at guest->idt_base, in the form of the guest's mode: the gate of each vector leads to
 * IMAGE_ADDRESS + HANDLERS_OFFSET + vector * HANDLER_BYTES (tests/guests/report.h).  After guest_place(). */
void guest_place_handlers(const struct guest *guest);

/* What a handler reports on the page, in words: EVENT_TAKEN + vector, or 0 for nothing. */
const char *guest_event_text(uint64_t event);
