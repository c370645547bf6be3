/* How long to wait: see patience.h. */
#include "patience.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	MOST_SLOWNESS = 20,
	ROUNDS = 200 * 1000,
	SAMPLES = 3,
	USUAL_US = 1000, /* for that many rounds, on a slow laptop */
};

static unsigned
within_reason(int64_t factor)
{
	return factor < 1 ? 1 : factor > MOST_SLOWNESS ? MOST_SLOWNESS : (unsigned)factor;
}

static int64_t
own_time_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* How long the rounds take now. */
static int64_t
sample_us(void)
{
	volatile uint32_t sink = 1;
	int64_t start = own_time_us();

	for (int i = 0; i < ROUNDS; i++)
		sink = sink * 1664525 + 1013904223;
	return own_time_us() - start;
}

/* How slow is the processor?  Emulated ones are, and old ones.  Neighbours only ever slow it down. */
unsigned
processor_slowness(void)
{
	static unsigned slowness;
	int64_t best = INT64_MAX;

	for (int i = 0; slowness == 0 && i < SAMPLES; i++) {
		int64_t sample = sample_us();

		best = sample < best ? sample : best;
	}
	if (slowness == 0)
		slowness = within_reason(best / USUAL_US);
	return slowness;
}

unsigned
load_slowness(void)
{
	double load;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (getloadavg(&load, 1) != 1 || processors < 1)
		return 1;
	return within_reason((int64_t)(load / (double)processors) + 1);
}
