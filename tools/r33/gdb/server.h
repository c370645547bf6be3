/* The server: gdb's packets in, answers out, until gdb leaves or Bochs ends. */
#pragma once

#include "command.h"
#include "link.h"
#include "run.h"
#include "run/session.h"
#include "vmcs_layout.h"

struct server {
	struct gdb_link link;
	struct run run;
	struct session *session;
	char *description;
	bool refused;               /* a breakpoint, and gdb's user has not been told */
	struct vmcs_layout *layout; /* where the fields of a VMCS are; NULL: not asked for yet */
	bool lost;                  /* Bochs is gone */
	char stopped[64];           /* the stop reply for '?' */
};

/* Serve gdb on server->link, the machine being stopped. */
void server_run(struct server *server);

/* gdb's "monitor TEXT".  False: there is no such command.  monitor.c */
bool monitor_command(struct server *server, const char *text);
