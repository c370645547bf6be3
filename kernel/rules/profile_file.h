/*
 * A capability profile: what processor labs are to see where the machine's own is another, as a boot module.
 * r33 makes it from a capability file, the kernel (vmx/profile.c) reads it.
 *
 * The file: a header, then the MSRs, then the CPUID leaves, all little-endian and without padding.
 */
#pragma once

#include <stdint.h>

#define PROFILE_MODULE  "profile" /* the module's command line */
#define PROFILE_MAGIC   "R33PROFL"
#define PROFILE_VERSION 1

#define PROFILE_MAX_MSRS   64
#define PROFILE_MAX_LEAVES 64

struct __attribute__((packed)) profile_header {
	char magic[8];
	uint32_t version;
	uint32_t msr_count;
	uint32_t leaf_count;
	uint32_t reserved; /* 0 */
};

struct __attribute__((packed)) profile_msr {
	uint32_t number;
	uint32_t reserved; /* 0 */
	uint64_t value;
};

struct __attribute__((packed)) profile_leaf {
	uint32_t leaf, subleaf;
	uint32_t registers[4]; /* EAX, EBX, ECX, EDX */
};
