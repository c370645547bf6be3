/* Addresses in ELF files: see places.h. */
#include "places.h"

#include <dwarf.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <elfutils/libdw.h>
#include <sys/mman.h>

#include "base/util.h"
#include "process/confine.h"
#include "process/process.h"

enum { ANSWER_WAIT_MS = 20000 };

struct elf_file {
	int fd;
	Elf *elf;
	Dwarf *dwarf; /* NULL: no debug information */
};

struct elf_file *
elf_file_open(const char *path)
{
	struct elf_file *file = allocate(1, sizeof(*file));

	elf_version(EV_CURRENT);
	file->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (file->fd >= 0)
		file->elf = elf_begin(file->fd, ELF_C_READ, NULL);
	if (!file->elf || elf_kind(file->elf) != ELF_K_ELF) {
		elf_file_close(file);
		return NULL;
	}
	file->dwarf = dwarf_begin_elf(file->elf, DWARF_C_READ, NULL);
	return file;
}

void
elf_file_close(struct elf_file *file)
{
	if (!file)
		return;
	if (file->dwarf)
		dwarf_end(file->dwarf);
	if (file->elf)
		elf_end(file->elf);
	if (file->fd >= 0)
		close(file->fd);
	free(file);
}

/* The symbol in this section. */
static bool
find_symbol(Elf *elf, Elf_Scn *section, const char *name, uint64_t *value)
{
	GElf_Shdr header;
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;

	if (!data || !gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
		return false;
	for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
		const char *other = elf_strptr(elf, header.sh_link, symbol.st_name);

		if (symbol.st_shndx == SHN_UNDEF || !other || strcmp(other, name) != 0)
			continue;
		*value = symbol.st_value;
		return true;
	}
	return false;
}

bool
elf_file_symbol(struct elf_file *file, const char *name, uint64_t *value)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(file->elf, section))) {
		if (find_symbol(file->elf, section, name, value))
			return true;
	}
	return false;
}

/* What the search for a function's first line is about. */
struct search {
	const char *function;
	Dwarf_Die *unit;
	uint64_t address;
	bool found;
};

/*
 * The second line that the function has code for.  The first is that of its opening brace: there the
 * arguments are not yet where the debug information says.  Both are at the same address in a function
 * that needs no code for its arguments.
 */
static bool
second_line(Dwarf_Die *unit, Dwarf_Addr low, Dwarf_Addr high, uint64_t *address)
{
	const char *own = NULL;
	Dwarf_Lines *lines;
	size_t count;
	int first = 0;

	if (dwarf_getsrclines(unit, &lines, &count) != 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		Dwarf_Line *line = dwarf_onesrcline(lines, i);
		Dwarf_Addr at = 0;
		int number = 0;
		bool is_statement = false;

		if (dwarf_lineaddr(line, &at) != 0 || at < low || at >= high ||
		        dwarf_lineno(line, &number) != 0 ||
		        dwarf_linebeginstatement(line, &is_statement) != 0)
			continue;
		if (at == low && first == 0) {
			first = number;
			own = dwarf_linesrc(line, NULL, NULL);
		}
		/* Not what a header's inline function makes of it. */
		if (first != 0 && number != first && is_statement && own &&
		        dwarf_linesrc(line, NULL, NULL) == own) {
			*address = at;
			return true;
		}
	}
	return false;
}

/* One function of a compilation unit. */
static int
look_at_function(Dwarf_Die *die, void *context)
{
	struct search *search = context;
	const char *name = dwarf_diename(die);
	Dwarf_Addr low, high;

	if (!name || strcmp(name, search->function) != 0 || dwarf_lowpc(die, &low) != 0 ||
	        dwarf_highpc(die, &high) != 0)
		return DWARF_CB_OK;
	search->address = low;
	second_line(search->unit, low, high, &search->address);
	search->found = true;
	return DWARF_CB_ABORT;
}

/* Where a debugger stops in a function. */
static bool
find_first_line(struct elf_file *file, const char *function, uint64_t *address)
{
	struct search search = { .function = function };
	Dwarf_Off offset = 0, next;
	size_t header_bytes;
	Dwarf_Die unit;

	while (file->dwarf && !search.found &&
	        dwarf_nextcu(file->dwarf, offset, &next, &header_bytes, NULL, NULL, NULL) == 0) {
		search.unit = &unit;
		if (dwarf_offdie(file->dwarf, offset + header_bytes, &unit))
			dwarf_getfuncs(&unit, look_at_function, &search, 0);
		offset = next;
	}
	*address = search.address;
	return search.found || elf_file_symbol(file, function, address);
}

/* A question, and the answer in memory that the child shares. */
struct question {
	const char *path, *function;
	struct answer {
		bool found;
		uint64_t address;
	} *answer;
};

/* In the child: answer, with nothing but the open file within reach. */
static void
answer(const void *context)
{
	static const struct confined_files nothing;
	const struct question *question = context;
	struct elf_file *file;

	close_range(STDERR_FILENO + 1, ~0u, 0); /* it has started (process.h) */
	file = elf_file_open(question->path);
	if (file && confine_files(&nothing) && confine_calls(CALLS_OF_READER)) {
		uint64_t address;

		question->answer->found = find_first_line(file, question->function, &address);
		question->answer->address = address;
	}
	_exit(0);
}

/* Ask a child, since the file may be hostile. */
bool
elf_first_line(const char *path, const char *function, uint64_t *address)
{
	struct question question = { path, function,
		mmap(NULL, sizeof(struct answer), PROT_READ | PROT_WRITE,
		        MAP_SHARED | MAP_ANONYMOUS, -1, 0) };
	struct wait wait = { .deadline_ms = now_ms() + ANSWER_WAIT_MS };
	struct child child;
	bool found;

	if (question.answer == MAP_FAILED)
		return false;
	if (process_fork_group(&child, answer, &question) == 0) {
		process_wait(&child, &wait);
		process_end(&child);
	}
	found = question.answer->found;
	*address = question.answer->address;
	munmap(question.answer, sizeof(struct answer));
	return found;
}

void
elf_file_span(struct elf_file *file, uint64_t *low, uint64_t *high)
{
	size_t count = 0;
	GElf_Phdr header;

	*low = UINT64_MAX;
	*high = 0;
	elf_getphdrnum(file->elf, &count);
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(file->elf, (int)i, &header) || header.p_type != PT_LOAD)
			continue;
		if (header.p_vaddr < *low)
			*low = header.p_vaddr;
		if (header.p_vaddr + header.p_memsz > *high)
			*high = header.p_vaddr + header.p_memsz;
	}
}
