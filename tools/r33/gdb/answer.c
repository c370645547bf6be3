/* What Bochs' debugger answers: see answer.h. */
#include "answer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "packet.h"

enum { PAGE_OFFSET = 0xfff, GRANULARITY = 0x8000 };

/* Behind the first line that begins with `name`; NULL when there is none. */
static const char *
behind(const char *text, const char *name)
{
	size_t length = strlen(name);

	while (text) {
		if (strncmp(text, name, length) == 0)
			return text + length;
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return NULL;
}

/* A hexadecimal number with or without 0x; underscores separate halves.  The text after it, or NULL. */
static const char *
read_hexadecimal(const char *at, uint64_t *number)
{
	int digits = 0;

	*number = 0;
	if (at[0] == '0' && at[1] == 'x')
		at += 2;
	for (; *at == '_' || digit_value(*at) >= 0; at++) {
		if (*at == '_')
			continue;
		if (++digits > 16)
			return NULL;
		*number = *number << 4 | (uint64_t)digit_value(*at);
	}
	return digits > 0 ? at : NULL;
}

/* The number after `name` at the start of a line. */
static bool
read_named(const char *text, const char *name, uint64_t *number)
{
	const char *at = behind(text, name);

	return at && read_hexadecimal(at, number);
}

/* The text after `word`, which must come before the line ends, and the number there. */
static const char *
read_on_line(const char *at, const char *word, uint64_t *number)
{
	const char *end = strchr(at, '\n');
	const char *found = strstr(at, word);

	if (!found || (end && found > end))
		return NULL;
	return read_hexadecimal(found + strlen(word), number);
}

bool
answer_registers(const char *text, struct cpu *cpu)
{
	static const char *const names[] = { "rax: ", "rbx: ", "rcx: ", "rdx: ", "rsi: ", "rdi: ",
		"rbp: ", "rsp: ", "r8 : ", "r9 : ", "r10: ", "r11: ", "r12: ", "r13: ", "r14: ",
		"r15: ", "rip: " };
	uint64_t flags;

	for (int i = 0; i < CPU_REGISTERS; i++) {
		if (!read_named(text, names[i], &cpu->registers[i]))
			return false;
	}
	if (!read_named(text, "ssp: ", &cpu->ssp))
		cpu->ssp = 0;
	/* "eflags 0x2: ...", in later versions "eflags: 0x2: ..." */
	if (!read_named(text, "eflags ", &flags) && !read_named(text, "eflags: ", &flags))
		return false;
	cpu->rflags = (uint32_t)flags;
	return true;
}

/* "cs:0x0008, dh=0x00af9b00, dl=0x0000ffff, valid=1": the halves of a descriptor. */
static bool
read_segment(const char *text, const char *name, struct segment *segment)
{
	const char *at = behind(text, name);
	uint64_t selector, high, low, valid;

	if (!at || !(at = read_hexadecimal(at, &selector)) ||
	        !(at = read_on_line(at, "dh=", &high)) || !(at = read_on_line(at, "dl=", &low)) ||
	        !read_on_line(at, "valid=", &valid))
		return false;
	segment->selector = (uint16_t)selector;
	segment->valid = valid != 0;
	segment->access_rights = (uint16_t)(high >> 8 & 0xf0ff);
	segment->base = (high & 0xff000000) | (high & 0xff) << 16 | (low >> 16 & 0xffff);
	segment->limit_bytes = (uint32_t)((high & 0xf0000) | (low & 0xffff));
	if (segment->access_rights & GRANULARITY)
		segment->limit_bytes = segment->limit_bytes << 12 | PAGE_OFFSET;
	return true;
}

/* "gdtr:base=0x000000000016b080, limit=0x37" */
static bool
read_table(const char *text, const char *name, struct descriptor_table *table)
{
	const char *at = behind(text, name);
	uint64_t limit;

	if (!at || !(at = read_hexadecimal(at, &table->base)) ||
	        !read_on_line(at, "limit=", &limit))
		return false;
	table->limit_bytes = (uint32_t)limit;
	return true;
}

bool
answer_segments(const char *text, struct cpu *cpu)
{
	static const char *const names[] = {
		"es:", "cs:", "ss:", "ds:", "fs:", "gs:", "ldtr:", "tr:"
	};

	for (int i = 0; i < CPU_SEGMENTS; i++) {
		if (!read_segment(text, names[i], &cpu->segments[i]))
			return false;
	}
	return read_table(text, "gdtr:base=", &cpu->gdtr) &&
	       read_table(text, "idtr:base=", &cpu->idtr);
}

bool
answer_control_registers(const char *text, struct cpu *cpu)
{
	if (!read_named(text, "CR8: ", &cpu->cr8))
		cpu->cr8 = 0;
	return read_named(text, "CR0=", &cpu->cr0) &&
	       read_named(text, "CR2=page fault laddr=", &cpu->cr2) &&
	       read_named(text, "CR3=", &cpu->cr3) && read_named(text, "CR4=", &cpu->cr4) &&
	       read_named(text, "EFER=", &cpu->efer);
}

/* "0x0000000040000000:B9 82 04 00 00 0F 32 F7  C2 00 ..." */
size_t
answer_memory(const char *text, uint8_t *bytes, size_t room)
{
	size_t count = 0;
	const char *at = text ? behind(text, "[bochs]:") : NULL;

	if (!at)
		return 0;
	while (*at == '\n' && strncmp(at + 1, "0x", 2) == 0) {
		at += 1 + strcspn(at + 1, ":\n");
		if (*at != ':')
			break;
		at++;
		for (;;) {
			while (*at == ' ')
				at++;
			if (count == room || digit_value(at[0]) < 0 || digit_value(at[1]) < 0)
				break;
			bytes[count++] = (uint8_t)(digit_value(at[0]) << 4 | digit_value(at[1]));
			at += 2;
		}
	}
	return count;
}

bool
answer_translation(const char *text, uint64_t linear, uint64_t *physical)
{
	static const char maps[] = "maps to physical page ";
	const char *at = behind(text, "linear page ");

	at = at ? strstr(at, maps) : NULL;
	if (!at || !read_hexadecimal(at + strlen(maps), physical))
		return false;
	*physical = (*physical & ~(uint64_t)PAGE_OFFSET) | (linear & PAGE_OFFSET);
	return true;
}

bool
answer_parameter(const char *text, uint64_t *value)
{
	const char *at = behind(text, "show param name:");

	at = at ? strstr(at, " = ") : NULL;
	if (!at)
		return false;
	at += 3;
	if (strncmp(at, "true", 4) == 0 || strncmp(at, "false", 5) == 0) {
		*value = *at == 't';
		return true;
	}
	if (strncmp(at, "0x", 2) == 0)
		return read_hexadecimal(at, value);
	if (!isdigit((unsigned char)*at))
		return false;
	*value = strtoull(at, NULL, 10);
	return true;
}

/* Was a command refused? */
bool
answer_is_error(const char *text)
{
	return strstr(text, "rror") || strstr(text, "not supported");
}

/* Why and where the machine stopped. */
void
answer_stop(const char *text, struct stop *stop)
{
	static const char next[] = "Next at t=";
	const char *at = NULL;
	uint64_t selector, physical;

	*stop = (struct stop){ .reason = STOP_NOTHING_SAID };
	if (behind(text, "(0) Breakpoint "))
		stop->reason = STOP_BREAKPOINT;
	else if ((at = behind(text, "(0) Caught write watch point at ")))
		stop->reason = STOP_WATCH_WRITE;
	else if ((at = behind(text, "(0) Caught read watch point at ")))
		stop->reason = STOP_WATCH_READ;
	if (stop->reason != STOP_BREAKPOINT && at && !read_hexadecimal(at, &stop->watched))
		stop->reason = STOP_NOTHING_SAID;
	/* "(0) [0x0000001a618d] 0023:000000004000018d (unk. ctxt): ..." on the next line */
	at = behind(text, next);
	at = at ? strstr(at, "\n(0) [") : NULL;
	if (!at || !(at = read_hexadecimal(at + strlen("\n(0) ["), &physical)) ||
	        strncmp(at, "] ", 2) != 0 || !(at = read_hexadecimal(at + 2, &selector)) ||
	        *at != ':')
		return;
	stop->placed = read_hexadecimal(at + 1, &stop->offset) != NULL;
	stop->selector = (uint16_t)selector;
}
