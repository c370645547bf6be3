/* The registers as gdb sees them: see registers.h. */
#include "registers.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <r33/array.h>

#include "packet.h"
#include "types.h"

/* Where a value is found. */
enum source {
	GENERAL, /* cpu.registers[index] */
	FLAGS,
	SELECTOR, /* cpu.segments[index] */
	BASE,     /* the lower half is enough */
	WIDE_BASE,
	RIGHTS,
	LIMIT,
	GDTR_BASE,
	GDTR_LIMIT,
	IDTR_BASE,
	IDTR_LIMIT,
	CONTROL, /* offset index in struct cpu */
	VMX,     /* enum vmx_mode */
	CODE_BITS,
	UNKNOWN,
};

struct gdb_register {
	const char *name;
	unsigned bits;
	const char *type;
	enum source source;
	unsigned index;
};

static const struct gdb_register core[] = {
	{ "rax", 64, "int64", GENERAL, CPU_RAX },
	{ "rbx", 64, "int64", GENERAL, CPU_RBX },
	{ "rcx", 64, "int64", GENERAL, CPU_RCX },
	{ "rdx", 64, "int64", GENERAL, CPU_RDX },
	{ "rsi", 64, "int64", GENERAL, CPU_RSI },
	{ "rdi", 64, "int64", GENERAL, CPU_RDI },
	{ "rbp", 64, "data_ptr", GENERAL, CPU_RBP },
	{ "rsp", 64, "data_ptr", GENERAL, CPU_RSP },
	{ "r8", 64, "int64", GENERAL, CPU_R8 },
	{ "r9", 64, "int64", GENERAL, CPU_R8 + 1 },
	{ "r10", 64, "int64", GENERAL, CPU_R8 + 2 },
	{ "r11", 64, "int64", GENERAL, CPU_R8 + 3 },
	{ "r12", 64, "int64", GENERAL, CPU_R8 + 4 },
	{ "r13", 64, "int64", GENERAL, CPU_R8 + 5 },
	{ "r14", 64, "int64", GENERAL, CPU_R8 + 6 },
	{ "r15", 64, "int64", GENERAL, CPU_R15 },
	{ "rip", 64, "code_ptr", GENERAL, CPU_RIP },
	{ "eflags", 32, "rflags", FLAGS, 0 },
	{ "cs", 32, "int32", SELECTOR, CPU_CS },
	{ "ss", 32, "int32", SELECTOR, CPU_SS },
	{ "ds", 32, "int32", SELECTOR, CPU_DS },
	{ "es", 32, "int32", SELECTOR, CPU_ES },
	{ "fs", 32, "int32", SELECTOR, CPU_FS },
	{ "gs", 32, "int32", SELECTOR, CPU_GS },
	{ "st0", 80, "i387_ext", UNKNOWN, 0 },
	{ "st1", 80, "i387_ext", UNKNOWN, 0 },
	{ "st2", 80, "i387_ext", UNKNOWN, 0 },
	{ "st3", 80, "i387_ext", UNKNOWN, 0 },
	{ "st4", 80, "i387_ext", UNKNOWN, 0 },
	{ "st5", 80, "i387_ext", UNKNOWN, 0 },
	{ "st6", 80, "i387_ext", UNKNOWN, 0 },
	{ "st7", 80, "i387_ext", UNKNOWN, 0 },
	{ "fctrl", 32, "int", UNKNOWN, 0 },
	{ "fstat", 32, "int", UNKNOWN, 0 },
	{ "ftag", 32, "int", UNKNOWN, 0 },
	{ "fiseg", 32, "int", UNKNOWN, 0 },
	{ "fioff", 32, "int", UNKNOWN, 0 },
	{ "foseg", 32, "int", UNKNOWN, 0 },
	{ "fooff", 32, "int", UNKNOWN, 0 },
	{ "fop", 32, "int", UNKNOWN, 0 },
};

static const struct gdb_register segment_bases[] = {
	{ "fs_base", 64, "int64", WIDE_BASE, CPU_FS },
	{ "gs_base", 64, "int64", WIDE_BASE, CPU_GS },
};

