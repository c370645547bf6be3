/*
 * The YAML block of a test point, read by libyaml event by event and held against the table of
 * kernel/grade/record_words.h.  Anchors, aliases and tags are refused, depth and size are bounded.
 */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <r33/array.h>

#include "base/util.h"
#include "stream.h"

enum { SEQUENCE_LENGTH = 512 };

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;
	const char *problem;
};

const char *
stream_outcome(const char *word)
{
	for (size_t i = 0; word && i < COUNT(outcome_words); i++) {
		if (strcmp(word, outcome_words[i]) == 0)
			return outcome_words[i];
	}
	return NULL;
}

bool
case_has_outcome(const struct reported_case *result, enum case_outcome outcome)
{
	return result->outcome && strcmp(result->outcome, outcome_words[outcome]) == 0;
}

json_t *
block_member(const json_t *mapping, enum record_key key)
{
	return json_object_get(mapping, record_keys[key].word);
}

const char *
block_string(const json_t *mapping, enum record_key key)
{
	return json_string_value(block_member(mapping, key));
}

json_int_t
block_integer(const json_t *mapping, enum record_key key)
{
	return json_integer_value(block_member(mapping, key));
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
scalar_value(struct reader *reader, enum record_kind kind)
{
	const char *text = (const char *)reader->event.data.scalar.value;
	size_t length = reader->event.data.scalar.length;
	bool plain = reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	long number;

	switch (kind) {
	case RECORD_INTEGER:
		if (plain && parse_number(text, 0, 999999999, &number))
			return json_integer(number);
		return refuse(reader, "a block with an invalid number");
	case RECORD_BOOLEAN:
		if (plain && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
			return json_boolean(text[0] == 't');
		return refuse(reader, "a block with something other than true or false");
	case RECORD_WORD:
		if (length > 0 && length < 64 &&
		        strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length)
			return json_stringn(text, length);
		return refuse(reader, "a block with an unknown word");
	case RECORD_STRING: return text_value(text, length);
	default: return refuse(reader, "a block with a scalar where a list or a mapping belongs");
	}
}

static json_t *mapping_value(struct reader *reader, enum record_key parent);

/* The sequence whose start is at hand. */
static json_t *
sequence_value(struct reader *reader, enum record_key key)
{
	json_t *sequence = json_array();
	json_t *item = NULL;

	while (next(reader) && reader->event.type == YAML_MAPPING_START_EVENT &&
	        json_array_size(sequence) < SEQUENCE_LENGTH) {
		item = mapping_value(reader, key);
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
key_value(struct reader *reader, enum record_key key)
{
	enum record_kind kind = record_keys[key].kind;
	yaml_event_type_t type = reader->event.type;

	if (type == YAML_SCALAR_EVENT)
		return scalar_value(reader, kind);
	if (type == YAML_MAPPING_START_EVENT && kind == RECORD_MAPPING)
		return mapping_value(reader, key);
	if (type == YAML_SEQUENCE_START_EVENT && kind == RECORD_SEQUENCE)
		return sequence_value(reader, key);
	return refuse(reader, "a block with the wrong structure");
}

/* The key of that mapping whose word is at hand; KEY_BLOCK, which is none, if there is no such key. */
static enum record_key
find_key(struct reader *reader, enum record_key parent)
{
	if (reader->event.type != YAML_SCALAR_EVENT)
		return KEY_BLOCK;
	for (enum record_key key = KEY_BLOCK + 1; key < KEY_COUNT; key++) {
		if (record_keys[key].parent == parent &&
		        strcmp((const char *)reader->event.data.scalar.value,
		                record_keys[key].word) == 0)
			return key;
	}
	return KEY_BLOCK;
}

/* Is every required key there? */
static bool
is_complete(const json_t *mapping, enum record_key parent)
{
	for (enum record_key key = KEY_BLOCK + 1; key < KEY_COUNT; key++) {
		if (record_keys[key].parent == parent && record_keys[key].required &&
		        !block_member(mapping, key))
			return false;
	}
	return true;
}

/* The mapping whose start is at hand.  Depth is bounded, for no key is below itself. */
static json_t *
mapping_value(struct reader *reader, enum record_key parent)
{
	json_t *mapping = json_object();
	enum record_key key;
	json_t *value;

	while (next(reader) && reader->event.type != YAML_MAPPING_END_EVENT) {
		key = find_key(reader, parent);
		if (key == KEY_BLOCK || block_member(mapping, key)) {
			refuse(reader, "a block with an unknown or duplicate key");
			break;
		}
		if (!next(reader))
			break;
		value = key_value(reader, key);
		if (!value || json_object_set_new(mapping, record_keys[key].word, value) != 0)
			break;
	}
	if (!reader->problem && is_complete(mapping, parent))
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
		block = mapping_value(reader, KEY_BLOCK);
	if (block && next(reader) && reader->event.type == YAML_DOCUMENT_END_EVENT &&
	        next(reader) && reader->event.type == YAML_STREAM_END_EVENT)
		return block;
	json_decref(block);
	return refuse(reader, "a block that is not one mapping");
}

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
	if (result && !stream_outcome(block_string(result, KEY_OUTCOME))) {
		refuse(&reader, "a block with an unknown outcome");
		json_decref(result);
		result = NULL;
	}
	*problem = reader.problem;
	yaml_event_delete(&reader.event);
	yaml_parser_delete(&reader.parser);
	return result;
}
