/* Text for people in lines that fit a terminal. */
#include "wrap.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* Columns that a terminal needs for UTF-8: its continuation bytes take none. */
static int
columns_of(const char *word)
{
	int columns = 0;

	for (; *word; word++)
		columns += (*word & 0xc0) != 0x80;
	return columns;
}

/* The words, from column `indent` on. */
static void
write_words(FILE *out, int indent, const char *text)
{
	char *clean = clean_string(text);
	int column = indent;
	char *rest;

	for (char *word = strtok_r(clean, " \n", &rest); word;
	        word = strtok_r(NULL, " \n", &rest)) {
		int length = columns_of(word);

		if (column > indent && column + 1 + length > TEXT_COLUMNS) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fputs(word, out);
		column += length;
	}
	fputc('\n', out);
	free(clean);
}

void
write_paragraph(FILE *out, int indent, const char *text)
{
	fprintf(out, "%*s", indent, "");
	write_words(out, indent, text);
}

void
write_item(FILE *out, int indent, char *text)
{
	fprintf(out, "%*s- ", indent, "");
	write_words(out, indent + 2, text);
	free(text);
}

void
write_unwrapped(FILE *out, const char *label, const char *text)
{
	char *line = copy_string(text);

	for (char *at = line; *at; at++)
		*at = *at == '\n' ? ' ' : *at;
	fprintf(out, "%s\t%s\n", label, line);
	free(line);
}

void
write_labelled(FILE *out, int indent, const char *label, const char *text)
{
	if (indent == UNWRAPPED) {
		write_unwrapped(out, label, text);
		return;
	}
	fprintf(out, "%*s%-*s", indent, "", LABEL_COLUMNS, label);
	write_words(out, indent + LABEL_COLUMNS, text);
}

void
write_line(FILE *out, int indent, const char *label, char *text)
{
	write_labelled(out, indent, label, text);
	free(text);
}
