/*
 * The YAML block of a test point, read by libyaml event by event and held against the table of
 * docs/record-stream.md.  Anchors, aliases and tags are refused, depth and size are bounded.
 */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <r33/array.h>

#include "base/util.h"
#include "stream.h"

enum value_kind { INTEGER, STRING, WORD, BOOLEAN, MAPPING, SEQUENCE_OF_MAPPINGS };

/* One key of a mapping; `keys` describes the mapping below it. */
struct key {
	const char *name;
	enum value_kind kind;
	bool required;
	const struct key *keys;
};

enum { SEQUENCE_LENGTH = 512 };

static const char *const outcomes[] = {
	"passed",
	"not-written",
	"entry-failed",
	"vmfail",
	"wrong-state",
	"guest-failed",
	"wrong-refusal",
	"missed-refusal",
	"twin-failed",
	"wrong-rule",
	"needless-change",
	"lab-fault",
	"lab-timeout",
	"lab-violation",
	"lab-garbage",
	"module-missing",
	"module-malformed",
	"harness",
};

static const struct key exit_keys[] = {
	{ .name = "reason", .kind = INTEGER, .required = true },
	{ .name = "name", .kind = STRING },
	{ .name = "entry_failure", .kind = BOOLEAN },
	{ .name = "qualification", .kind = STRING },
	{ .name = "rip", .kind = STRING },
	{ 0 },
};

static const struct key vm_instruction_error_keys[] = {
	{ .name = "number", .kind = INTEGER, .required = true },
	{ .name = "name", .kind = STRING },
	{ 0 },
};

static const struct key rule_keys[] = {
	{ .name = "id", .kind = STRING, .required = true },
	{ .name = "section", .kind = STRING },
	{ .name = "field", .kind = STRING },
	{ .name = "value", .kind = STRING },
	{ .name = "message", .kind = STRING },
	{ .name = "hint", .kind = STRING },
	{ 0 },
};

static const struct key observed_keys[] = {
	{ .name = "name", .kind = STRING, .required = true },
	{ .name = "by", .kind = STRING },
	{ .name = "expected", .kind = STRING },
	{ .name = "got", .kind = STRING },
	{ 0 },
};

static const struct key write_keys[] = {
	{ .name = "field", .kind = STRING, .required = true },
	{ .name = "value", .kind = STRING },
	{ .name = "rip", .kind = STRING },
	{ .name = "module", .kind = WORD },
	{ 0 },
};

static const struct key fault_keys[] = {
	{ .name = "vector", .kind = INTEGER },
	{ .name = "name", .kind = STRING },
	{ .name = "error_code", .kind = STRING },
	{ .name = "rip", .kind = STRING },
	{ .name = "address", .kind = STRING },
	{ .name = "instruction", .kind = STRING },
	{ .name = "module", .kind = WORD },
	{ 0 },
};

static const struct key violation_keys[] = {
	{ .name = "instruction", .kind = STRING },
	{ .name = "message", .kind = STRING },
	{ .name = "rip", .kind = STRING },
	{ .name = "field", .kind = STRING },
	{ .name = "value", .kind = STRING },
	{ .name = "module", .kind = WORD },
	{ 0 },
};

