/*
 * The picture of the guest-state area: every field a cell, in the worst state that it had in any
 * case.  What the state comes from is in its title, and in a note that opens where one taps.
 */
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "guest_area.h"
#include "html.h"

enum { MOST_CASES = 4 }; /* of which a note tells, for each state */

/* From good to bad. */
enum cell_state { CELL_ELSEWHERE, CELL_NO_MATTER, CELL_RIGHT, CELL_UNTOUCHED, CELL_WRONG };

static const struct {
	const char *class, *sign, *legend;
} states[] = {
	[CELL_ELSEWHERE] = { "elsewhere", "", "not part of a graded lab" },
	[CELL_NO_MATTER] = { "no-matter", "\xc2\xb7", "made no difference to any guest" },
	[CELL_RIGHT] = { "right", "\xe2\x9c\x93", "right in every case" },
	[CELL_UNTOUCHED] = { "untouched", "\xe2\x97\x8b", "not written although a guest needs it" },
	[CELL_WRONG] = { "wrong", "\xe2\x9c\x97", "wrong, or violates a rule" },
};

/* What is known of a field. */
struct cell {
	enum cell_state state;
	int counts[CELL_WRONG + 1];
	char *note; /* of the cases in which it was not right */
	size_t note_length;
};

/* Is the field part of what this case's lab fills?  Cases that must be refused do not say. */
static bool
is_of_lab(const struct grade *grade, int lab, const char *field)
{
	for (int i = 0; i < grade->case_count; i++) {
		if (grade->cases[i]->lab == lab &&
		        json_object_get(block_member(grade->cases[i]->details, KEY_FIELDS), field))
			return true;
	}
	return false;
}

/* What the case says of the field itself. */
static enum cell_state
state_in_case(const struct reported_case *result, const char *field)
{
	static const struct {
		const char *word;
		enum cell_state state;
	} words[] = {
#define STATE(name, letter, word) { word, CELL_##name },
		RECORD_FIELD_STATES(STATE)
#undef STATE
	};
	const char *word = object_string(block_member(result->details, KEY_FIELDS), field);

	for (size_t i = 0; word && i < COUNT(words); i++) {
		if (strcmp(word, words[i].word) == 0)
			return words[i].state;
	}
	return CELL_ELSEWHERE;
}

/* The item of a list whose `field` is this one, from *index on; NULL: no more. */
static const json_t *
next_of_field(const json_t *list, enum record_key key, const char *field, size_t *index)
{
	while (*index < json_array_size(list)) {
		const json_t *item = json_array_get(list, (*index)++);
		const char *name = block_string(item, key);

		if (name && strcmp(name, field) == 0)
			return item;
	}
	return NULL;
}

/* " = 0x0 at labs/1-…/control_registers.c:86 in set_control_registers" */
static void
note_write(FILE *note, const json_t *write)
{
	const char *file = object_string(write, "file");
	const char *function = object_string(write, "function");
	const char *value = block_string(write, KEY_WRITE_VALUE);

	fprintf(note, " = %s", value ? value : "?");
	if (file)
		fprintf(note, " at %s:%d", file,
		        (int)json_integer_value(json_object_get(write, "line")));
	if (file && function)
		fprintf(note, " in %s", function);
}

/* A line for one case: what was written, and against which rules it is. */
static void
note_case(FILE *note, const struct reported_case *result, const char *field, enum cell_state state)
{
	const json_t *rules = block_member(result->details, KEY_RULES);
	size_t index = 0;
	const json_t *write = next_of_field(
	        block_member(result->details, KEY_WRITES), KEY_WRITE_FIELD, field, &index);
	const json_t *rule;

	fprintf(note, "\nlab %d, %s: %s", result->lab, report_id(result),
	        state == CELL_UNTOUCHED ? "not written" : "wrong");
	if (write)
		note_write(note, write);
	index = 0;
	while ((rule = next_of_field(rules, KEY_RULE_FIELD, field, &index))) {
		const char *id = block_string(rule, KEY_RULE_ID);
		const char *message = block_string(rule, KEY_RULE_MESSAGE);

		fprintf(note, "; %s: %s", id ? id : "?", message ? message : "violated");
	}
}

/* Go through all cases. */
static void
look_up(struct cell *cell, const struct grade *grade, const char *field)
{
	FILE *note = open_memstream(&cell->note, &cell->note_length);

	for (int i = 0; note && i < grade->case_count; i++) {
		const struct reported_case *result = grade->cases[i];
		enum cell_state state = state_in_case(result, field);
		size_t index = 0;

		if (next_of_field(block_member(result->details, KEY_RULES), KEY_RULE_FIELD, field,
		            &index) &&
		        state != CELL_UNTOUCHED && is_of_lab(grade, result->lab, field))
			state = CELL_WRONG;
		if (state == CELL_ELSEWHERE)
			continue;
		cell->counts[state]++;
		if (state > cell->state)
			cell->state = state;
		if (state > CELL_RIGHT && cell->counts[state] <= MOST_CASES)
			note_case(note, result, field, state);
	}
	if (note)
		fclose(note);
}

