/* Types of registers whose bits have names: see types.h. */
#include "types.h"

struct bit {
	const char *name;
	int low, high;
};

/* A type is a list of bits; a NULL name ends it. */
static const struct bit rflags[] = { { "CF", 0, 0 }, { "", 1, 1 }, { "PF", 2, 2 }, { "AF", 4, 4 },
	{ "ZF", 6, 6 }, { "SF", 7, 7 }, { "TF", 8, 8 }, { "IF", 9, 9 }, { "DF", 10, 10 },
	{ "OF", 11, 11 }, { "IOPL", 12, 13 }, { "NT", 14, 14 }, { "RF", 16, 16 }, { "VM", 17, 17 },
	{ "AC", 18, 18 }, { "VIF", 19, 19 }, { "VIP", 20, 20 }, { "ID", 21, 21 }, { 0 } };

static const struct bit cr0[] = { { "PE", 0, 0 }, { "MP", 1, 1 }, { "EM", 2, 2 }, { "TS", 3, 3 },
	{ "ET", 4, 4 }, { "NE", 5, 5 }, { "WP", 16, 16 }, { "AM", 18, 18 }, { "NW", 29, 29 },
	{ "CD", 30, 30 }, { "PG", 31, 31 }, { 0 } };

static const struct bit cr4[] = { { "VME", 0, 0 }, { "PVI", 1, 1 }, { "TSD", 2, 2 }, { "DE", 3, 3 },
	{ "PSE", 4, 4 }, { "PAE", 5, 5 }, { "MCE", 6, 6 }, { "PGE", 7, 7 }, { "PCE", 8, 8 },
	{ "OSFXSR", 9, 9 }, { "OSXMMEXCPT", 10, 10 }, { "UMIP", 11, 11 }, { "LA57", 12, 12 },
	{ "VMXE", 13, 13 }, { "SMXE", 14, 14 }, { "FSGSBASE", 16, 16 }, { "PCIDE", 17, 17 },
	{ "OSXSAVE", 18, 18 }, { "KL", 19, 19 }, { "SMEP", 20, 20 }, { "SMAP", 21, 21 },
	{ "PKE", 22, 22 }, { "CET", 23, 23 }, { "PKS", 24, 24 }, { "UINTR", 25, 25 }, { 0 } };

static const struct bit efer[] = { { "SCE", 0, 0 }, { "LME", 8, 8 }, { "LMA", 10, 10 },
	{ "NXE", 11, 11 }, { 0 } };

/* One type of flags. */
static void
write_flags(FILE *out, const char *id, int bytes, const struct bit *bits)
{
	fprintf(out, "<flags id=\"%s\" size=\"%d\">\n", id, bytes);
	for (; bits->name; bits++)
		fprintf(out, "<field name=\"%s\" start=\"%d\" end=\"%d\"/>\n", bits->name,
		        bits->low, bits->high);
	fputs("</flags>\n", out);
}

void
gdb_write_types(FILE *out, bool of_core, bool of_system)
{
	if (of_core)
		write_flags(out, "rflags", 4, rflags);
	if (!of_system)
		return;
	write_flags(out, "cr0_bits", 8, cr0);
	write_flags(out, "cr4_bits", 8, cr4);
	write_flags(out, "efer_bits", 8, efer);
	fputs("<enum id=\"vmx_mode\" size=\"4\">\n"
	      "<evalue name=\"off\" value=\"0\"/>\n"
	      "<evalue name=\"root\" value=\"1\"/>\n"
	      "<evalue name=\"guest\" value=\"2\"/>\n"
	      "</enum>\n",
	        out);
}
