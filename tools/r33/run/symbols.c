/*
 * Addresses to lines, by libdw.  The file may be hostile (a student compiled it), so r33 never
 * calls this in the process that holds the verdicts: see locate.c.
 */
#include "symbols.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include "base/util.h"
#include "place.h"

struct symbols {
	Dwfl *dwfl;
	Dwfl_Module *module;
};

/* Headers whose inline functions are one instruction each. */
static const char header_directory[] = "include/r33/";

static int
no_debug_file(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base, const char *file,
        const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc;
	*found = NULL;
	return -1;
}

/* Read an ELF file; debug information is taken from it alone. */
struct symbols *
symbols_open(int file)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = no_debug_file,
		.section_address = dwfl_offline_section_address,
	};
	struct symbols *symbols = allocate(1, sizeof(*symbols));

	symbols->dwfl = dwfl_begin(&callbacks);
	if (symbols->dwfl) {
		dwfl_report_begin(symbols->dwfl);
		symbols->module = dwfl_report_offline(symbols->dwfl, "module", "module", file);
		dwfl_report_end(symbols->dwfl, NULL, NULL);
	}
	if (symbols->module)
		return symbols; /* which has the file now */
	close(file);
	symbols_close(symbols);
	return NULL;
}

void
symbols_close(struct symbols *symbols)
{
	if (symbols->dwfl)
		dwfl_end(symbols->dwfl);
	free(symbols);
}

/* The place an inlined function was called from, as its DIE has it. */
static bool
set_call_site(json_t *place, Dwarf_Die *unit, Dwarf_Die *inlined)
{
	Dwarf_Attribute attribute;
	Dwarf_Word file_index, line;
	Dwarf_Files *files;
	size_t file_count;
	const char *file;

	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file_index) != 0 ||
	        dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) != 0 ||
	        line > 1000000 || dwarf_getsrcfiles(unit, &files, &file_count) != 0 ||
	        file_index >= file_count || !(file = dwarf_filesrc(files, file_index, NULL, NULL)))
		return false;
	place_set_line(place, file, (long)line);
	return true;
}

/* Is the place in one of our headers? */
static bool
is_in_header(const json_t *place)
{
	const char *file = object_string(place, "file");

	return file && strstr(file, header_directory);
}

/* Walk out of inlined functions until the place is one the student knows; name the function. */
static void
leave_headers(json_t *place, Dwarf_Die *unit, Dwarf_Addr address)
{
	Dwarf_Die *scopes = NULL;
	int count = dwarf_getscopes(unit, address, &scopes);
	const char *name;

	for (int i = 0; i < count; i++) {
		int tag = dwarf_tag(&scopes[i]);

		if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
			continue;
		if (tag == DW_TAG_inlined_subroutine && is_in_header(place) &&
		        set_call_site(place, unit, &scopes[i]))
			continue;
		name = dwarf_diename(&scopes[i]);
		if (name)
			place_set_function(place, name);
		break;
	}
	free(scopes);
}

json_t *
symbols_locate(struct symbols *symbols, uint64_t address)
{
	json_t *place = json_object();
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = dwfl_module_addrdie(symbols->module, address, &bias);
	Dwfl_Line *line = dwfl_module_getsrc(symbols->module, address);
	const char *file, *name;
	int number;

	file = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;
	if (file)
		place_set_line(place, file, number);
	if (unit)
		leave_headers(place, unit, address - bias);
	name = dwfl_module_addrname(symbols->module, address);
	if (name && !json_object_get(place, "function"))
		place_set_function(place, name);
	return place;
}
