/* Which back end performs VMX: the processor, or, where it has AMD-V instead, software. */
#include <r33/cpuid.h>

#include "vmx/processor.h"
#include "vmx/svm/backend.h"

const char *
vmx_init(void)
{
	if (cpuid(CPUID_FEATURES, 0).ecx & CPUID_ECX_VMX)
		vmx = &processor_backend;
	else if (svm_is_there())
		vmx = &svm_backend;
	else
		return "this processor has neither VMX (CPUID.1:ECX bit 5) nor AMD-V "
		       "(CPUID.80000001H:ECX bit 2): use Bochs, or QEMU with a model that has "
		       "one of them";
	return vmx->enable(&vmx_capabilities);
}