static const struct key block_keys[] = {
	{ .name = "lab", .kind = INTEGER, .required = true },
	{ .name = "case", .kind = STRING, .required = true },
	{ .name = "points", .kind = INTEGER, .required = true },
	{ .name = "earned", .kind = INTEGER },
	{ .name = "outcome", .kind = WORD, .required = true },
	{ .name = "fields", .kind = STRING },
	{ .name = "message", .kind = STRING },
	{ .name = "wish", .kind = STRING },
	{ .name = "expected", .kind = STRING },
	{ .name = "hint", .kind = STRING },
	{ .name = "exit", .kind = MAPPING, .keys = exit_keys },
	{ .name = "vm_instruction_error", .kind = MAPPING, .keys = vm_instruction_error_keys },
	{ .name = "rules", .kind = SEQUENCE_OF_MAPPINGS, .keys = rule_keys },
	{ .name = "observed", .kind = SEQUENCE_OF_MAPPINGS, .keys = observed_keys },
	{ .name = "writes", .kind = SEQUENCE_OF_MAPPINGS, .keys = write_keys },
	{ .name = "fault", .kind = MAPPING, .keys = fault_keys },
	{ .name = "violations", .kind = SEQUENCE_OF_MAPPINGS, .keys = violation_keys },
	{ .name = "violation_count", .kind = INTEGER },
	{ .name = "output", .kind = STRING },
	{ .name = "output_truncated", .kind = BOOLEAN },
	{ 0 },
};

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;
	const char *problem;
};

/* The word itself in static storage if it is an outcome, else NULL. */
const char *
stream_outcome(const char *word)
{
	for (size_t i = 0; word && i < COUNT(outcomes); i++) {
		if (strcmp(word, outcomes[i]) == 0)
			return outcomes[i];
	}
	return NULL;
}

/* Remember the first problem; NULL, so that callers can return it. */
static json_t *
refuse(struct reader *reader, const char *problem)
{
	if (!reader->problem)
		reader->problem = problem;
	return NULL;
}

/* The next event; false when there is none or it is one that no block needs. */
static bool
next(struct reader *reader)
{
	yaml_event_t *event = &reader->event;

	yaml_event_delete(event);
	if (!yaml_parser_parse(&reader->parser, event)) {
		refuse(reader, "a block that is not YAML");
		return false;
	}
	if (event->type == YAML_ALIAS_EVENT ||
	        (event->type == YAML_SCALAR_EVENT &&
	                (event->data.scalar.anchor || event->data.scalar.tag)) ||
	        (event->type == YAML_MAPPING_START_EVENT &&
	                (event->data.mapping_start.anchor || event->data.mapping_start.tag)) ||
	        (event->type == YAML_SEQUENCE_START_EVENT &&
	                (event->data.sequence_start.anchor || event->data.sequence_start.tag))) {
		refuse(reader, "a block with YAML anchors, aliases or tags");
		return false;
	}
	return true;
}

/* A string for the reports; U+FFFD replaces NUL, so that it stays one string in C. */
static json_t *
text_value(const char *bytes, size_t length)
{
	static const char replacement[] = "\xef\xbf\xbd";
	char *text = allocate(length * 3 + 1, 1);
	size_t used = 0;
	json_t *value;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != '\0') {
			text[used++] = bytes[i];
			continue;
		}
		memcpy(text + used, replacement, 3);
		used += 3;
	}
	value = text_json(text);
	free(text);
	return value;
}

