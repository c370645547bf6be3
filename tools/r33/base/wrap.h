/* Text for people in lines that fit a terminal. */
#pragma once

#include <stdio.h>

enum { LABEL_COLUMNS = 11, TEXT_COLUMNS = 100 };

/* Instead of an indentation, for programs that lay the text out: "LABEL\tTEXT" on one line, as it is. */
enum { UNWRAPPED = -1 };
void write_unwrapped(FILE *out, const char *label, const char *text);

/* A paragraph, made safe for a terminal and wrapped at words; every line is indented. */
void write_paragraph(FILE *out, int indent, const char *text);

/* "- text", one of a list; the text is freed. */
void write_item(FILE *out, int indent, char *text);

/* "  label      text", wrapped likewise, the following lines under the text. */
void write_labelled(FILE *out, int indent, const char *label, const char *text);

/* The same with a text that is freed. */
void write_line(FILE *out, int indent, const char *label, char *text);
