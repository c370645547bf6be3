/* Fuzz kernel/vmx/profile.c: whatever it accepts is as long as its counts say, and tells all it has. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "rules/profile_file.h"
#include "vmx/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Random bytes hardly ever begin a profile: every second input gets magic and version. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct profile_header header = { PROFILE_MAGIC, PROFILE_VERSION, 0, 0, 0 };
	uint8_t *copy = malloc(size ? size : 1);
	uint32_t registers[4];
	uint64_t value;

	memcpy(copy, data, size);
	if (size >= sizeof(header) && (data[size - 1] & 1)) {
		header.msr_count = data[0] % 4;
		header.leaf_count = data[1] % 4;
		memcpy(copy, &header, sizeof(header));
	}
	if (!profile_read(copy, size)) {
		memcpy(&header, copy, sizeof(header));
		assert(size == sizeof(header) + header.msr_count * sizeof(struct profile_msr) +
		                       header.leaf_count * sizeof(struct profile_leaf));
		memcpy(registers, copy + sizeof(header), sizeof(registers));
		assert(profile_present() && profile_read_msr(registers[0], &value));
	} else {
		assert(!profile_present());
	}
	profile_cpuid(1, 0, registers);
	free(copy);
	return 0;
}
