/* An engine that has a server for gdb of its own: QEMU, and a Bochs built with one. */
#pragma once

#include "base/util.h"
#include "start.h"

/* Start the machine, and gdb; or, with --server, pass on what a gdb and the machine say. */
enum exit_status stub_debug(struct session *session, const struct gdb_options *options,
        struct debug_files *files, const struct kernel_places *places);
