/* Gates for the exceptions and interrupts that a guest takes itself. */
#pragma once

#include <r33/guest.h>

/* Fill the table at guest->idt_base, in the form of the guest's mode: the gate of each vector leads to
 * IMAGE_ADDRESS + HANDLERS_OFFSET + vector * HANDLER_BYTES (tests/guests/report.h).  After guest_place(). */
void guest_place_handlers(const struct guest *guest);
