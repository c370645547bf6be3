/* What the processor makes of a wish for tables, DR7 and MSRs, and what the guest then sees. */
#include <r33/control_registers.h>
#include <r33/controls.h>
#include <r33/msr.h>
#include <r33/vmcs_fields.h>

#include "../tests/guests/tables.h"
#include "grade/guest_memory.h"
#include "lib/format.h"
#include "tables_case.h"
#include "tables_events.h"

/* In the order of the part's fields (kernel/lab/parts.c). */
enum {
	GDT_BASE,
	GDT_LIMIT,
	IDT_BASE,
	IDT_LIMIT,
	DR7,
	DEBUGCTL,
	SYSENTER_CS,
	SYSENTER_ESP,
	SYSENTER_EIP,
	PAT,
	EFER,
	PERF_GLOBAL_CTRL,
	BNDCFGS, /* this one and the next three: no guest of the course has them loaded */
	RTIT_CTL,
	LBR_CTL,
	PKRS,
	S_CET,
	SSP,
	INTERRUPT_SSP_TABLE,
};

#define ALL_BITS       (~0ull)
#define LOWER_HALF     0xffffffffull
#define LIMIT_BITS     0xffffull
#define DR7_AFTER_EXIT 0x400ull
#define DR7_FIXED      0xdc00ull /* bits 15:14, 12:10: read as they are in every DR7 */

static void
only_values(const struct guest *guest, const struct capabilities *capabilities, uint64_t *values)
{
	(void)capabilities;
	values[GDT_BASE] = guest->gdt_base;
	values[GDT_LIMIT] = guest->gdt_limit;
	values[IDT_BASE] = guest->idt_base;
	values[IDT_LIMIT] = guest->idt_limit;
	values[DR7] = guest->dr7;
	values[DEBUGCTL] = guest->debugctl;
	values[SYSENTER_CS] = guest->sysenter_cs;
	values[SYSENTER_ESP] = guest->sysenter_esp;
	values[SYSENTER_EIP] = guest->sysenter_eip;
	values[PAT] = guest->pat;
	values[EFER] = guest->efer;
	values[PERF_GLOBAL_CTRL] = guest->perf_global_ctrl;
	values[BNDCFGS] = values[RTIT_CTL] = values[LBR_CTL] = values[PKRS] = 0;
	values[S_CET] = guest->s_cet;
	values[SSP] = guest->ssp;
	values[INTERRUPT_SSP_TABLE] = guest->interrupt_ssp_table;
}

struct observer {
	const struct guest *guest;
	const uint64_t *values;
	struct observation *observations;
	size_t count;
	uint64_t address_mask; /* what the guest sees of an address */
};

/* A register whose field the part must have written. */
static void
observe_field(struct observer *observer, const char *name, unsigned slot, uint64_t value,
        uint64_t mask, uint32_t field)
{
	observer->observations[observer->count++] = (struct observation){
		.name = name,
		.slot = slot,
		.expected = value,
		.mask = mask,
		.field = field,
		.field_mask = ALL_BITS,
	};
}

/* A register that VM entry does not load; its field need not be written. */
static void
observe_unloaded(
        struct observer *observer, const char *name, unsigned slot, uint64_t value, uint64_t mask)
{
	observe_field(observer, name, slot, value, mask, 0);
}

static void
observe_event(struct observer *observer, const char *name, unsigned slot, uint64_t expected,
        const char *(*describe)(uint64_t))
{
	observe_unloaded(observer, name, slot, expected, ALL_BITS);
	observer->observations[observer->count - 1].describe = describe;
}

