/* gdb: what it is told, and how it is started. */
#pragma once

#include "boot.h"
#include "options.h"
#include "process/process.h"

/* Write the commands gdb begins with to WORK/gdb.init.  `target` is what it connects to; NULL: the user
 * does that.  False after a complaint. */
bool gdb_write_init(
        const struct session *session, const struct debug_files *files, const char *target);

/* Start gdb on this terminal.  False after a complaint. */
bool gdb_start(
        struct child *child, const struct session *session, const struct gdb_options *options);

/* A socket in the work directory that listens, and the name by which gdb finds it (the caller frees
 * it).  -1 after a complaint. */
int gdb_listen(const struct session *session, char **name);
