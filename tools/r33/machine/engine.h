/*
 * Engines: what can be the machine.  engine.c boots and watches, bochs.c and qemu.c
 * know how to start one and what its last words mean.
 */
#pragma once

#include "base/util.h"
#include "process/process.h"
#include "state/caps.h"
#include "stream/stream.h"

#define ENGINE_SOCKETS "sockets" /* a directory */
#define ENGINE_SOCKET  ENGINE_SOCKETS "/qemu"
enum { ENGINE_ARGUMENTS = 48, ENGINE_DEFAULT_STALL_S = 60, ENGINE_MESSAGE_BYTES = 512 };
enum { ENGINE_CPU_BYTES = 512, ENGINE_VERSION_BYTES = 32 };

/* The child's descriptors of the two serial ports, and of the debugger's commands and answers. */
enum { CONSOLE_FD = 3, STREAM_FD = 4, COMMANDS_FD = 0, ANSWERS_FD = 5 };

struct machine; /* below */

/* What executes the machine's instructions, where the engine has a choice. */
enum accelerator {
	ACCELERATOR_AUTO, /* KVM where the host lets a guest have VMX, else TCG */
	ACCELERATOR_KVM,
	ACCELERATOR_TCG, /* QEMU itself */
};

/* One engine.  All functions are needed. */
struct engine {
	const char *name;
	const struct confined_file
	        *files;      /* what it reads, besides libraries; ends without a path */
	const char *package; /* of Debian and Ubuntu */
	const char *default_cpu;
	const char *version_option;  /* makes the program say which version it is ... */
	const char *version_follows; /* ... after these words */

	/* The program to start, or NULL: not installed. */
	const char *(*program)(void);

	/* Settle the accelerator: not ACCELERATOR_AUTO where the engine has a choice. */
	enum accelerator (*accelerate)(enum accelerator wanted);

	/* Is there such a processor model?  If not, complain with the list of them.  Not for TCG, whose
	 * models are the capability files of this tree. */
	bool (*check_cpu)(const char *cpu);

	/* Write the engine's files into the work directory and argv.  False after a complaint. */
	bool (*prepare)(struct machine *machine, const char *argv[ENGINE_ARGUMENTS]);

	/* The engine wrote on its stderr. */
	void (*messages)(struct machine *machine, const char *bytes, size_t length);

	/* The engine ended by itself: fill in end.triple_fault and end.messages. */
	void (*post_mortem)(struct machine *machine);
};

enum engine_end_kind {
	ENGINE_NOT_STARTED, /* it is missing, or a file could not be written */
	ENGINE_STOPPED,     /* r33 ended it: the stream is complete, or malformed */
	ENGINE_EXITED,      /* it ended by itself: wait_status */
	ENGINE_STALLED,     /* nothing on the record stream for too long */
	ENGINE_INTERRUPTED, /* the user wants to end r33 */
};

struct engine_end {
	enum engine_end_kind kind;
	int wait_status;
	bool triple_fault;
	int64_t patience_s; /* how long it was waited for, before the load was taken into account */
	struct tail console;  /* last bytes of COM1 */
	struct tail messages; /* last words of the engine */
};

/* A machine to boot, and how it went. */
struct machine {
	const struct engine *engine;
	const char *cpu;
	const struct caps *model; /* what cpu is for TCG; NULL = the engine knows itself */
	const char *display;      /* NULL = none to be seen */
	const char *iso;          /* file name inside work */
	const char *work;
	int ips; /* instructions per emulated second; 0 = the engine's best */
	int64_t stall_ms;
	bool hold; /* a display was asked for: leave it until the user is done */
	/* The machine waits for a debugger: Bochs' own on COMMANDS_FD and ANSWERS_FD, which the child
	 * has these files for, or QEMU's server for gdb on the socket ENGINE_SOCKET in work. */
	bool debugged;
	int commands, answers;
	bool debugger_by_option; /* Bochs wants "-debugger" to begin in its debugger */
	int stub_port;           /* of a Bochs with a server for gdb of its own; 0 = not this */
	struct stream *stream;
	FILE *record; /* gets a copy of the record stream; NULL = no copy */
	void (*console)(void *context, const char *bytes, size_t length); /* NULL = none */
	void *console_context;
	struct engine_end end;

	/* private to engine*.c */
	struct wait wait;
	const struct child *child; /* that is watched; NULL = none */
	int64_t last_byte_ms, last_byte_cpu_ms;
	int64_t started_us;
	char message[ENGINE_MESSAGE_BYTES]; /* the line that its stderr is in the middle of */
	size_t message_bytes;
	char cpu_option[ENGINE_CPU_BYTES];
};

/*
 * Ask the installed engine for its version: first begin, so that it answers while other things are done,
 * then end.  "": it is not installed, or it does not say.  version.c
 */
struct engine_question {
	struct child child;
	int output;
	bool asked;
};
/* Start an engine that is to say something of itself, argv[0] NULL: not installed.  False: it could not
 * be started. */
bool engine_ask(const char *const *argv, struct engine_question *question);
void engine_version_begin(const struct engine *engine, struct engine_question *question);
void engine_version_end(const struct engine *engine, struct engine_question *question,
        char version[ENGINE_VERSION_BYTES]);

/* The version in what an engine has printed: it follows these words. */
void engine_version_in(const char *follows, const char *text, char version[ENGINE_VERSION_BYTES]);

extern const struct engine engine_bochs;
extern const struct engine engine_qemu;

/* The engine with this name, or NULL. */
const struct engine *engine_find(const char *name);

/* Boot, feed the stream and the console, end the engine.  Fills in machine->end. */
void engine_run(struct machine *machine);

/* Open the pipes and start the engine, nothing else.  False after a complaint. */
bool engine_start(struct machine *machine, struct child *child);

/*
 * What the engine may reach: its ROMs and displays, the image, its own log.  An emulator
 * under a hostile guest cannot be trusted.  confine.c.  The list refers to *paths, which the caller frees.
 */
struct engine_paths {
	char *program, *real_program, *image, *configuration, *commands, *log, *sockets;
};
bool engine_confine(const struct machine *machine, const char *program,
        struct confined_files *files, struct engine_paths *paths);
void engine_paths_free(struct engine_paths *paths);

/* The stream is done: let engine_run() end.  To be called from an event of the stream. */
void engine_stop(struct machine *machine);

/* Add the last 4 KiB of a file in the work directory to the engine's last words. */
void engine_add_file(struct machine *machine, const char *name);
