/* A lab is debugged, from the student's first line on. */
#pragma once

#include "options.h"
#include "run/session.h"

/* Boot the session's image and let gdb debug it.  STATUS_ALL_POINTS: gdb has ended; another one after a
 * complaint. */
enum exit_status gdb_debug(struct session *session, const struct gdb_options *options);
