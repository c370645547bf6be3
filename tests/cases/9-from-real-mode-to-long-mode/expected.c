/* What a guest of lab 9 sees on its journey: see tests/guests/reset16.S. */
#include "expected.h"

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/cpuid.h>
#include <r33/msr.h>

#define EFER_ASKED  (EFER_SCE | EFER_LME | EFER_NXE)
#define EFER_ACTIVE (EFER_ASKED | EFER_LMA)

void
reset_adjust(struct guest *guest, const struct capabilities *capabilities)
{
	(void)capabilities;
	guest->rip = RESET_RIP;
	guest->cr3 = 0;
}

struct sight {
	const char *name;
	unsigned slot;
	uint32_t value;
	unsigned stage; /* seen by those that go as far */
	uint32_t tries; /* and try this; 0: all */
};

static const struct sight sights[] = {
	{ "RFLAGS after reset", SEEN_RFLAGS, 2, STAGE_REAL, 0 },
	{ "ESP", SEEN_RSP, 0xfff0, STAGE_REAL, 0 },
	{ "the token in EBX, put there at the reset vector", SEEN_TOKEN, 0, STAGE_REAL, 0 },
	{ "what it reads by ES, FS, GS and SS", SEEN_SEGMENTS, 0, STAGE_REAL, 0 },
	{ "IDTR after reset", SEEN_IDTR, 0x7ff, STAGE_REAL, 0 },
	{ "DR7 after reset", SEEN_DR7, 0x400, STAGE_REAL, 0 },
	{ "EFER after reset", SEEN_EFER_RESET, 0, STAGE_REAL, 0 },
	{ "CR0 after reset", SEEN_CR0_RESET, CR0_AFTER_RESET, STAGE_REAL, 0 },
	{ "CR4 after reset", SEEN_CR4_RESET, 0, STAGE_REAL, 0 },
	{ "CPUID.1:ECX, in which there is no VMX", SEEN_CPUID, 0, STAGE_REAL, 0 },
	{ "CPUID.1: EAX + EBX + EDX", SEEN_CPUID_OTHERS, 0, STAGE_REAL, 0 },
	{ "#GP for WRMSR in real mode", SEEN_GP_REAL, RAISED, STAGE_REAL, TRY_GP_REAL },
	{ "CR0 in protected mode", SEEN_CR0_PROTECTED, CR0_AFTER_RESET | CR0_PE, STAGE_PROTECTED,
	        0 },
	{ "#GP(0) for WRMSR of a reserved bit of EFER", SEEN_GP_WRMSR, RAISED, STAGE_PROTECTED,
	        TRY_GP },
	{ "EFER after that", SEEN_EFER_KEPT, 0, STAGE_PROTECTED, TRY_GP },
	{ "#GP(0) for RDMSR of an MSR that does not exist", SEEN_GP_RDMSR, RAISED, STAGE_PROTECTED,
	        TRY_GP },
	{ "#GP(0) for WRMSR of an MSR that does not exist", SEEN_GP_NO_MSR, RAISED, STAGE_PROTECTED,
	        TRY_GP },
	{ "#GP(0) for MOV to CR4 with VMXE", SEEN_GP_VMXE, RAISED, STAGE_PROTECTED, TRY_VMXE },
	{ "CR4 after that", SEEN_CR4_KEPT, 0, STAGE_PROTECTED, TRY_VMXE },
	{ "CR0 after setting NE", SEEN_NE_SET, CR0_AFTER_RESET | CR0_PE | CR0_NE, STAGE_PROTECTED,
	        TRY_NE },
	{ "CR0 after clearing NE", SEEN_NE_CLEAR, CR0_AFTER_RESET | CR0_PE, STAGE_PROTECTED,
	        TRY_NE },
	{ "CR3", SEEN_CR3, RESET_PDPT, STAGE_PAGING, 0 },
	{ "CR4 with PAE", SEEN_CR4_PAE, CR4_PAE, STAGE_PAGING, 0 },
	{ "CR0 with paging", SEEN_CR0_PAGED, CR0_PG | CR0_ET | CR0_PE, STAGE_PAGING, 0 },
	{ "a page that only paging maps", SEEN_ALIAS, 0, STAGE_PAGING, 0 },
	{ "EFER before long mode", SEEN_EFER_LEGACY, 0, STAGE_PAGING, 0 },
	{ "#GP(0) for a change of EFER.LME while paging is on", SEEN_GP_LME, RAISED, STAGE_PAGING,
	        TRY_LME },
	{ "EFER after setting LME", SEEN_EFER_LME, EFER_ASKED, STAGE_LONG, 0 },
	{ "EFER in long mode", SEEN_EFER_LMA, EFER_ACTIVE, STAGE_LONG, 0 },
	{ "a 64-bit register's upper half", SEEN_64, 0x64b17c0d, STAGE_LONG, 0 },
	{ "EFER after leaving long mode", SEEN_EFER_BACK, EFER_ASKED, STAGE_LONG, TRY_BACK },
	{ "CR0 in real mode again", SEEN_CR0_BACK, CR0_ET, STAGE_LONG, TRY_BACK },
};

size_t
expected_values(const struct journey *journey, uint32_t token, struct signature signature,
        struct observation *observations)
{
	size_t count = 0;

	for (size_t i = 0; i < COUNT(sights); i++) {
		const struct sight *sight = &sights[i];
		uint32_t value = sight->value;

		if (sight->stage > journey->stage ||
		        (sight->tries && !(sight->tries & journey->tries)) ||
		        (journey->begins_in_long_mode && sight->slot != SEEN_CPUID))
			continue;
		if (sight->slot == SEEN_TOKEN)
			value = token;
		else if (sight->slot == SEEN_SEGMENTS)
			value = 4 * journey->stage;
		else if (sight->slot == SEEN_ALIAS)
			value = journey->stage;
		else if (sight->slot == SEEN_CPUID)
			value = signature.ecx & ~CPUID_ECX_VMX;
		else if (sight->slot == SEEN_CPUID_OTHERS)
			value = signature.others;
		observations[count++] = (struct observation){
			.name = sight->name,
			.slot = sight->slot,
			.expected = value,
			.mask = ~0ull,
		};
	}
	return count;
}

static uint32_t
add(uint32_t sum, uint32_t value)
{
	return (sum << RESET_ROTATE | sum >> (32 - RESET_ROTATE)) ^ value;
}

uint64_t
expected_sum(const struct journey *journey, uint32_t nonce, const struct observation *observations,
        size_t count)
{
	uint64_t sum = nonce;

	for (size_t i = 0; i < count; i++) {
		sum = (sum & ~0xffffffffull) |
		      add((uint32_t)sum, (uint32_t)observations[i].expected);
		if (observations[i].slot == SEEN_64 || journey->begins_in_long_mode)
			sum = (uint32_t)sum * RESET_MULTIPLIER;
	}
	return sum;
}

size_t
expected_stations(const struct journey *journey, unsigned stations[MAX_STATIONS])
{
	size_t count = 0;
	unsigned last = journey->tries & TRY_BACK ? 6 : journey->stage;

	for (unsigned i = journey->begins_in_long_mode ? STAGE_LONG : STAGE_REAL; i <= last; i++)
		stations[count++] = i;
	return count;
}

const char *
station_text(unsigned station)
{
	static const char *const texts[] = { NULL, "real mode", "protected mode", "PAE paging",
		"long mode", "protected again", "real mode again" };

	return station < COUNT(texts) ? texts[station] : NULL;
}
