/* What a guest of lab 9 sees on its journey, and the sum that it makes of it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "reset_case.h"

#define MAX_STATIONS 8

/* CPUID leaf 1 outside of the guest. */
struct signature {
	uint32_t ecx;
	uint32_t others; /* EAX, EBX and EDX, added */
};

/* In the order in which it sees them; returns how many. */
size_t expected_values(const struct journey *journey, uint32_t token, struct signature signature,
        struct observation *observations);

/* The sum of these, which begins as the nonce. */
uint64_t expected_sum(const struct journey *journey, uint32_t nonce,
        const struct observation *observations, size_t count);

/* The numbers of the stations it comes by; returns how many. */
size_t expected_stations(const struct journey *journey, unsigned stations[MAX_STATIONS]);
const char *station_text(unsigned station);
