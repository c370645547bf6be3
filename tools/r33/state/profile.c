/* From a capability file to the kernel's module: see profile.h. */
#include "profile.h"

#include "rules/profile_file.h"

_Static_assert((int)CAPS_MSRS <= PROFILE_MAX_MSRS && (int)CAPS_LEAVES <= PROFILE_MAX_LEAVES,
        "the kernel takes whatever a capability file tells");

static unsigned
count_known(const bool *known, unsigned count)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += known[i];
	return sum;
}

static bool
write_bytes(FILE *out, const void *bytes, size_t size)
{
	return fwrite(bytes, size, 1, out) == 1;
}

bool
profile_write(FILE *out, const struct caps *caps)
{
	const struct profile_header header = {
		.magic = PROFILE_MAGIC,
		.version = PROFILE_VERSION,
		.msr_count = count_known(caps->msr_known, capability_msr_count),
		.leaf_count = count_known(caps->leaf_known, capability_leaf_count),
	};
	bool good = header.msr_count > 0 && header.leaf_count > 0 &&
	            write_bytes(out, &header, sizeof(header));

	for (unsigned i = 0; i < capability_msr_count; i++) {
		const struct profile_msr msr = { .number = capability_msrs[i],
			.value = caps->msrs[i] };

		if (good && caps->msr_known[i])
			good = write_bytes(out, &msr, sizeof(msr));
	}
	for (unsigned i = 0; i < capability_leaf_count; i++) {
		const uint32_t *registers = caps->leaves[i];
		const struct profile_leaf leaf = { capability_leaves[i].leaf,
			capability_leaves[i].subleaf,
			{ registers[0], registers[1], registers[2], registers[3] } };

		if (good && caps->leaf_known[i])
			good = write_bytes(out, &leaf, sizeof(leaf));
	}
	return good;
}
