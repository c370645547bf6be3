/* An engine that has a server for gdb of its own: the way to it. */
#pragma once

#include "machine/engine.h"

/* A free port of the loopback interface; 0: there is none. */
int free_port(void);

/* Connect to the server, which takes a moment to listen.  -1: the engine has ended, or r33 is to end. */
int engine_connect(struct machine *machine, struct child *engine);
