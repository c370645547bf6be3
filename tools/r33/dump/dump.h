/*
 * Dumps of a guest state that others printed: Linux KVM, Xen, QEMU, and our own format
 * (docs/dump-format.md).  Here they are read; what is wrong with the state is judged elsewhere.
 *
 * Everything in a dump is foreign text.  Titles, notes and errors quote it: code that prints them
 * has to make them safe for a terminal (write_clean()).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	DUMP_INPUT_LIMIT = 16 << 20, /* bytes; more is refused */
	DUMP_LIMIT = 1000,           /* dumps in one input; the others are not read */
	DUMP_LIST_LIMIT = 4096,      /* entries of an MSR-load list, and pieces of memory */
	DUMP_NOTE_LIMIT = 8,
};

enum dump_format { DUMP_R33, DUMP_KVM, DUMP_XEN, DUMP_QEMU };

/* A VMCS field: encoding as in r33/vmcs_fields.h, value, line of the input (1-based). */
struct dump_field {
	uint32_t field;
	uint64_t value;
	int line;
};

/* An entry of the VM-entry MSR-load list. */
struct dump_msr {
	int entry;             /* which one, 1-based as in the exit qualification */
	uint32_t index_number; /* bits 31:0 of the entry: the MSR */
	uint32_t reserved;     /* bits 63:32 */
	uint64_t value;        /* bits 127:64 */
};

/* Eight bytes of physical memory, little endian (own format only). */
struct dump_memory {
	uint64_t address;
	uint64_t value;
};

struct dump {
	enum dump_format format;
	int first_line, last_line; /* where it is in the input, 1-based */
	char *title;               /* what tells several dumps apart: "d12v0"; or NULL */
	struct dump_field *fields; /* no encoding twice */
	size_t field_count;
	struct dump_msr *msr_load; /* no entry twice */
	size_t msr_load_count;
	struct dump_memory *memory; /* no address twice */
	size_t memory_count;

	/* These four are among the fields as well, where they are VMCS fields. */
	bool has_exit_reason;
	uint32_t exit_reason; /* the whole 32 bits: 80000021h */
	bool has_qualification;
	uint64_t exit_qualification;
	bool has_instruction_error;
	uint32_t vm_instruction_error;
	bool has_current_vmcs;
	uint64_t current_vmcs; /* physical address of the VMCS that was entered */
	char *cpu;             /* model, as --caps knows it; or NULL */

	/* What the format does to the values. */
	bool guest_view_of_control_registers; /* fixed bits of CR0 and CR4 cannot be judged */
	bool truncated_addresses;             /* RIP, RSP and bases were cut to 32 bits */
	bool real_mode_as_virtual_8086;       /* a mixture, not to be judged as protected mode */
	bool derived_ia32e_mode;              /* ia32e_mode is known, from EFER.LMA */
	bool ia32e_mode;
	bool not_vmx; /* the host is an AMD processor: no VMCS, no rule applies */

	/* Sentences for the user: what the dump cannot show, and what was odd in it. */
	char *notes[DUMP_NOTE_LIMIT];
	int note_count;
	int notes_left_out; /* that found no place */
};

struct dump_file {
	struct dump *dumps; /* in the order in which they begin */
	size_t count;
	bool kvm_dump_switched_off; /* KVM said that it could print a dump, but may not */
	char *error;                /* a sentence when there is no dump, else NULL */
};

/* Read all dumps in the text.  Never fails but by `error`; free with dump_file_free(). */
void dump_read(struct dump_file *file, const char *bytes, size_t size);
void dump_file_free(struct dump_file *file);

/* The same for a file, or standard input for "-".  False after a complaint: nothing to free. */
bool dump_file_read(struct dump_file *file, const char *path);

/* The value of a field, or NULL when the dump has none. */
const uint64_t *dump_value(const struct dump *dump, uint32_t field);

/* The name of a field in r33/vmcs_fields.h and its encoding; NULL and false for unknown ones. */
const char *dump_field_name(uint32_t field);
bool dump_field_encoding(const char *name, size_t length, uint32_t *field);

/* What is in a field, in words; "" for a plain number (vmcs_field_decode() in rules/rules.h). */
typedef size_t dump_words_function(char *text, size_t size, uint32_t field, uint64_t value);

/* Write a dump in our own format, one field a line, with a comment in these words unless NULL. */
void dump_write(FILE *out, const struct dump *dump, dump_words_function *words_of);
