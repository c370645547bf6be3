/*
 * What the readers of the formats share; nothing else includes this.
 *
 * The text is cleaned once (clean.c) and then seen as a row of tokens: words, and single
 * signs as "=" or ":".  Blanks and line ends only separate them.  So it does not matter how a
 * mail client wrapped the lines, or what a log daemon wrote before each of them: the tokens of a
 * label and its value still follow each other.
 */
#pragma once

#include "dump.h"

/* A position in the cleaned text. */
struct dump_scanner {
	const char *text;
	size_t at, end;
	int line;
};

struct dump_token {
	const char *text;
	size_t length; /* 0: the text is at its end */
	int line;
	bool at_end; /* nothing follows, not even a line end: the rest may be missing */
};

enum {
	DUMP_PATTERN_FIELDS = 4,
	DUMP_IGNORE = -1, /* a value that is not needed */
};

/*
 * What a line looks like, and what its values are.  Words separated by blanks:
 *
 *	%8      a value of 8 hexadecimal digits       %8-16   of 8 to 16 digits
 *	%8|16   of 8 or of 16 digits                  %x8     with "0x" before it
 *	%?8     with or without "0x"
 *
 * and anything else a token that has to be there.
 */
struct dump_pattern {
	const char *text;
	int64_t fields[DUMP_PATTERN_FIELDS]; /* encodings of its values, in order */
};

/* The dumps that can be open at once: lines of QEMU and of the kernel can be mixed in a journal. */
enum dump_kind { KIND_VMCS, KIND_QEMU, KIND_R33, KIND_COUNT };

/* Which part of a VMCS dump the scanner is in. */
enum dump_section { SECTION_GUEST, SECTION_HOST, SECTION_CONTROL };

/* What was said of a dump before it begins. */
struct dump_announcement {
	int line;    /* where; 0: nothing was said */
	char *title; /* owned */
	bool has_exit_reason, has_qualification, has_instruction_error, not_vmx;
	uint64_t exit_reason, exit_qualification, vm_instruction_error;
	struct dump_msr msr; /* entry 0: none */
	char *note;          /* owned */
};

struct dump_parser {
	struct dump_scanner scanner;

	struct dump **dumps; /* all that were begun */
	size_t count, capacity;
	bool limit_reached;

	/* The dumps that are open, of the array above or NULL, and what closes each of them: so no format
	 * knows another. */
	struct dump *vmcs, *qemu, *r33;
	void (*const *close)(struct dump_parser *parser); /* by enum dump_kind */
	enum dump_section section;                        /* of vmcs */
	bool in_msr_load_list;
	bool r33_header; /* r33 began with its header line */
	struct dump_announcement vmcs_next, qemu_next;
	int xen_line; /* of the last "(XEN)" */
	bool by_key;  /* Xen's debug key prints the dumps, of this domain */
	int key_domain;

	/* Marks of what is no dump, for the sentence when there is none. */
	bool seen_switched_off, seen_svm, seen_entry_failed;
};

/* clean.c: a copy without what mail, logs, web pages and terminals add; never longer. */
char *dump_clean(const char *bytes, size_t size, size_t *clean_size);

/* match.c */
struct dump_token dump_next(struct dump_scanner *scanner);
bool dump_token_is(const struct dump_token *token, const char *word);

/* Do these tokens come next?  Moves the scanner past them if so. */
bool dump_words(struct dump_scanner *scanner, const char *words);

/* A decimal number as the next token. */
bool dump_decimal(struct dump_scanner *scanner, uint64_t *value);

/* A hexadecimal one, written as a pattern's "%…" says. */
bool dump_hexadecimal(struct dump_scanner *scanner, const char *shape, uint64_t *value);

/*
 * Does the pattern come next?  Its values, as far as they are there, become fields of the dump,
 * the scanner moves past them, and true is returned.  `whole`: only if nothing is missing.
 */
bool dump_match(struct dump_parser *parser, struct dump *dump, const struct dump_pattern *pattern,
        bool whole);

/* Does the whole pattern come next?  The scanner stays where it is. */
bool dump_comes(const struct dump_scanner *scanner, const struct dump_pattern *pattern);

/* build.c */
struct dump *dump_begin(struct dump_parser *parser, enum dump_format format, int line);
void dump_announced(struct dump *dump, struct dump_announcement *announcement, int line);
void dump_forget(struct dump_announcement *announcement);
void dump_add_field(struct dump *dump, uint32_t field, uint64_t value, int line);
void dump_add_msr(struct dump *dump, const struct dump_msr *msr, int line);
void dump_add_memory(struct dump *dump, uint64_t address, uint64_t value, int line);
void dump_free(struct dump *dump);
void dump_note(struct dump *dump, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The formats: true when they took what comes next.  dump_…_end(): close the open dump, if there is one. */
bool dump_kvm(struct dump_parser *parser);
void dump_kvm_end(struct dump_parser *parser);
bool dump_xen(struct dump_parser *parser);
bool dump_is_xen(const struct dump_parser *parser, int line);
bool dump_qemu(struct dump_parser *parser);
void dump_qemu_end(struct dump_parser *parser);
bool dump_r33_line(struct dump_parser *parser);
void dump_r33_end(struct dump_parser *parser);