/* The scalar at hand as a value of this kind. */
static json_t *
scalar_value(struct reader *reader, enum value_kind kind)
{
	const char *text = (const char *)reader->event.data.scalar.value;
	size_t length = reader->event.data.scalar.length;
	bool plain = reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	long number;

	switch (kind) {
	case INTEGER:
		if (plain && parse_number(text, 0, 999999999, &number))
			return json_integer(number);
		return refuse(reader, "a block with an invalid number");
	case BOOLEAN:
		if (plain && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
			return json_boolean(text[0] == 't');
		return refuse(reader, "a block with something other than true or false");
	case WORD:
		if (length > 0 && length < 64 &&
		        strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length)
			return json_stringn(text, length);
		return refuse(reader, "a block with an unknown word");
	case STRING: return text_value(text, length);
	default: return refuse(reader, "a block with a scalar where a list or a mapping belongs");
	}
}

static json_t *mapping_value(struct reader *reader, const struct key *keys);

/* The sequence whose start is at hand. */
static json_t *
sequence_value(struct reader *reader, const struct key *keys)
{
	json_t *sequence = json_array();
	json_t *item = NULL;

	while (next(reader) && reader->event.type == YAML_MAPPING_START_EVENT &&
	        json_array_size(sequence) < SEQUENCE_LENGTH) {
		item = mapping_value(reader, keys);
		if (!item || json_array_append_new(sequence, item) != 0)
			break;
	}
	if (!reader->problem && reader->event.type == YAML_SEQUENCE_END_EVENT)
		return sequence;
	json_decref(sequence);
	return refuse(reader, "a block with a list that is too long or not of mappings");
}

/* The value of this key; its first event is at hand. */
static json_t *
key_value(struct reader *reader, const struct key *key)
{
	yaml_event_type_t type = reader->event.type;

	if (type == YAML_SCALAR_EVENT)
		return scalar_value(reader, key->kind);
	if (type == YAML_MAPPING_START_EVENT && key->kind == MAPPING)
		return mapping_value(reader, key->keys);
	if (type == YAML_SEQUENCE_START_EVENT && key->kind == SEQUENCE_OF_MAPPINGS)
		return sequence_value(reader, key->keys);
	return refuse(reader, "a block with the wrong structure");
}

/* Find the key whose name is at hand. */
static const struct key *
find_key(struct reader *reader, const struct key *keys)
{
	if (reader->event.type != YAML_SCALAR_EVENT)
		return NULL;
	for (; keys->name; keys++) {
		if (strcmp((const char *)reader->event.data.scalar.value, keys->name) == 0)
			return keys;
	}
	return NULL;
}

/* Is every required key there? */
static bool
is_complete(const json_t *mapping, const struct key *keys)
{
	for (; keys->name; keys++) {
		if (keys->required && !json_object_get(mapping, keys->name))
			return false;
	}
	return true;
}

/* The mapping whose start is at hand.  Depth is bounded, for the tables do not recur. */
static json_t *
mapping_value(struct reader *reader, const struct key *keys)
{
	json_t *mapping = json_object();
	const struct key *key;
	json_t *value;

	while (next(reader) && reader->event.type != YAML_MAPPING_END_EVENT) {
		key = find_key(reader, keys);
		if (!key || json_object_get(mapping, key->name)) {
			refuse(reader, "a block with an unknown or duplicate key");
			break;
		}
		if (!next(reader))
			break;
		value = key_value(reader, key);
		if (!value || json_object_set_new(mapping, key->name, value) != 0)
			break;
	}
	if (!reader->problem && is_complete(mapping, keys))
		return mapping;
	json_decref(mapping);
	return refuse(reader, "a block without a required key");
}

/* One document with one mapping, and nothing after it. */
static json_t *
document_value(struct reader *reader)
{
	json_t *block = NULL;

	if (next(reader) && reader->event.type == YAML_STREAM_START_EVENT && next(reader) &&
	        reader->event.type == YAML_DOCUMENT_START_EVENT && next(reader) &&
	        reader->event.type == YAML_MAPPING_START_EVENT)
		block = mapping_value(reader, block_keys);
	if (block && next(reader) && reader->event.type == YAML_DOCUMENT_END_EVENT &&
	        next(reader) && reader->event.type == YAML_STREAM_END_EVENT)
		return block;
	json_decref(block);
	return refuse(reader, "a block that is not one mapping");
}

/* A block as a JSON object, or NULL and the problem. */
json_t *
stream_block_parse(const char *block, size_t length, const char **problem)
{
	struct reader reader = { 0 };
	json_t *result;

	if (!yaml_parser_initialize(&reader.parser)) {
		*problem = "out of memory";
		return NULL;
	}
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)block, length);
	result = document_value(&reader);
	if (result && !stream_outcome(object_string(result, "outcome"))) {
		refuse(&reader, "a block with an unknown outcome");
		json_decref(result);
		result = NULL;
	}
	*problem = reader.problem;
	yaml_event_delete(&reader.event);
	yaml_parser_delete(&reader.parser);
	return result;
}
