/* What comes of what a guest of lab 4 tries, in the form in which it reports it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/guest.h>

uint64_t tables_event_of_ud2(void);
uint64_t tables_event_of_interrupt(bool ia32e_mode, uint64_t idt_limit);
/* Of breakpoint 0 at an instruction and breakpoint 1 at a datum that is written. */
uint64_t tables_breakpoints(uint64_t dr7);
uint64_t tables_event_of_execute_disable(enum guest_mode mode, uint64_t efer);
uint64_t tables_event_of_syscall(uint64_t efer);
uint64_t tables_event_of_sysenter(uint32_t cs, uint64_t eip);

/* In words; valid until the next call but one. */
const char *tables_describe_event(uint64_t event);
const char *tables_describe_breakpoints(uint64_t breakpoints);
