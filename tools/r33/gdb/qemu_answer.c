/* What QEMU says of a stop and of its registers: see qemu_server.h.  Pure; the text may be anything. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>
#include <r33/control_registers.h>
#include <r33/segments.h>

#include "qemu_server.h"

enum { ATTRIBUTES = 0xf0ff };

/* "T05thread:01;watch:1fe8;" */
void
qemu_stop(const char *text, struct stop *stop)
{
	const char *watch = strstr(text, "watch:");

	*stop = (struct stop){ .reason = STOP_NOTHING_SAID };
	if (!watch)
		return;
	stop->reason = watch > text && watch[-1] == 'r' ? STOP_WATCH_READ : STOP_WATCH_WRITE;
	stop->watched = strtoull(watch + strlen("watch:"), NULL, 16);
}

/* The number behind "NAME", blanks and "=", where a word begins with that. */
static const char *
find(const char *text, const char *name, uint64_t *value)
{
	size_t length = strlen(name);
	const char *at = text;
	char *end;

	for (; (at = strstr(at, name)); at += length) {
		const char *behind = at + length + strspn(at + length, " ");

		if (*behind != '=' ||
		        (at > text && at[-1] != ' ' && at[-1] != '\n' && at[-1] != '\r'))
			continue;
		*value = strtoull(behind + 1, &end, 16);
		return end > behind + 1 ? end : NULL;
	}
	return NULL;
}

/* 64 bits or, outside of 64-bit code, 32: "RAX=" or "EAX=". */
static bool
general_registers(const char *text, struct cpu *cpu)
{
	static const char *const names[CPU_REGISTERS] = { "RAX", "RBX", "RCX", "RDX", "RSI", "RDI",
		"RBP", "RSP", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15", "RIP" };
	uint64_t flags;

	for (size_t i = 0; i < CPU_REGISTERS; i++) {
		char narrow[4] = "E";

		cpu->registers[i] = 0;
		memcpy(narrow + 1, names[i] + 1, strlen(names[i]));
		if (!find(text, names[i], &cpu->registers[i]) &&
		        !find(text, narrow, &cpu->registers[i]) && (i < CPU_R8 || i == CPU_RIP))
			return false;
	}
	if (!find(text, "RFL", &flags) && !find(text, "EFL", &flags))
		return false;
	cpu->rflags = (uint32_t)flags;
	return true;
}

/* "CS =0008 0000000000000000 ffffffff 00af9b00 DPL=0 CS64 [-RA]": the last is a descriptor's upper half. */
static bool
segments(const char *text, struct cpu *cpu)
{
	static const char *const names[CPU_SEGMENTS] = { "ES", "CS", "SS", "DS", "FS", "GS", "LDT",
		"TR" };

	for (size_t i = 0; i < CPU_SEGMENTS; i++) {
		struct segment *segment = &cpu->segments[i];
		uint64_t selector, attributes;
		const char *at = find(text, names[i], &selector);
		char *end;

		if (!at)
			return false;
		segment->selector = (uint16_t)selector;
		segment->base = strtoull(at, &end, 16);
		segment->limit_bytes = (uint32_t)strtoull(end, &end, 16);
		attributes = strtoull(end, NULL, 16) >> 8;
		segment->access_rights = attributes & ATTRIBUTES;
		segment->valid = attributes & RIGHTS_P;
		/* VMRUN does not make it busy; VM entry wants it so. */
		if (i == CPU_TR)
			segment->access_rights |= TYPE_BUSY;
	}
	return true;
}

/* "GDT=     0000000000187000 00000037" */
static bool
table(const char *text, const char *name, struct descriptor_table *table)
{
	const char *at = find(text, name, &table->base);

	if (!at)
		return false;
	table->limit_bytes = (uint32_t)strtoull(at, NULL, 16);
	return true;
}

bool
qemu_registers(const char *text, struct cpu *cpu)
{
	return general_registers(text, cpu) && segments(text, cpu) &&
	       table(text, "GDT", &cpu->gdtr) && table(text, "IDT", &cpu->idtr) &&
	       find(text, "CR0", &cpu->cr0) && find(text, "CR2", &cpu->cr2) &&
	       find(text, "CR3", &cpu->cr3) && find(text, "CR4", &cpu->cr4) &&
	       find(text, "EFER", &cpu->efer);
}
