/* The words of the record stream: the page documents each of them, r33 reads what the kernel writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dev/serial.h"
#include "dev/timer.h"
#include "grade/record.h"
#include "stream/stream.h"

#define PAGE "docs/record-stream.md"

enum { BLOCK_BYTES = 16 * 1024, CELLS = 4, CELL_BYTES = 100 };

/* COM2. */
static char block[BLOCK_BYTES];
static size_t block_length;

void
serial_write(enum serial_port port, const char *bytes, size_t size)
{
	assert_int_equal(port, SERIAL_RECORDS);
	assert_in_range(block_length + size, 0, sizeof(block));
	memcpy(block + block_length, bytes, size);
	block_length += size;
}

void
serial_drain(void)
{
}

uint64_t
timer_tsc_per_tick(void)
{
	return 1;
}

/* The page, after the heading of one of its tables. */
static FILE *
open_table(const char *heading)
{
	FILE *page = fopen(PAGE, "r");
	char line[1000];

	assert_non_null(page);
	while (fgets(line, sizeof(line), page)) {
		if (strncmp(line, heading, strlen(heading)) != 0)
			continue;
		assert_non_null(fgets(line, sizeof(line), page));
		return page;
	}
	fail_msg("%s has no table '%s'", PAGE, heading);
	return NULL;
}

/* The first cells of the next row, without blanks and backquotes; false: the table ends. */
static bool
next_row(FILE *page, char cells[CELLS][CELL_BYTES])
{
	char line[1000];
	char *rest = line;

	if (!fgets(line, sizeof(line), page) || strsep(&rest, "|")[0] != '\0')
		return false;
	for (int i = 0; i < CELLS; i++) {
		const char *cell = rest ? strsep(&rest, "|") : "";
		size_t length;

		cell += strspn(cell, " `");
		length = strcspn(cell, "`|");
		while (length > 0 && (cell[length - 1] == ' ' || cell[length - 1] == '\n'))
			length--;
		snprintf(cells[i], CELL_BYTES, "%.*s", (int)length, cell);
	}
	return true;
}

/* A cell of the next row must be this word. */
static void
assert_cell(const char *cell, const char *word, const char *of)
{
	if (strcmp(cell, word) != 0)
		fail_msg("%s has '%s' where the table has '%s' (%s)", PAGE, cell, word, of);
}

/* After the last word nothing else may follow. */
static void
close_table(FILE *page)
{
	char cells[CELLS][CELL_BYTES];

	if (next_row(page, cells))
		fail_msg("%s has '%s', which the table lacks", PAGE, cells[0]);
	fclose(page);
}

/* The next row is of this word. */
static void
assert_row(FILE *page, char cells[CELLS][CELL_BYTES], const char *word)
{
	if (!next_row(page, cells))
		fail_msg("%s lacks '%s'", PAGE, word);
	assert_cell(cells[0], word, "first column");
}