static void
observe_tables(struct observer *observer)
{
	const uint64_t *values = observer->values;

	observe_field(observer, "GDTR.base", REPORT_GDT_BASE, values[GDT_BASE],
	        observer->address_mask, GUEST_GDTR_BASE);
	observe_field(observer, "GDTR.limit", REPORT_GDT_LIMIT, values[GDT_LIMIT], LIMIT_BITS,
	        GUEST_GDTR_LIMIT);
	observe_field(observer, "IDTR.base", REPORT_IDT_BASE, values[IDT_BASE],
	        observer->address_mask, GUEST_IDTR_BASE);
	observe_field(observer, "IDTR.limit", REPORT_IDT_LIMIT, values[IDT_LIMIT], LIMIT_BITS,
	        GUEST_IDTR_LIMIT);
	observe_event(observer, "what came of UD2", REPORT_UNDEFINED, tables_event_of_ud2(),
	        tables_describe_event);
	observe_event(observer, "what came of INT 30h", REPORT_INTERRUPT,
	        tables_event_of_interrupt(observer->guest->ia32e_mode, values[IDT_LIMIT]),
	        tables_describe_event);
}

static void
observe_debug_controls(struct observer *observer, bool loaded)
{
	uint64_t dr7 = loaded ? observer->values[DR7] : DR7_AFTER_EXIT;

	observe_field(
	        observer, "DR7", REPORT_DR7, dr7, LOWER_HALF & ~DR7_FIXED, loaded ? GUEST_DR7 : 0);
	/* Not every engine has the MSR: the field alone tells. */
	if (loaded)
		observe_field(observer, "IA32_DEBUGCTL", 0, observer->values[DEBUGCTL], 0,
		        GUEST_IA32_DEBUGCTL);
	observe_event(observer, "the breakpoints that it met", REPORT_BREAKPOINTS,
	        tables_breakpoints(dr7), tables_describe_breakpoints);
}

static void
observe_sysenter(struct observer *observer)
{
	const uint64_t *values = observer->values;
	uint64_t width = observer->address_mask, selector = values[SYSENTER_CS] & 0xfffc;

	observe_field(observer, "IA32_SYSENTER_CS", REPORT_SYSENTER_CS, values[SYSENTER_CS],
	        LOWER_HALF, GUEST_IA32_SYSENTER_CS);
	observe_field(observer, "IA32_SYSENTER_ESP", REPORT_SYSENTER_ESP, values[SYSENTER_ESP],
	        ALL_BITS, GUEST_IA32_SYSENTER_ESP);
	observe_field(observer, "IA32_SYSENTER_EIP", REPORT_SYSENTER_EIP, values[SYSENTER_EIP],
	        ALL_BITS, GUEST_IA32_SYSENTER_EIP);
	observe_event(observer, "where SYSENTER took it", REPORT_SYSENTER,
	        tables_event_of_sysenter(
	                (uint32_t)values[SYSENTER_CS], values[SYSENTER_EIP] & width),
	        tables_describe_event);
	if (selector == 0)
		return;
	observe_unloaded(
	        observer, "RSP after SYSENTER", REPORT_SYSENTER_STACK, values[SYSENTER_ESP], width);
	observe_unloaded(observer, "CS and SS after SYSENTER", REPORT_SYSENTER_SELECTORS,
	        selector | (selector + 8) << 16, LOWER_HALF);
}

/* EFER as the guest finds it: without a load, LMA and LME follow the control "IA-32e mode guest", LME
 * while the guest has paging (SDM 3C 27.3.2.1). */
static uint64_t
efer_found(const struct guest *guest, const uint64_t *values, bool loaded)
{
	uint64_t follows = EFER_LMA | (guest->cr0 & CR0_PG ? EFER_LME : 0);
	uint64_t efer;

	if (loaded)
		return values[EFER];
	efer = guest_msrs_host_value(IA32_EFER) & ~follows;
	return guest->ia32e_mode ? efer | EFER_LMA | EFER_LME : efer;
}

static void
observe_efer(struct observer *observer, bool loaded)
{
	const struct guest *guest = observer->guest;
	uint64_t efer = efer_found(guest, observer->values, loaded);

	observe_field(
	        observer, "IA32_EFER", REPORT_EFER, efer, ALL_BITS, loaded ? GUEST_IA32_EFER : 0);
	observe_event(observer, "what came of a call to a page with bit 63 in its entry",
	        REPORT_EXECUTE_DISABLE, tables_event_of_execute_disable(guest->mode, efer),
	        tables_describe_event);
	if (guest->mode == GUEST_64BIT)
		observe_event(observer, "what came of SYSCALL", REPORT_SYSCALL,
		        tables_event_of_syscall(efer), tables_describe_event);
}

