/*
 * Fuzzing the reader of capability files.  Beyond what the sanitizers see: a text that is refused
 * leaves nothing behind, and one that is read tells possible values.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "state/caps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct caps caps;
	char *problem = caps_read(&caps, (const char *)bytes, length);

	if (problem && memcmp(&caps.capabilities, &any_processor, sizeof(any_processor)) != 0)
		abort();
	if (!problem && (caps.capabilities.physical_address_width < 32 ||
	                        caps.capabilities.physical_address_width > 52 ||
	                        caps.capabilities.linear_address_width < 32 ||
	                        caps.capabilities.linear_address_width > 57))
		abort();
	free(problem);
	free(caps_missing(&caps));
	return 0;
}
