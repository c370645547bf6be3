/* See svm_base.h. */
#include "svm_base.h"

#include <stdio.h>
#include <stdlib.h>

#include "state/bases.h"

void
svm_base_store(const char *name, const struct capabilities *capabilities,
        void (*store)(uint32_t field, uint64_t value))
{
	static struct vmcs base;
	const char *problem = base_make((unsigned)base_find(name), capabilities, &base);

	if (problem) {
		fprintf(stderr, "base %s: %s\n", name, problem);
		abort();
	}
	for (unsigned i = 0; i < VMCS_FIELD_COUNT; i++)
		if (base.known[i])
			store(vmcs_encoding(i), base.values[i]);
}
