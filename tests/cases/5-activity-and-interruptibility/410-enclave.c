/* No model of Bochs has SGX. */
#include <r33/control_registers.h>

#include "grade/case.h"

TEST_CASE = {
	.lab = 5,
	.id = "enclave",
	.title = "a guest in an enclave is refused without SGX",
	.points = 2,
	.image = "moment64",
	.guest = { .mode = GUEST_64BIT,
	        .cr0 = CR0_PE | CR0_PG,
	        .cr4 = CR4_PAE,
	        .inside = INSIDE_ENCLAVE },
	.twin = "runs",
	.hint = "CPUID leaf 7, EBX bit 2",
};