/* The text for a reader who points at the cell.  The caller frees it. */
static char *
describe(const struct cell *cell, const char *field)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return copy_string(field);
	fprintf(out, "%s: ", field);
	if (cell->state == CELL_ELSEWHERE)
		fputs(states[CELL_ELSEWHERE].legend, out);
	else if (cell->state == CELL_NO_MATTER)
		fputs(states[CELL_NO_MATTER].legend, out);
	else
		fprintf(out, "right in %d, wrong in %d, not written in %d cases",
		        cell->counts[CELL_RIGHT], cell->counts[CELL_WRONG],
		        cell->counts[CELL_UNTOUCHED]);
	fputs(cell->note ? cell->note : "", out);
	if (cell->counts[CELL_WRONG] > MOST_CASES || cell->counts[CELL_UNTOUCHED] > MOST_CASES)
		fputs("\nand more", out);
	fclose(out);
	return text;
}

/* A name, which may be broken after each underscore. */
static void
write_label(xmlTextWriterPtr page, const char *label)
{
	static const char *const none[] = { NULL };
	char *copy = copy_string(label);
	char *rest = copy;
	char *piece;

	html_open(page, "span", "name");
	while ((piece = strsep(&rest, "_"))) {
		html_text(page, piece);
		if (!rest)
			break;
		html_text(page, "_");
		html_void(page, "wbr", none);
	}
	html_close(page);
	free(copy);
}

/* One cell, as a list's item or a table's cell; label NULL: only the sign. */
static void
write_cell(xmlTextWriterPtr page, const struct grade *grade, const char *element, const char *field,
        const char *label)
{
	struct cell cell = { 0 };
	char *description, *class;

	look_up(&cell, grade, field);
	description = describe(&cell, field);
	class = new_string("cell %s", states[cell.state].class);
	html_open(page, element, class);
	html_attribute(page, "tabindex", "0");
	html_attribute(page, "title", description);
	if (*states[cell.state].sign)
		html_element(page, "b", NULL, states[cell.state].sign);
	if (label)
		write_label(page, label);
	html_element(page, "span", "note", description);
	html_close(page);
	free(class);
	free(description);
	free(cell.note);
}

/* Registers with their fields side by side. */
static void
write_registers(
        xmlTextWriterPtr page, const struct grade *grade, const struct area_register *registers)
{
	static const char *const headings[AREA_COLUMNS] = { "selector", "base", "limit",
		"access rights" };

	html_open(page, "table", "registers");
	html_open(page, "tr", NULL);
	html_element(page, "th", NULL, "");
	for (int i = 0; i < AREA_COLUMNS; i++)
		html_element(page, "th", NULL, headings[i]);
	html_close(page);
	for (; registers->label; registers++) {
		html_open(page, "tr", NULL);
		html_element(page, "th", NULL, registers->label);
		for (int i = 0; i < AREA_COLUMNS; i++) {
			if (registers->names[i])
				write_cell(page, grade, "td", registers->names[i], NULL);
			else
				html_element(page, "td", NULL, "");
		}
		html_close(page);
		html_text(page, "\n");
	}
	html_close(page);
}

/* What the signs mean. */
static void
write_legend(xmlTextWriterPtr page)
{
	html_open(page, "ul", "legend");
	for (int state = CELL_WRONG; state >= CELL_ELSEWHERE; state--) {
		char *class = new_string("key %s", states[state].class);

		html_open(page, "li", NULL);
		html_element(page, "b", class, states[state].sign);
		html_text(page, states[state].legend);
		html_close(page);
		free(class);
	}
	html_close(page);
}

void
html_area(xmlTextWriterPtr page, const struct grade *grade)
{
	html_open(page, "section", "area");
	html_element(page, "h2", NULL, "The guest-state area");
	write_legend(page);
	for (const struct area_group *group = guest_area; group->fields || group->registers;
	        group++) {
		if (group->part)
			html_element(page, "h3", NULL, group->part);
		if (group->title)
			html_element(page, "h4", NULL, group->title);
		if (group->registers)
			write_registers(page, grade, group->registers);
		if (!group->fields)
			continue;
		html_open(page, "ul", "fields");
		for (const struct area_field *field = group->fields; field->name; field++) {
			write_cell(page, grade, "li", field->name, field->label);
			html_text(page, "\n");
		}
		html_close(page);
	}
	html_element(page, "p", "hint",
	        "Point at a field, or tap it, to see what was written and where.");
	html_close(page);
}