/* The page has all outcomes and no others, in the table's order. */
static void
outcomes_are_documented(void **state)
{
	FILE *page = open_table("| word | meaning |");
	char cells[CELLS][CELL_BYTES];

	(void)state;
	for (enum case_outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		assert_row(page, cells, outcome_words[outcome]);
	close_table(page);
}

/* The page has all keys and no others, in the table's order, with their types, and says which are
 * always there. */
static void
keys_are_documented(void **state)
{
	static const char *const types[] = {
		[RECORD_INTEGER] = "integer",
		[RECORD_STRING] = "string",
		[RECORD_WORD] = "word",
		[RECORD_BOOLEAN] = "true/false",
		[RECORD_MAPPING] = "mapping",
		[RECORD_SEQUENCE] = "sequence of mappings",
	};
	FILE *page = open_table("| key | type | when | meaning |");
	char cells[CELLS][CELL_BYTES];

	(void)state;
	for (enum record_key key = KEY_BLOCK + 1; key < KEY_COUNT; key++) {
		enum record_key parent = record_keys[key].parent;
		char path[CELL_BYTES];

		snprintf(path, sizeof(path), "%s%s%s", record_keys[parent].word,
		        parent == KEY_BLOCK ? "" : ".", record_keys[key].word);
		assert_row(page, cells, path);
		assert_cell(cells[1], types[record_keys[key].kind], path);
		if ((strcmp(cells[2], "always") == 0) != record_keys[key].required)
			fail_msg("%s: is %s always there?", PAGE, path);
		if (!cells[3][0])
			fail_msg("%s does not say what %s means", PAGE, path);
	}
	close_table(page);
}

/* The page has all letters of `fields` and no others, with the JSON report's words. */
static void
letters_are_documented(void **state)
{
	FILE *page = open_table("| letter | word in the JSON report |");
	char cells[CELLS][CELL_BYTES];

	(void)state;
#define STATE(name, letter, word) \
	assert_row(page, cells, (const char[]){ letter, '\0' }); \
	assert_cell(cells[1], word, #name);
	RECORD_FIELD_STATES(STATE)
#undef STATE
	close_table(page);
}

/* Let the kernel write all keys of a mapping, and of those below it. */
static void
write_mapping(enum record_key parent)
{
	for (enum record_key key = KEY_BLOCK + 1; key < KEY_COUNT; key++) {
		if (record_keys[key].parent != parent)
			continue;
		switch ((enum record_kind)record_keys[key].kind) {
		case RECORD_INTEGER: record_number(key, 1); break;
		case RECORD_STRING: record_text(key, "0x1"); break;
		case RECORD_WORD: record_word(key, outcome_words[OUTCOME_HARNESS]); break;
		case RECORD_BOOLEAN: record_boolean(key, true); break;
		case RECORD_MAPPING: record_open(key), write_mapping(key); break;
		case RECORD_SEQUENCE:
			record_open(key);
			write_mapping(key);
			write_mapping(key);
			break;
		}
	}
}

/* Every key of the table, written by the kernel, is where r33 looks for it. */
static void
r33_reads_what_the_kernel_writes(void **state)
{
	static const json_type types[] = {
		[RECORD_INTEGER] = JSON_INTEGER,
		[RECORD_STRING] = JSON_STRING,
		[RECORD_WORD] = JSON_STRING,
		[RECORD_BOOLEAN] = JSON_TRUE,
		[RECORD_MAPPING] = JSON_OBJECT,
		[RECORD_SEQUENCE] = JSON_ARRAY,
	};
	const char *problem = NULL;
	json_t *details;

	(void)state;
	block_length = 0;
	write_mapping(KEY_BLOCK);
	details = stream_block_parse(block, block_length, &problem);
	if (!details)
		fail_msg("%s:\n%.*s", problem, (int)block_length, block);
	for (enum record_key key = KEY_BLOCK + 1; key < KEY_COUNT; key++) {
		enum record_key parent = record_keys[key].parent;
		const json_t *mapping =
		        parent == KEY_BLOCK ? details : block_member(details, parent);

		if (json_is_array(mapping)) {
			assert_int_equal(json_array_size(mapping), 2);
			mapping = json_array_get(mapping, 1);
		}
		assert_non_null(block_member(mapping, key));
		assert_int_equal(
		        json_typeof(block_member(mapping, key)), types[record_keys[key].kind]);
	}
	json_decref(details);
}

/* A mapping with all its keys but one, in YAML's flow style. */
static void
write_flow(FILE *out, enum record_key parent, enum record_key left_out)
{
	static const char *const values[] = {
		[RECORD_INTEGER] = "1",
		[RECORD_STRING] = "\"0x1\"",
		[RECORD_WORD] = "harness",
		[RECORD_BOOLEAN] = "true",
	};
	const char *separator = "";

	fputc('{', out);
	for (enum record_key key = KEY_BLOCK + 1; key < KEY_COUNT; key++) {
		enum record_kind kind = record_keys[key].kind;

		if (record_keys[key].parent != parent || key == left_out)
			continue;
		fprintf(out, "%s%s: %s", separator, record_keys[key].word,
		        kind == RECORD_MAPPING    ? ""
		        : kind == RECORD_SEQUENCE ? "["
		                                  : values[kind]);
		if (kind == RECORD_MAPPING || kind == RECORD_SEQUENCE)
			write_flow(out, key, left_out);
		fputs(kind == RECORD_SEQUENCE ? "]" : "", out);
		separator = ", ";
	}
	fputc('}', out);
}

/* A block without a required key is refused, one without any other is not. */
static void
required_keys_are_required(void **state)
{
	(void)state;
	for (enum record_key key = KEY_BLOCK + 1; key < KEY_COUNT; key++) {
		char *text = NULL;
		const char *problem = NULL;
		size_t length;
		FILE *out = open_memstream(&text, &length);
		json_t *details;

		assert_non_null(out);
		write_flow(out, KEY_BLOCK, key);
		fclose(out);
		details = stream_block_parse(text, length, &problem);
		if ((details == NULL) != record_keys[key].required)
			fail_msg("%s: %s", text, problem ? problem : "was taken");
		if (record_keys[key].required)
			assert_string_equal(problem, "a block without a required key");
		json_decref(details);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcomes_are_documented),
		cmocka_unit_test(keys_are_documented),
		cmocka_unit_test(letters_are_documented),
		cmocka_unit_test(r33_reads_what_the_kernel_writes),
		cmocka_unit_test(required_keys_are_required),
	};

	return cmocka_run_group_tests_name("the words of the record stream", tests, NULL, NULL);
}
