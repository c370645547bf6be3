/* How a gdb comes to its server: the one r33 starts, or the user's own. */
#pragma once

#include "base/util.h"
#include "start.h"

/* Who talks to gdb: its packets come on `in`, answers go to `out`. */
typedef void gdb_serve(void *context, int in, int out);

/* Start gdb on this terminal and serve it; or, with --server, serve one on stdin and stdout or on a
 * port. */
enum exit_status gdb_connect(struct session *session, const struct gdb_options *options,
        const struct debug_files *files, gdb_serve *serve, void *context);