#define SEGMENT(name, number) \
	{ name "_base", 64, "int64", BASE, number }, \
	        { name "_limit", 32, "uint32", LIMIT, number }, \
	{ \
		name "_ar", 32, "uint32", RIGHTS, number \
	}
#define CONTROL_REGISTER(name, type) { #name, 64, type, CONTROL, offsetof(struct cpu, name) }

static const struct gdb_register system_registers[] = {
	CONTROL_REGISTER(cr0, "cr0_bits"),
	CONTROL_REGISTER(cr2, "int64"),
	CONTROL_REGISTER(cr3, "int64"),
	CONTROL_REGISTER(cr4, "cr4_bits"),
	CONTROL_REGISTER(cr8, "int64"),
	CONTROL_REGISTER(efer, "efer_bits"),
	{ "vmx", 32, "vmx_mode", VMX, 0 },
	{ "code_bits", 32, "uint32", CODE_BITS, 0 },
	SEGMENT("es", CPU_ES),
	SEGMENT("cs", CPU_CS),
	SEGMENT("ss", CPU_SS),
	SEGMENT("ds", CPU_DS),
	{ "fs_limit", 32, "uint32", LIMIT, CPU_FS },
	{ "fs_ar", 32, "uint32", RIGHTS, CPU_FS },
	{ "gs_limit", 32, "uint32", LIMIT, CPU_GS },
	{ "gs_ar", 32, "uint32", RIGHTS, CPU_GS },
	{ "ldtr", 32, "int32", SELECTOR, CPU_LDTR },
	{ "ldtr_base", 64, "int64", WIDE_BASE, CPU_LDTR },
	{ "ldtr_limit", 32, "uint32", LIMIT, CPU_LDTR },
	{ "ldtr_ar", 32, "uint32", RIGHTS, CPU_LDTR },
	{ "tr", 32, "int32", SELECTOR, CPU_TR },
	{ "tr_base", 64, "int64", WIDE_BASE, CPU_TR },
	{ "tr_limit", 32, "uint32", LIMIT, CPU_TR },
	{ "tr_ar", 32, "uint32", RIGHTS, CPU_TR },
	{ "gdtr_base", 64, "int64", GDTR_BASE, 0 },
	{ "gdtr_limit", 32, "uint32", GDTR_LIMIT, 0 },
	{ "idtr_base", 64, "int64", IDTR_BASE, 0 },
	{ "idtr_limit", 32, "uint32", IDTR_LIMIT, 0 },
};

/* In the order of their numbers. */
static const struct {
	const char *name;
	const struct gdb_register *registers;
	size_t count;
	const char *group; /* NULL: what gdb thinks of itself */
} features[] = {
	{ "org.gnu.gdb.i386.core", core, COUNT(core), NULL },
	{ "org.gnu.gdb.i386.segments", segment_bases, COUNT(segment_bases), NULL },
	{ "org.reason33.system", system_registers, COUNT(system_registers), "system" },
};

/* The register with this number, or NULL. */
static const struct gdb_register *
find(unsigned number)
{
	for (size_t i = 0; i < COUNT(features); i++) {
		if (number < features[i].count)
			return &features[i].registers[number];
		number -= (unsigned)features[i].count;
	}
	return NULL;
}

unsigned
gdb_register_bytes(unsigned number)
{
	const struct gdb_register *reg = find(number);

	return reg ? reg->bits / 8 : 0;
}

char *
gdb_target_description(void)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return copy_string("");
	fputs("<?xml version=\"1.0\"?>\n"
	      "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
	      "<target version=\"1.0\">\n"
	      "<architecture>i386:x86-64</architecture>\n",
	        out);
	for (size_t i = 0; i < COUNT(features); i++) {
		fprintf(out, "<feature name=\"%s\">\n", features[i].name);
		gdb_write_types(out, features[i].registers == core,
		        features[i].registers == system_registers);
		for (size_t j = 0; j < features[i].count; j++) {
			const struct gdb_register *reg = &features[i].registers[j];

			fprintf(out, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\"", reg->name,
			        reg->bits, reg->type);
			if (features[i].group)
				fprintf(out, " group=\"%s\"", features[i].group);
			fputs("/>\n", out);
		}
		fputs("</feature>\n", out);
	}
	fputs("</target>\n", out);
	fclose(out);
	return text;
}

