/* From GRUB to the student's first line: see boot.h. */
#include "boot.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../tests/guests/report.h"
#include "base/file.h"
#include "places.h"

enum { GUEST_IMAGE_LIMIT = 128 * 1024, NO_LIMIT_TICKS = 1 << 30, RETURN_SEARCH_BYTES = 64 };

static const uint8_t iretq[] = { 0x48, 0xcf };

/* The student's function: labs/runtime/flags.mk has the same rule.  Lab 8 has one for each case; where
 * no case is named, its caller. */
static void
name_function(struct debug_files *files, const struct lab *lab, const char *case_id)
{
	const char *prefix = "", *name;

	if (lab->number == 7) {
		name = "vmenter";
	} else if (lab->number == 9) {
		name = "run_guest";
	} else if (lab->number == 8 && !case_id) {
		name = "solve_exercise";
	} else if (lab->number == 8) {
		prefix = strncmp(case_id, "break-", 6) == 0 ? "" : "diagnose_";
		name = case_id;
	} else {
		prefix = "set_";
		name = lab->directory + 2;
	}
	snprintf(files->function, sizeof(files->function), "%s%s", prefix, name);
	for (char *at = files->function; *at; at++) {
		if (*at == '-')
			*at = '_';
	}
}

/* What is booted is stripped; the file with debug information is one directory up. */
static char *
kernel_file(const struct run_options *options)
{
	static const char directory[] = "/boot/";
	char *booted = options->kernel ? copy_string(options->kernel)
	                               : new_string("%s/build/boot/kernel.elf", options->root);
	char *slash = strrchr(booted, '/');
	char *full;

	if (!slash || slash - booted < 5 || strncmp(slash - 5, directory, 6) != 0)
		return booted;
	full = new_string("%.*s%s", (int)(slash - 5 - booted), booted, slash);
	if (access(full, R_OK) == 0) {
		free(booted);
		return full;
	}
	free(full);
	return booted;
}

void
debug_files_find(struct debug_files *files, const struct session *session)
{
	const struct lab *lab = &session->grade.labs.labs[0];

	name_function(files, lab, session->options->case_id);
	files->kernel = kernel_file(session->options);
	files->lab = new_string("%s/lab%d.elf", session->workdir.path, lab->number);
	/* As it is booted, with symbols only: a breakpoint in an inline function would have more places
	 * than Bochs has room for. */
	files->reference = new_string("%s/build/boot/reference.elf", session->options->root);
}

/* Free what was found. */
void
debug_files_free(struct debug_files *files)
{
	free(files->kernel);
	free(files->lab);
	free(files->reference);
	free(files->guest);
	free(files->commands);
}

bool
places_find(struct kernel_places *places, const struct debug_files *files)
{
	struct elf_file *kernel = elf_file_open(files->kernel);
	bool good;

	*places = (struct kernel_places){ 0 };
	if (!kernel)
		return false;
	elf_file_span(kernel, &places->low, &places->high);
	good = elf_file_symbol(kernel, "kernel_main", &places->kernel_main) &&
	       elf_file_symbol(kernel, "trap_stub_0", &places->stubs_low) &&
	       elf_file_symbol(kernel, "trap_common", &places->stubs_high) &&
	       elf_file_symbol(kernel, "trap_stub_32", &places->timer_low) &&
	       elf_file_symbol(kernel, "trap_stub_33", &places->timer_high) &&
	       elf_file_symbol(kernel, "restore_registers", &places->interrupt_return) &&
	       elf_file_symbol(kernel, "trap_leave_cpl3", &places->part_end) &&
	       elf_file_symbol(kernel, "lab_limit_ticks", &places->lab_limit_ticks) &&
	       elf_file_symbol(kernel, "vmcs_layout_wanted", &places->vmcs_layout_wanted) &&
	       elf_file_symbol(kernel, "vmcs_layout_readings", &places->vmcs_layout_readings) &&
	       elf_file_symbol(kernel, "vmcs_layout_region", &places->vmcs_layout_region) &&
	       elf_file_symbol(kernel, "svm_vmrun", &places->svm_vmrun) &&
	       elf_file_symbol(kernel, "svm_vmexit", &places->svm_vmexit) &&
	       elf_file_symbol(kernel, "svm_exit_point", &places->svm_exit_point) &&
	       elf_file_symbol(kernel, "svm_shown", &places->svm_shown);
	elf_file_close(kernel);
	return good;
}

