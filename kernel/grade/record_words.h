/*
 * The words of the record stream, each written once: the outcomes, the keys of a test point's YAML
 * block, the letters of `fields`.  kernel/grade/result.c writes them, r33 reads them
 * (tools/r33/stream/block.c), docs/record-stream.md says what they mean, in the same order;
 * tests/unit/record_words_test.c holds page, kernel and reader against each other.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One word a line. */
/* clang-format off */

/* X(name, word) */
#define RECORD_OUTCOMES(X) \
	X(PASSED, "passed") \
	X(NOT_WRITTEN, "not-written") \
	X(ENTRY_FAILED, "entry-failed") \
	X(VMFAIL, "vmfail") \
	X(WRONG_STATE, "wrong-state") \
	X(GUEST_FAILED, "guest-failed") \
	X(WRONG_REFUSAL, "wrong-refusal") \
	X(MISSED_REFUSAL, "missed-refusal") \
	X(TWIN_FAILED, "twin-failed") \
	X(WRONG_RULE, "wrong-rule") \
	X(NEEDLESS_CHANGE, "needless-change") \
	X(LAB_FAULT, "lab-fault") \
	X(LAB_TIMEOUT, "lab-timeout") \
	X(LAB_VIOLATION, "lab-violation") \
	X(LAB_GARBAGE, "lab-garbage") \
	X(MODULE_MISSING, "module-missing") \
	X(MODULE_MALFORMED, "module-malformed") \
	X(HARNESS, "harness")

/*
 * X(name, parent, word, kind, required).  The parent is the key whose value the mapping is, or the
 * items of whose sequence it is; its keys follow it, and the first of them begins an item.
 */
#define RECORD_KEYS(X) \
	X(LAB, BLOCK, "lab", INTEGER, true) \
	X(CASE, BLOCK, "case", STRING, true) \
	X(POINTS, BLOCK, "points", INTEGER, true) \
	X(EARNED, BLOCK, "earned", INTEGER, false) \
	X(OUTCOME, BLOCK, "outcome", WORD, true) \
	X(FIELDS, BLOCK, "fields", STRING, false) \
	X(MESSAGE, BLOCK, "message", STRING, false) \
	X(EXPECTED, BLOCK, "expected", STRING, false) \
	X(WISH, BLOCK, "wish", STRING, false) \
	X(HINT, BLOCK, "hint", STRING, false) \
	X(ENGINE_NOTE, BLOCK, "engine_note", STRING, false) \
	X(EXIT, BLOCK, "exit", MAPPING, false) \
	X(EXIT_REASON, EXIT, "reason", INTEGER, true) \
	X(EXIT_NAME, EXIT, "name", STRING, false) \
	X(EXIT_ENTRY_FAILURE, EXIT, "entry_failure", BOOLEAN, false) \
	X(EXIT_QUALIFICATION, EXIT, "qualification", STRING, false) \
	X(EXIT_RIP, EXIT, "rip", STRING, false) \
	X(INSTRUCTION_ERROR, BLOCK, "vm_instruction_error", MAPPING, false) \
	X(INSTRUCTION_ERROR_NUMBER, INSTRUCTION_ERROR, "number", INTEGER, true) \
	X(INSTRUCTION_ERROR_NAME, INSTRUCTION_ERROR, "name", STRING, false) \
	X(RULES, BLOCK, "rules", SEQUENCE, false) \
	X(RULE_ID, RULES, "id", STRING, true) \
	X(RULE_SECTION, RULES, "section", STRING, false) \
	X(RULE_FIELD, RULES, "field", STRING, false) \
	X(RULE_VALUE, RULES, "value", STRING, false) \
	X(RULE_MESSAGE, RULES, "message", STRING, false) \
	X(RULE_HINT, RULES, "hint", STRING, false) \
	X(OBSERVED, BLOCK, "observed", SEQUENCE, false) \
	X(OBSERVED_NAME, OBSERVED, "name", STRING, true) \
	X(OBSERVED_BY, OBSERVED, "by", STRING, false) \
	X(OBSERVED_EXPECTED, OBSERVED, "expected", STRING, false) \
	X(OBSERVED_GOT, OBSERVED, "got", STRING, false) \
	X(WRITES, BLOCK, "writes", SEQUENCE, false) \
	X(WRITE_FIELD, WRITES, "field", STRING, true) \
	X(WRITE_VALUE, WRITES, "value", STRING, false) \
	X(WRITE_RIP, WRITES, "rip", STRING, false) \
	X(WRITE_MODULE, WRITES, "module", WORD, false) \
	X(FAULT, BLOCK, "fault", MAPPING, false) \
	X(FAULT_VECTOR, FAULT, "vector", INTEGER, false) \
	X(FAULT_NAME, FAULT, "name", STRING, false) \
	X(FAULT_ERROR_CODE, FAULT, "error_code", STRING, false) \
	X(FAULT_RIP, FAULT, "rip", STRING, false) \
	X(FAULT_ADDRESS, FAULT, "address", STRING, false) \
	X(FAULT_INSTRUCTION, FAULT, "instruction", STRING, false) \
	X(FAULT_MODULE, FAULT, "module", WORD, false) \
	X(VIOLATIONS, BLOCK, "violations", SEQUENCE, false) \
	X(VIOLATION_INSTRUCTION, VIOLATIONS, "instruction", STRING, false) \
	X(VIOLATION_MESSAGE, VIOLATIONS, "message", STRING, false) \
	X(VIOLATION_RIP, VIOLATIONS, "rip", STRING, false) \
	X(VIOLATION_FIELD, VIOLATIONS, "field", STRING, false) \
	X(VIOLATION_VALUE, VIOLATIONS, "value", STRING, false) \
	X(VIOLATION_MODULE, VIOLATIONS, "module", WORD, false) \
	X(VIOLATION_COUNT, BLOCK, "violation_count", INTEGER, false) \
	X(OUTPUT, BLOCK, "output", STRING, false) \
	X(OUTPUT_TRUNCATED, BLOCK, "output_truncated", BOOLEAN, false)

