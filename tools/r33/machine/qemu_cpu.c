/*
 * QEMU's own processor (TCG) in place of a model of the course.
 *
 * What CPUID and capability MSRs tell, the kernel answers from the profile.  But an instruction that the
 * model lacks must be #UD, and page tables have the model's reserved bits: so what TCG has and the model
 * has not is switched off.  AMD's SVM stays, the kernel performs VMX with it.
 */
#include <stdio.h>
#include <string.h>

#include <r33/array.h>
#include <r33/cpuid.h>

#include "qemu.h"

enum { EAX, EBX, ECX, EDX };

/* Features of "-cpu max" that make a difference to code, and where CPUID tells of them. */
static const struct feature {
	uint32_t leaf;
	uint8_t reg, bit;
	const char *name;
} features[] = {
	{ CPUID_FEATURES, ECX, 1, "pclmulqdq" },
	{ CPUID_FEATURES, ECX, 3, "monitor" },
	{ CPUID_FEATURES, ECX, 9, "ssse3" },
	{ CPUID_FEATURES, ECX, 12, "fma" },
	{ CPUID_FEATURES, ECX, 13, "cx16" },
	{ CPUID_FEATURES, ECX, 17, "pcid" },
	{ CPUID_FEATURES, ECX, 19, "sse4.1" },
	{ CPUID_FEATURES, ECX, 20, "sse4.2" },
	{ CPUID_FEATURES, ECX, 22, "movbe" },
	{ CPUID_FEATURES, ECX, 23, "popcnt" },
	{ CPUID_FEATURES, ECX, 25, "aes" },
	{ CPUID_FEATURES, ECX, 26, "xsave" },
	{ CPUID_FEATURES, ECX, 28, "avx" },
	{ CPUID_FEATURES, ECX, 29, "f16c" },
	{ CPUID_EXTENSIONS, EBX, 0, "fsgsbase" },
	{ CPUID_EXTENSIONS, EBX, 3, "bmi1" },
	{ CPUID_EXTENSIONS, EBX, 5, "avx2" },
	{ CPUID_EXTENSIONS, EBX, 7, "smep" },
	{ CPUID_EXTENSIONS, EBX, 8, "bmi2" },
	{ CPUID_EXTENSIONS, EBX, 10, "invpcid" },
	{ CPUID_EXTENSIONS, EBX, 19, "adx" },
	{ CPUID_EXTENSIONS, EBX, 20, "smap" },
	{ CPUID_EXTENSIONS, EBX, 23, "clflushopt" },
	{ CPUID_EXTENSIONS, EBX, 24, "clwb" },
	{ CPUID_EXTENSIONS, EBX, 29, "sha-ni" },
	{ CPUID_EXTENSIONS, ECX, 2, "umip" },
	{ CPUID_EXTENSIONS, ECX, 3, "pku" },
	{ CPUID_EXTENSIONS, ECX, 16, "la57" },
	{ CPUID_EXTENSIONS, ECX, 22, "rdpid" },
	{ CPUID_EXTENDED_FEATURES, ECX, 5, "abm" },
	{ CPUID_EXTENDED_FEATURES, ECX, 8, "3dnowprefetch" },
	{ CPUID_EXTENDED_FEATURES, EDX, 26, "pdpe1gb" },
	{ CPUID_EXTENDED_FEATURES, EDX, 27, "rdtscp" },
};

/* Two runs of one submission must not differ; and no processor of Intel has the others. */
static const char always_off[] = ",-rdrand,-rdseed,-3dnow,-3dnowext,-mmxext,-sse4a";

static bool
has(const struct caps *model, const struct feature *feature)
{
	int index = caps_leaf_index(feature->leaf, 0);

	return !model->leaf_known[index] ||
	       (model->leaves[index][feature->reg] >> feature->bit & 1);
}

static void
append(char option[ENGINE_CPU_BYTES], const char *format, const char *name)
{
	size_t used = strlen(option);

	snprintf(option + used, ENGINE_CPU_BYTES - used, format, name);
}

void
qemu_cpu_of_model(char option[ENGINE_CPU_BYTES], const struct caps *model)
{
	snprintf(option, ENGINE_CPU_BYTES, "max,vendor=GenuineIntel,phys-bits=%u%s",
	        (unsigned)model->capabilities.physical_address_width, always_off);
	for (size_t i = 0; i < COUNT(features); i++)
		if (!has(model, &features[i]))
			append(option, ",-%s", features[i].name);
}
