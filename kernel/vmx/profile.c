/* The capability profile, from its module.  Its bytes come from outside: every length is checked. */
#include "vmx/profile.h"

#include "lib/string.h"
#include "rules/profile_file.h"

#define MALFORMED_PROFILE \
	"the module \"profile\" is malformed: let r33 make it, and take r33 and the kernel from " \
	"the same build"

static struct profile_header header; /* all zero: there is no profile */
static struct profile_msr msrs[PROFILE_MAX_MSRS];
static struct profile_leaf leaves[PROFILE_MAX_LEAVES];

static bool
header_is_good(const struct profile_header *file, size_t size)
{
	return memcmp(file->magic, PROFILE_MAGIC, sizeof(file->magic)) == 0 &&
	       file->version == PROFILE_VERSION && file->reserved == 0 && file->msr_count > 0 &&
	       file->msr_count <= PROFILE_MAX_MSRS && file->leaf_count > 0 &&
	       file->leaf_count <= PROFILE_MAX_LEAVES &&
	       size == sizeof(*file) + file->msr_count * sizeof(*msrs) +
	                       file->leaf_count * sizeof(*leaves);
}

const char *
profile_read(const uint8_t *bytes, size_t size)
{
	struct profile_header file;
	const uint8_t *after_msrs;

	memset(&header, 0, sizeof(header));
	if (size < sizeof(file))
		return MALFORMED_PROFILE;
	memcpy(&file, bytes, sizeof(file));
	if (!header_is_good(&file, size))
		return MALFORMED_PROFILE;
	after_msrs = bytes + sizeof(file) + file.msr_count * sizeof(*msrs);
	memcpy(msrs, bytes + sizeof(file), file.msr_count * sizeof(*msrs));
	memcpy(leaves, after_msrs, file.leaf_count * sizeof(*leaves));
	header = file;
	return NULL;
}

const char *
profile_load(const struct boot_information *boot)
{
	const struct boot_module *found = NULL;

	for (size_t i = 0; i < boot->module_count; i++) {
		const struct boot_module *module = &boot->modules[i];

		if (strcmp(module->command_line, PROFILE_MODULE) != 0)
			continue;
		if (found)
			return "there are two boot modules \"profile\"";
		found = module;
	}
	return found ? profile_read((const uint8_t *)found->start, found->size_bytes) : NULL;
}

bool
profile_present(void)
{
	return header.msr_count > 0;
}

bool
profile_read_msr(uint32_t msr, uint64_t *value)
{
	for (uint32_t i = 0; i < header.msr_count; i++) {
		if (msrs[i].number != msr)
			continue;
		*value = msrs[i].value;
		return true;
	}
	return false;
}

bool
profile_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
	for (uint32_t i = 0; i < header.leaf_count; i++) {
		if (leaves[i].leaf != leaf || leaves[i].subleaf != subleaf)
			continue;
		memcpy(registers, leaves[i].registers, sizeof(leaves[i].registers));
		return true;
	}
	return false;
}