/* X(name, letter in the stream, word in the JSON report) */
#define RECORD_FIELD_STATES(X) \
	X(RIGHT, 'r', "right") \
	X(WRONG, 'w', "wrong") \
	X(UNTOUCHED, 'u', "untouched") \
	X(NO_MATTER, '-', "no-matter")

enum case_outcome {
#define OUTCOME(name, word) OUTCOME_##name,
	RECORD_OUTCOMES(OUTCOME)
#undef OUTCOME
	OUTCOME_COUNT
};

static const char *const outcome_words[OUTCOME_COUNT] = {
#define OUTCOME(name, word) [OUTCOME_##name] = word,
	RECORD_OUTCOMES(OUTCOME)
#undef OUTCOME
};

/* What the value of a key is. */
enum record_kind {
	RECORD_INTEGER,
	RECORD_STRING,
	RECORD_WORD,
	RECORD_BOOLEAN,
	RECORD_MAPPING,
	RECORD_SEQUENCE, /* of mappings */
};

enum record_key {
	KEY_BLOCK, /* no key: the block itself */
#define KEY(name, parent, word, kind, required) KEY_##name,
	RECORD_KEYS(KEY)
#undef KEY
	KEY_COUNT
};

static const struct record_key_entry {
	const char *word;
	uint8_t parent; /* enum record_key */
	uint8_t kind;   /* enum record_kind */
	bool required;
} record_keys[KEY_COUNT] = {
	[KEY_BLOCK] = { "", KEY_BLOCK, RECORD_MAPPING, true },
#define KEY(name, parent, word, kind, required) \
	[KEY_##name] = { word, KEY_##parent, RECORD_##kind, required },
	RECORD_KEYS(KEY)
#undef KEY
};

/* What became of a field of the graded part; the values are the letters. */
enum field_state {
#define STATE(name, letter, word) FIELD_##name = letter,
	RECORD_FIELD_STATES(STATE)
#undef STATE
};

/* clang-format on */
