/*
 * QEMU's server for gdb, of which r33 is the client: packets out, answers in.
 *
 * It has no way to go on from a breakpoint: gdb is expected to take it out and step.  Here it is stepped over.
 */
#pragma once

#include "answer.h"
#include "debugger.h"
#include "packet.h"

enum { QEMU_BREAKPOINTS_MAX = 128, QEMU_SAID_BYTES = 8192, QEMU_MEMORY_AT_ONCE = 1024 };

struct qemu_server {
	struct machine *machine;
	struct child child;
	int fd;    /* -1 = closed */
	bool gone; /* QEMU has not answered any more */
	struct gdb_reader reader;
	bool running;
	bool stepping,
	        stepping_off; /* for the caller: a step was asked for, or needed before "c" */
	bool interrupted;
	int64_t interrupted_ms; /* when it was; 0 = never */
	bool by_physical;       /* it reads memory by physical address now */
	char *said;             /* what its monitor has printed; QEMU_SAID_BYTES */
	size_t said_length;
	uint64_t breakpoints[QEMU_BREAKPOINTS_MAX]; /* that it has */
	int breakpoint_count;

	/* private */
	char bytes[4096];
	size_t begin, end;
};

/* Start QEMU and connect.  False after a complaint. */
bool qemu_server_start(struct qemu_server *server, struct machine *machine);
void qemu_server_end(struct qemu_server *server);

/* Send a packet and wait for the answer, server->reader.text; NULL: QEMU is gone.  Not for "c" and "s". */
const char *qemu_server_ask(struct qemu_server *server, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* A command of QEMU's monitor, and what it prints; NULL: QEMU is gone. */
const char *qemu_server_monitor(struct qemu_server *server, const char *command);

/* "c" or "s", and what comes of it: server->reader.text is a stop reply. */
void qemu_server_resume(struct qemu_server *server, bool step);
enum debugger_wait qemu_server_wait(struct qemu_server *server, int other, int timeout_ms);
void qemu_server_interrupt(struct qemu_server *server);

/* Memory by linear address as QEMU walks the tables, which ignores a guest's nested ones, or by physical
 * address.  How many bytes there were; all of it or none. */
size_t qemu_server_read(
        struct qemu_server *server, bool physical, uint64_t address, uint8_t *bytes, size_t length);
bool qemu_server_write(
        struct qemu_server *server, uint64_t physical, const uint8_t *bytes, size_t length);

/* Is there a breakpoint of ours or gdb's? */
bool qemu_server_has_breakpoint(const struct qemu_server *server, uint64_t address);
bool qemu_server_set_breakpoint(struct qemu_server *server, uint64_t address);
void qemu_server_clear_breakpoint(struct qemu_server *server, uint64_t address);

/* The stop reply: what kind of stop it is, as far as it says so. */
void qemu_stop(const char *text, struct stop *stop);

/* "info registers": the general and segment registers, and those of control.  False: something is missing. */
bool qemu_registers(const char *text, struct cpu *cpu);