static void
observe_pat_and_counters(struct observer *observer, bool pat_loaded, bool counters_loaded)
{
	if (pat_loaded)
		observe_field(observer, "IA32_PAT", REPORT_PAT, observer->values[PAT], ALL_BITS,
		        GUEST_IA32_PAT);
	else
		observe_unloaded(observer, "IA32_PAT", REPORT_PAT, guest_msrs_host_value(IA32_PAT),
		        ALL_BITS);
	if (counters_loaded)
		observe_field(observer, "IA32_PERF_GLOBAL_CTRL", 0,
		        observer->values[PERF_GLOBAL_CTRL], 0, GUEST_IA32_PERF_GLOBAL_CTRL);
}

/* The kernel itself uses no CET: what is not loaded is 0. */
static void
observe_cet(struct observer *observer, bool loaded)
{
	const uint64_t *values = observer->values;

	observe_field(observer, "IA32_S_CET", REPORT_S_CET, loaded ? values[S_CET] : 0, ALL_BITS,
	        loaded ? GUEST_IA32_S_CET : 0);
	observe_field(observer, "SSP", REPORT_SSP, loaded ? values[SSP] : 0,
	        !loaded || values[S_CET] & S_CET_SH_STK_EN ? ALL_BITS : 0, loaded ? GUEST_SSP : 0);
	observe_field(observer, "IA32_INTERRUPT_SSP_TABLE_ADDR", REPORT_SSP_TABLE,
	        loaded ? values[INTERRUPT_SSP_TABLE] : 0, ALL_BITS,
	        loaded ? GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR : 0);
}

static size_t
observations(const struct guest *guest, const uint64_t *values, struct observation *observations)
{
	uint32_t controls = guest_msrs_entry_controls();
	struct observer observer = {
		.guest = guest,
		.values = values,
		.observations = observations,
		.address_mask = guest->mode == GUEST_64BIT ? ALL_BITS : LOWER_HALF,
	};

	observe_tables(&observer);
	observe_debug_controls(&observer, controls & VM_ENTRY_LOAD_DEBUG_CONTROLS);
	observe_sysenter(&observer);
	observe_efer(&observer, controls & VM_ENTRY_LOAD_IA32_EFER);
	observe_pat_and_counters(&observer, controls & VM_ENTRY_LOAD_IA32_PAT,
	        controls & VM_ENTRY_LOAD_IA32_PERF_GLOBAL_CTRL);
	if (guest->cr4 & CR4_CET)
		observe_cet(&observer, controls & VM_ENTRY_LOAD_CET_STATE);
	return observer.count;
}

static void
describe_wish(const struct guest *guest, char *text, size_t size)
{
	format_string(text, size,
	        "gdt %#lx limit %#x, idt %#lx limit %#x, dr7 %#lx, debugctl %#lx, sysenter cs %#x "
	        "esp %#lx eip %#lx, pat %#lx, efer %#lx, perf_global_ctrl %#lx, s_cet %#lx, ssp "
	        "%#lx, interrupt_ssp_table %#lx; VM-entry controls %#x",
	        guest->gdt_base, guest->gdt_limit, guest->idt_base, guest->idt_limit, guest->dr7,
	        guest->debugctl, guest->sysenter_cs, guest->sysenter_esp, guest->sysenter_eip,
	        guest->pat, guest->efer, guest->perf_global_ctrl, guest->s_cet, guest->ssp,
	        guest->interrupt_ssp_table, guest_msrs_entry_controls());
}

JUDGE = {
	.lab = 4,
	.only_values = only_values,
	.observations = observations,
	.describe_wish = describe_wish,
};