/* In the booted kernel: restore_registers ends with the IRETQ; the lab gets all the time in the world,
 * since the user looks at it; and the kernel is to show where a VMCS's fields are. */
static bool
prepare_kernel(struct run *run)
{
	uint8_t code[RETURN_SEARCH_BYTES];
	uint64_t ticks = NO_LIMIT_TICKS;
	uint8_t wanted = 1;
	size_t length =
	        debuggee_read(&run->debuggee, run->places.interrupt_return, code, sizeof(code));
	const uint8_t *found = memmem(code, length, iretq, sizeof(iretq));

	if (!found)
		return false;
	run->places.interrupt_return += (uint64_t)(found - code);
	return debuggee_write_physical(&run->debuggee, run->places.lab_limit_ticks,
	               (const uint8_t *)&ticks, sizeof(ticks)) &&
	       debuggee_write_physical(&run->debuggee, run->places.vmcs_layout_wanted, &wanted, 1);
}

/* The case that runs: what the kernel has announced may still lie in the pipe. */
const char *
running_case(struct machine *machine)
{
	process_poll(&machine->wait, NULL, 0, 0);
	return machine->stream->current ? machine->stream->current->id : NULL;
}

/* Does this case run, or one that the kernel takes with it: its legal twin? */
static bool
is_in_case(struct run *run, const char *case_id)
{
	const char *running = running_case(run->machine);

	return !case_id || (running && strcmp(running, case_id) == 0);
}

enum halt
boot_to_first_line(struct run *run, const struct debug_files *files, const char *case_id)
{
	uint64_t address;
	enum halt halt;

	if (!elf_first_line(files->lab, files->function, &address))
		return HALT_REFUSED;
	halt = run_until(run, run->places.kernel_main);
	if (halt != HALT_STEPPED)
		return halt;
	if (!prepare_kernel(run))
		return HALT_REFUSED;
	do
		halt = run_until(run, address);
	while (halt == HALT_STEPPED && !is_in_case(run, case_id));
	return halt;
}

/* Does the file hold what is in the guest's memory? */
static bool
is_placed(struct debuggee *debuggee, const char *path, uint8_t *memory, size_t *read)
{
	size_t size;
	char *bytes = read_whole_file(path, GUEST_IMAGE_LIMIT, &size);
	bool same = false;

	if (bytes && size > *read)
		*read += debuggee_read_physical(
		        debuggee, IMAGE_ADDRESS + *read, memory + *read, size - *read);
	if (bytes && size > 0 && size <= *read)
		same = memcmp(bytes, memory, size) == 0;
	free(bytes);
	return same;
}

char *
guest_file(struct debuggee *debuggee, const char *root)
{
	char *directory = new_string("%s/build/guests", root);
	uint8_t *memory = allocate(GUEST_IMAGE_LIMIT, 1);
	char *found = NULL;
	int64_t longest = 0;
	size_t read = 0;
	struct dirent *entry;
	DIR *files = opendir(directory);

	while (files && (entry = readdir(files))) {
		size_t length = strlen(entry->d_name);
		char *path;

		if (length < 5 || strcmp(entry->d_name + length - 4, ".bin") != 0)
			continue;
		path = new_string("%s/%s", directory, entry->d_name);
		if (file_size(path) > longest && is_placed(debuggee, path, memory, &read)) {
			longest = file_size(path);
			free(found);
			found = new_string(
			        "%s/%.*s.elf", directory, (int)length - 4, entry->d_name);
		}
		free(path);
	}
	if (files)
		closedir(files);
	free(memory);
	free(directory);
	return found;
}
