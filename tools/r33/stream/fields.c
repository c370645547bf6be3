/* The fields of the graded part: "# fields NAME…", and the letters of the blocks after it. */
#include "fields.h"

#include <string.h>

#include <r33/array.h>

#include "base/util.h"
#include "events.h"

static const struct {
	char letter;
	const char *word;
} states[] = {
#define STATE(name, letter, word) { letter, word },
	RECORD_FIELD_STATES(STATE)
#undef STATE
};

/* The word for a letter, or NULL. */
static const char *
state_word(char letter)
{
	for (size_t i = 0; i < COUNT(states); i++) {
		if (states[i].letter == letter)
			return states[i].word;
	}
	return NULL;
}

/* Is the name already in the list? */
static bool
is_listed(const json_t *names, const char *name, size_t length)
{
	size_t i;
	json_t *item;

	json_array_foreach(names, i, item)
	{
		if (json_string_length(item) == length &&
		        memcmp(json_string_value(item), name, length) == 0)
			return true;
	}
	return false;
}

/* " NAME NAME…": what the letters of the next blocks mean. */
void
stream_take_fields(struct stream *stream, char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	json_t *names = json_array();

	while (*text == ' ') {
		char *name = text + 1;
		size_t length = strspn(name, letters);

		if (length == 0 || length > STREAM_NAME_BYTES ||
		        json_array_size(names) == STREAM_FIELDS || is_listed(names, name, length))
			break;
		json_array_append_new(names, json_stringn(name, length));
		text = name + length;
	}
	if (*text || json_array_size(names) == 0)
		stream_malformed(
		        stream, "'# fields' with too many, no, duplicate or invalid names");
	json_decref(stream->fields);
	stream->fields = names;
}

const char *
stream_name_fields(const struct stream *stream, json_t *details)
{
	const char *letters = block_string(details, KEY_FIELDS);
	json_t *words;

	if (!letters)
		return NULL;
	if (!stream->fields || strlen(letters) != json_array_size(stream->fields))
		return "'fields' does not have the length of the line '# fields'";
	words = json_object();
	for (size_t i = 0; letters[i]; i++) {
		const char *word = state_word(letters[i]);

		if (!word) {
			json_decref(words);
			return "'fields' with an unknown letter";
		}
		json_object_set_new(words, json_string_value(json_array_get(stream->fields, i)),
		        json_string(word));
	}
	json_object_set_new(details, record_keys[KEY_FIELDS].word, words);
	return NULL;
}
