/*
 * The guest-state area in the order of SDM 3C 25.4.1 "Guest Register State" and 25.4.2 "Guest
 * Non-Register State".
 */
#include "guest_area.h"

#include <stddef.h>

#define GUEST(name) { "GUEST_" #name, #name }
#define SEGMENT(name) \
	{ #name, { "GUEST_" #name "_SELECTOR", "GUEST_" #name "_BASE", "GUEST_" #name "_LIMIT", \
		         "GUEST_" #name "_ACCESS_RIGHTS" } }
#define TABLE(name) \
	{ \
		#name, \
		{ \
			NULL, "GUEST_" #name "_BASE", "GUEST_" #name "_LIMIT", NULL \
		} \
	}

static const struct area_field control_and_debug[] = {
	GUEST(CR0),
	GUEST(CR3),
	GUEST(CR4),
	GUEST(DR7),
	{ 0 },
};

static const struct area_field entry_point[] = {
	GUEST(RSP),
	GUEST(RIP),
	GUEST(RFLAGS),
	{ 0 },
};

static const struct area_register segments[] = {
	SEGMENT(CS),
	SEGMENT(SS),
	SEGMENT(DS),
	SEGMENT(ES),
	SEGMENT(FS),
	SEGMENT(GS),
	SEGMENT(LDTR),
	SEGMENT(TR),
	TABLE(GDTR),
	TABLE(IDTR),
	{ 0 },
};

static const struct area_field msrs[] = {
	GUEST(IA32_DEBUGCTL),
	GUEST(IA32_SYSENTER_CS),
	GUEST(IA32_SYSENTER_ESP),
	GUEST(IA32_SYSENTER_EIP),
	GUEST(IA32_PERF_GLOBAL_CTRL),
	GUEST(IA32_PAT),
	GUEST(IA32_EFER),
	GUEST(IA32_BNDCFGS),
	GUEST(IA32_RTIT_CTL),
	GUEST(IA32_LBR_CTL),
	GUEST(IA32_S_CET),
	GUEST(IA32_INTERRUPT_SSP_TABLE_ADDR),
	GUEST(IA32_PKRS),
	GUEST(IA32_SPEC_CTRL),
	GUEST(IA32_FRED_CONFIG),
	GUEST(IA32_FRED_RSP1),
	GUEST(IA32_FRED_RSP2),
	GUEST(IA32_FRED_RSP3),
	GUEST(IA32_FRED_STKLVLS),
	GUEST(IA32_FRED_SSP1),
	GUEST(IA32_FRED_SSP2),
	GUEST(IA32_FRED_SSP3),
	GUEST(SSP),
	GUEST(SMBASE),
	GUEST(UINV),
	{ 0 },
};

static const struct area_field non_register[] = {
	{ "GUEST_ACTIVITY_STATE", "Activity state" },
	{ "GUEST_INTERRUPTIBILITY_STATE", "Interruptibility state" },
	{ "GUEST_PENDING_DEBUG_EXCEPTIONS", "Pending debug exceptions" },
	{ "VMCS_LINK_POINTER", "VMCS link pointer" },
	{ "VMX_PREEMPTION_TIMER_VALUE", "VMX-preemption timer value" },
	GUEST(PDPTE0),
	GUEST(PDPTE1),
	GUEST(PDPTE2),
	GUEST(PDPTE3),
	{ "GUEST_INTERRUPT_STATUS", "Guest interrupt status" },
	{ "GUEST_PML_INDEX", "PML index" },
	{ 0 },
};

const struct area_group guest_area[] = {
	{ "Guest register state", "Control registers and DR7", control_and_debug, NULL },
	{ NULL, "RSP, RIP and RFLAGS", entry_point, NULL },
	{ NULL, "Segment registers, GDTR and IDTR", NULL, segments },
	{ NULL, "MSRs, SSP and others", msrs, NULL },
	{ "Guest non-register state", NULL, non_register, NULL },
	{ 0 },
};
