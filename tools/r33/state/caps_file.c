/*
 * The text of capability files: docs/caps-format.md.
 *
 * A line is "NAME = 0x…" or "MSR[0x480] = 0x…", or "CPUID[LEAF,SUBLEAF] = EAX EBX ECX EDX".  What is
 * not needed is skipped if it has the right form; everything else is refused with its line.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/msr.h>

#include "base/cursor.h"
#include "base/util.h"
#include "caps.h"

static const char header[] = "# reason33 capabilities 1";

#define MSR(name) { name, #name }
static const struct {
	uint32_t number;
	const char *name;
} msr_names[] = {
	MSR(IA32_APIC_BASE),
	MSR(IA32_VMX_BASIC),
	MSR(IA32_VMX_PINBASED_CTLS),
	MSR(IA32_VMX_PROCBASED_CTLS),
	MSR(IA32_VMX_EXIT_CTLS),
	MSR(IA32_VMX_ENTRY_CTLS),
	MSR(IA32_VMX_MISC),
	MSR(IA32_VMX_CR0_FIXED0),
	MSR(IA32_VMX_CR0_FIXED1),
	MSR(IA32_VMX_CR4_FIXED0),
	MSR(IA32_VMX_CR4_FIXED1),
	MSR(IA32_VMX_VMCS_ENUM),
	MSR(IA32_VMX_PROCBASED_CTLS2),
	MSR(IA32_VMX_PROCBASED_CTLS3),
	MSR(IA32_VMX_EPT_VPID_CAP),
	MSR(IA32_VMX_TRUE_PINBASED_CTLS),
	MSR(IA32_VMX_TRUE_PROCBASED_CTLS),
	MSR(IA32_VMX_TRUE_EXIT_CTLS),
	MSR(IA32_VMX_TRUE_ENTRY_CTLS),
};

/* Take a word of capital letters, digits and "_". */
static struct cursor
take_word(struct cursor *rest)
{
	struct cursor word = *rest;

	while (rest->at < rest->end &&
	        ((*rest->at >= 'A' && *rest->at <= 'Z') || *rest->at == '_' ||
	                (*rest->at >= '0' && *rest->at <= '9')))
		rest->at++;
	word.end = rest->at;
	return word;
}

static bool
word_is(const struct cursor *word, const char *text)
{
	return cursor_length(word) == strlen(text) && memcmp(word->at, text, strlen(text)) == 0;
}

static bool
msr_by_name(const struct cursor *word, uint32_t *number)
{
	for (size_t i = 0; i < COUNT(msr_names); i++) {
		if (!word_is(word, msr_names[i].name))
			continue;
		*number = msr_names[i].number;
		return true;
	}
	return false;
}

/* "= 0x…" of an MSR.  NULL or what is wrong. */
static const char *
take_msr(struct caps *caps, struct cursor *rest, uint32_t number)
{
	int index = caps_msr_index(number);
	struct cursor_number value;

	if (!cursor_sign(rest, '=') || !cursor_number(rest, UINT64_MAX, &value))
		return "expected '= 0x…', a number of at most 64 bits, after an MSR";
	if (index < 0)
		return NULL;
	if (caps->msr_known[index] && caps->msrs[index] != value.value)
		return "the MSR has a different value on an earlier line";
	caps->msr_known[index] = true;
	caps->msrs[index] = value.value;
	return NULL;
}

/* "[LEAF,SUBLEAF] = EAX EBX ECX EDX". */
static const char *
take_leaf(struct caps *caps, struct cursor *rest)
{
	struct cursor_number leaf, subleaf, value;
	uint32_t registers[4];
	int index;

	if (!cursor_sign(rest, '[') || !cursor_number(rest, UINT32_MAX, &leaf) ||
	        !cursor_sign(rest, ',') || !cursor_number(rest, UINT32_MAX, &subleaf) ||
	        !cursor_sign(rest, ']') || !cursor_sign(rest, '='))
		return "expected '[LEAF,SUBLEAF] =' after CPUID";
	for (int i = 0; i < 4; i++) {
		if (!cursor_number(rest, UINT32_MAX, &value))
			return "expected four values of at most 32 bits after CPUID: EAX EBX ECX "
			       "EDX";
		if (i < 3 && (rest->at == rest->end || !is_blank(*rest->at)))
			return "expected four values of at most 32 bits after CPUID: EAX EBX ECX "
			       "EDX";
		registers[i] = (uint32_t)value.value;
	}
	index = caps_leaf_index((uint32_t)leaf.value, (uint32_t)subleaf.value);
	if (index < 0)
		return NULL;
	if (caps->leaf_known[index] &&
	        memcmp(caps->leaves[index], registers, sizeof(registers)) != 0)
		return "the leaf has different values on an earlier line";
	caps->leaf_known[index] = true;
	memcpy(caps->leaves[index], registers, sizeof(registers));
	return NULL;
}

