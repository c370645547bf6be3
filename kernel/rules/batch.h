/*
 * A batch: many guest states in one boot module, each to be entered once.  r33 makes it from bases
 * and changes and knows what to expect; the kernel (grade/states.c) enters the states and reports.
 *
 * The file: a header, then the bases, then the states, all little-endian and without padding.
 * A base is a list of writes that makes a whole state; a state is a base and a few writes more.
 */
#pragma once

#include <stdint.h>

#define BATCH_MAGIC   "R33BATCH"
#define BATCH_VERSION 1

/* Memory that writes can reach, host-physical; zero but for a base's writes.  It is followed by the page of the
 * VMCS that the states are in. */
#define BATCH_MEMORY       0x1100000u
#define BATCH_MEMORY_BYTES 0x10000u
#define BATCH_VMCS         (BATCH_MEMORY + BATCH_MEMORY_BYTES)

/* A write's target: a VMCS field, or 8 bytes of memory by their offset. */
#define BATCH_TARGET_MEMORY 0x80000000u

#define BATCH_MAX_BASES       64
#define BATCH_MAX_BASE_WRITES 400
#define BATCH_MAX_WRITES      32 /* of a state */

enum batch_flags {
	BATCH_REPORT_ALL = 1, /* a line for every state, not only for new deviations */
};

/* How an entry ended. */
enum batch_end {
	BATCH_ENTERED,
	BATCH_ENTRY_FAILED, /* number: the basic exit reason */
	BATCH_VMFAIL,       /* number: the VM-instruction error, 0 for VMfailInvalid */
	BATCH_DIES,         /* only predicted: the engine would not survive it */
};

/* An end, its number and its exit qualification in one word. */
#define BATCH_RESULT(end, number, qualification) \
	((uint32_t)(end) << 24 | ((uint32_t)(number) & 0xff) << 16 | \
	        ((uint32_t)(qualification) & 0xffff))
#define BATCH_RESULT_MASK_END         0xff000000u
#define BATCH_RESULT_MASK_ALL         0xffffffffu
#define BATCH_RESULT_NO_QUALIFICATION 0xffff0000u

struct __attribute__((packed)) batch_header {
	char magic[8];
	uint32_t version;
	uint32_t flags;
	uint32_t base_count;
	uint32_t state_count;
};

struct __attribute__((packed)) batch_base {
	uint32_t write_count; /* the writes follow */
};

struct __attribute__((packed)) batch_state {
	uint16_t base;
	uint16_t write_count; /* the writes follow */
	uint32_t expected;    /* BATCH_RESULT() */
	uint32_t mask;        /* the bits of it that count */
};

struct __attribute__((packed)) batch_write {
	uint32_t target;
	uint64_t value;
};