/* The value of a register that needs no more than "r" and "sreg". */
static bool
plain_value(struct debuggee *debuggee, const struct gdb_register *reg, uint64_t *value)
{
	struct cpu *cpu = &debuggee->cpu;
	const struct segment *segment = &cpu->segments[reg->index % CPU_SEGMENTS];

	if (!debuggee_registers(debuggee))
		return false;
	switch (reg->source) {
	case GENERAL:
		*value = cpu->registers[reg->index];
		if (reg->index == CPU_RIP)
			*value += debuggee_code_base(debuggee);
		else if (reg->index == CPU_RSP)
			*value += debuggee_stack_base(debuggee);
		return true;
	case FLAGS: *value = cpu->rflags; return true;
	case SELECTOR: *value = segment->selector; return true;
	case BASE: *value = segment->base; return true;
	case LIMIT: *value = segment->limit_bytes; return true;
	case RIGHTS: *value = segment->access_rights | (segment->valid ? 0 : 0x10000); return true;
	case GDTR_BASE: *value = cpu->gdtr.base; return true;
	case GDTR_LIMIT: *value = cpu->gdtr.limit_bytes; return true;
	case IDTR_BASE: *value = cpu->idtr.base; return true;
	case IDTR_LIMIT: *value = cpu->idtr.limit_bytes; return true;
	case CODE_BITS: *value = debuggee_code_bits(debuggee); return true;
	default: return false;
	}
}

/* The value of any register; false: unknown. */
static bool
value_of(struct debuggee *debuggee, const struct gdb_register *reg, uint64_t *value)
{
	switch (reg->source) {
	case WIDE_BASE:
		*value = 0;
		if (!debuggee_bases(debuggee))
			return false;
		*value = debuggee->cpu.segments[reg->index].base;
		return true;
	case CONTROL:
		if (!debuggee_control_registers(debuggee))
			return false;
		memcpy(value, (const char *)&debuggee->cpu + reg->index, sizeof(*value));
		return true;
	case VMX:
		*value = debuggee->vmx;
		return debuggee_vmx(debuggee) && (*value = debuggee->vmx, true);
	default: return plain_value(debuggee, reg, value);
	}
}

bool
gdb_register_digits(struct debuggee *debuggee, unsigned number, char digits[GDB_REGISTER_DIGITS])
{
	const struct gdb_register *reg = find(number);
	uint64_t value;

	if (!reg)
		return false;
	if (value_of(debuggee, reg, &value)) {
		gdb_hex(digits, &value, reg->bits / 8);
	} else {
		memset(digits, 'x', reg->bits / 4);
		digits[reg->bits / 4] = '\0';
	}
	return true;
}

void
gdb_core_digits(struct debuggee *debuggee, char *digits, size_t room)
{
	char one[GDB_REGISTER_DIGITS];
	size_t used = 0;

	digits[0] = '\0';
	for (unsigned i = 0; i < COUNT(core) && gdb_register_digits(debuggee, i, one); i++) {
		if (used + strlen(one) >= room)
			break;
		memcpy(digits + used, one, strlen(one) + 1);
		used += strlen(one);
	}
}

/* Write a register.  After a function that it has called, gdb writes all that it saved: what is
 * already there does not matter. */
bool
gdb_register_write(struct debuggee *debuggee, unsigned number, uint64_t value)
{
	const struct gdb_register *reg = find(number);
	uint64_t old;

	if (!reg || !debuggee_registers(debuggee))
		return false;
	if (value_of(debuggee, reg, &old) && old == value)
		return true;
	if (reg->source == FLAGS)
		return debuggee->debugger->write_flags(debuggee, value);
	if (reg->source != GENERAL)
		return false;
	if (reg->index == CPU_RIP)
		value -= debuggee_code_base(debuggee);
	else if (reg->index == CPU_RSP)
		value -= debuggee_stack_base(debuggee);
	return debuggee->debugger->write_general(debuggee, reg->index, value);
}