/* A line without its comment.  NULL or what is wrong. */
static const char *
take_line(struct caps *caps, struct cursor rest)
{
	const char *problem = "expected 'NAME = 0x…', 'MSR[0x…] = 0x…' or "
	                      "'CPUID[LEAF,SUBLEAF] = EAX EBX ECX EDX'";
	struct cursor word;
	struct cursor_number value;
	uint32_t number;

	cursor_skip_blanks(&rest);
	if (rest.at == rest.end)
		return NULL;
	word = take_word(&rest);
	if (word_is(&word, "CPUID")) {
		problem = take_leaf(caps, &rest);
	} else if (word_is(&word, "MSR")) {
		if (cursor_sign(&rest, '[') && cursor_number(&rest, UINT32_MAX, &value) &&
		        cursor_sign(&rest, ']'))
			problem = take_msr(caps, &rest, (uint32_t)value.value);
	} else if (msr_by_name(&word, &number)) {
		problem = take_msr(caps, &rest, number);
	}
	cursor_skip_blanks(&rest);
	if (!problem && rest.at < rest.end)
		problem = "unexpected text after the value";
	return problem;
}

char *
caps_read(struct caps *caps, const char *bytes, size_t size)
{
	int number = 1;
	char *problem = NULL;

	caps_of_any_processor(caps);
	if (size > CAPS_FILE_LIMIT)
		return copy_string("it is too large for a capability file");
	if (size < strlen(header) || memcmp(bytes, header, strlen(header)) != 0)
		return new_string(
		        "it is not a capability file: the first line is not '%s'", header);
	for (size_t at = 0; at < size && !problem; number++) {
		const char *newline = memchr(bytes + at, '\n', size - at);
		size_t length = newline ? (size_t)(newline - (bytes + at)) : size - at;
		const char *comment = memchr(bytes + at, '#', length);
		const struct cursor line = { bytes + at, comment ? comment : bytes + at + length };
		const char *wrong = take_line(caps, line);

		if (wrong)
			problem = new_string("line %d: %s", number, wrong);
		at += length + 1;
	}
	if (!problem)
		problem = caps_derive(caps);
	if (problem)
		caps_of_any_processor(caps);
	return problem;
}

/* The name of an MSR, or NULL. */
static const char *
msr_name(uint32_t number)
{
	for (size_t i = 0; i < COUNT(msr_names); i++) {
		if (msr_names[i].number == number)
			return msr_names[i].name;
	}
	return NULL;
}

void
caps_write(FILE *out, const struct capability_source *source)
{
	fprintf(out, "%s\n", header);
	for (unsigned i = 0; i < capability_msr_count; i++) {
		const char *name = msr_name(capability_msrs[i]);
		uint64_t value;

		if (!source->read_msr(source->context, capability_msrs[i], &value))
			continue;
		if (name)
			fprintf(out, "%s = 0x%" PRIx64 "\n", name, value);
		else
			fprintf(out, "MSR[0x%" PRIx32 "] = 0x%" PRIx64 "\n", capability_msrs[i],
			        value);
	}
	for (unsigned i = 0; i < capability_leaf_count; i++) {
		uint32_t registers[4];

		source->cpuid(source->context, capability_leaves[i].leaf,
		        capability_leaves[i].subleaf, registers);
		fprintf(out,
		        "CPUID[0x%" PRIx32 ",%" PRIu32 "] = 0x%08" PRIx32 " 0x%08" PRIx32
		        " 0x%08" PRIx32 " 0x%08" PRIx32 "\n",
		        capability_leaves[i].leaf, capability_leaves[i].subleaf, registers[0],
		        registers[1], registers[2], registers[3]);
	}
}
