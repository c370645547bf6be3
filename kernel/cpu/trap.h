/*
 * Traps: exceptions, the timer's interrupt, and the lab's two calls: CPUID and services.
 *
 * A trap from CPL 0 is a mistake of the kernel (or a read of an MSR that does not exist); one
 * that the code at CPL 3 has raised goes to the handler given to run_at_cpl3().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/events.h>

#define TRAP_TIMER         32 /* IRQ 0 */
#define TRAP_SPURIOUS_IRQ7 39
#define TRAP_SPURIOUS_APIC 47
#define TRAP_APIC          48
#define TRAP_LAB_CPUID     50 /* 32h, open to CPL 3 */
#define TRAP_LAB_SERVICE   51 /* 33h, open to CPL 3 */
#define TRAP_VECTOR_COUNT  52

/* General registers in encoding order, then what the processor pushed.  trap_entry.S builds it. */
struct trap_frame {
	uint64_t registers[16]; /* [REGISTER_RSP] repeats rsp; on return rsp counts */
	uint64_t vector;
	uint64_t error_code;
	uint64_t rip;
	uint64_t cs;
	uint64_t rflags;
	uint64_t rsp;
	uint64_t ss;
};

enum {
	REGISTER_RAX,
	REGISTER_RCX,
	REGISTER_RDX,
	REGISTER_RBX,
	REGISTER_RSP,
	REGISTER_RBP,
	REGISTER_RSI,
	REGISTER_RDI
};

/* Called for every trap from CPL 3.  Return true to go on at CPL 3 with the frame as it is now,
 * false to end run_at_cpl3(). */
typedef bool cpl3_trap_handler(struct trap_frame *frame);

/*
 * Run code at CPL 3: load the registers of *frame and go to frame->rip.  Comes back when
 * handler returns false.  Uses the current CR3.  Not re-entrant.
 */
void run_at_cpl3(struct trap_frame *frame, cpl3_trap_handler *handler);

/* What the timer's and the local APIC's interrupt do, wherever they come. */
void trap_on_timer(void (*interrupt)(void));
void trap_on_apic(void (*interrupt)(void));

/* In trap_entry.S.  tss_rsp0: where the TSS has the stack for traps from CPL 3. */
extern uint8_t *tss_rsp0;
void trap_enter_cpl3(struct trap_frame *frame);
__attribute__((noreturn)) void trap_leave_cpl3(void);
void load_code_segment(uint64_t code_selector, uint64_t data_selector);
