/* The kernel command line. */
#include "boot/options.h"

#include <stdbool.h>
#include <stddef.h>

#include <r33/array.h>

#include "lib/string.h"

#define MAX_NUMBER 10000000

/* Reads all of text[0..size) as a decimal number. */
static bool
parse_number(const char *text, size_t size, uint32_t *number)
{
	*number = 0;
	for (size_t i = 0; i < size; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*number = *number * 10 + (uint32_t)(text[i] - '0');
		if (*number > MAX_NUMBER)
			return false;
	}
	return size > 0;
}

static const char *
parse_lab(const char *value, size_t size, struct options *options)
{
	uint32_t number;

	options->all_labs = size == 3 && strncmp(value, "all", 3) == 0;
	if (options->all_labs)
		return NULL;
	if (!parse_number(value, size, &number) || number > 9)
		return "the command line's lab= needs a number from 0 to 9, or all";
	options->lab = number;
	return NULL;
}

/* A word into text[0..OPTION_WORD_MAX). */
static bool
parse_word(const char *value, size_t size, char *text)
{
	if (size == 0 || size >= OPTION_WORD_MAX)
		return false;
	memcpy(text, value, size);
	text[size] = '\0';
	return true;
}

static const char *
parse_hold(const char *value, size_t size, struct options *options)
{
	uint32_t hold;

	if (!parse_number(value, size, &hold) || hold > 1)
		return "the command line's hold= needs 0 or 1";
	options->hold = hold;
	return NULL;
}

static const char *
parse_bench(const char *value, size_t size, struct options *options)
{
	if (!parse_number(value, size, &options->bench_round_trips) ||
	        options->bench_round_trips == 0)
		return "the command line's bench= needs a number from 1 to 10000000";
	return NULL;
}

/* An option is parsed by a function, or is a word of the options. */
static const struct option {
	const char *name;
	const char *(*parse)(const char *value, size_t size, struct options *options);
	size_t word;
	const char *without_word;
} known_options[] = {
	{ "lab=", .parse = parse_lab },
	{ "bench=", .parse = parse_bench },
	{ "hold=", .parse = parse_hold },
	{ "case=", NULL, offsetof(struct options, only_case),
	        "the command line's case= needs the identifier of a case" },
	{ "end=", NULL, offsetof(struct options, bad_end),
	        "the command line's end= needs the name of a bad end" },
	{ "bochs=", NULL, offsetof(struct options, bochs),
	        "the command line's bochs= needs a version" },
};

static const char *
parse_option(const struct option *option, const char *value, size_t size, struct options *options)
{
	if (option->parse)
		return option->parse(value, size, options);
	return parse_word(value, size, (char *)options + option->word) ? NULL
	                                                               : option->without_word;
}

const char *
options_parse(const char *command_line, struct options *options)
{
	*options = (struct options){ .all_labs = true };
	while (*command_line) {
		size_t size = 0;
		const char *error =
		        "the command line accepts only lab=, case=, bench=, hold=, end= and bochs=";

		while (command_line[size] && command_line[size] != ' ')
			size++;
		for (size_t i = 0; size && i < COUNT(known_options); i++) {
			size_t name_size = strlen(known_options[i].name);

			if (size >= name_size &&
			        strncmp(command_line, known_options[i].name, name_size) == 0)
				error = parse_option(&known_options[i], command_line + name_size,
				        size - name_size, options);
		}
		if (size && error)
			return error;
		command_line += size;
		while (*command_line == ' ')
			command_line++;
	}
	return NULL;
}
