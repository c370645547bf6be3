/*
 * Lab 9: from real mode to long mode.
 *
 * Your functions from labs 1 to 6 set up a guest as a processor is after reset; enter it with lab 7's,
 * and handle its VM exits until it has brought itself to long mode.  README.md in this directory
 * explains each exit in the order in which you meet it.
 *
 * You may use: vmwrite(), vmread(), rdmsr(), cpuid() from <r33/instructions.h>, the set_...()
 * functions of <r33/parts.h>, vmenter() from <r33/vmenter.h>, the names in the headers of
 * labs/include/r33/, and lab_printf().
 */
#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/cpuid.h>
#include <r33/events.h>
#include <r33/exit_reasons.h>
#include <r33/hypercalls.h>
#include <r33/instructions.h>
#include <r33/msr.h>
#include <r33/parts.h>
#include <r33/vmcs_fields.h>
#include <r33/vmenter.h>

/* Registers in struct register_context. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI };

/* Call the parts of labs 1 to 6 in order. */
static enum decision
fill_parts(const struct guest *guest)
{
	static enum decision (*const parts[])(const struct guest *) = { set_control_registers,
		set_entry_point, set_segment_registers, set_tables_and_msrs,
		set_activity_and_interruptibility, set_links_timers_and_pdptes };

	for (unsigned i = 0; i < COUNT(parts); i++) {
		enum decision decision = parts[i](guest);

		if (decision != ENTER) {
			if (decision == UNWRITTEN)
				lab_printf("part %u is not written\n", i + 1);
			return decision;
		}
	}
	return ENTER;
}

/*
 * Run a guest from its first instruction to its end.
 *
 * Returns ENTER when the guest has made the hypercall HYPERCALL_DONE, REFUSE when a part says that
 * this processor would not enter such a guest or when the guest cannot continue, UNWRITTEN when a
 * part is not written.
 */
enum decision
run_guest(const struct guest *guest)
{
	/* YOUR CODE HERE.  Begin when the parts have returned ENTER. */
	return fill_parts(guest) == REFUSE ? REFUSE : UNWRITTEN;
}
