/* What all back ends have in common. */
#include "vmx/backend.h"

#include <r33/paging.h>

#include "cpu/fault.h"
#include "rules/names.h"

const struct vmx_backend *vmx;
struct capabilities vmx_capabilities;
struct vmx_window vmx_window;

void
vmcs_require(enum vmx_result result, const char *operation, uint64_t operand)
{
	uint32_t number;

	if (result == VMX_SUCCEED)
		return;
	if (result == VMX_FAIL_INVALID)
		kernel_panic(
		        "%s %#lx: VMfailInvalid, there is no current VMCS", operation, operand);
	number = vmx->last_error();
	kernel_panic("%s %#lx: VM-instruction error %u, %s", operation, operand, number,
	        vm_instruction_error_name(number));
}

bool
vmcs_address_is_malformed(uint64_t address)
{
	return address % PAGE_BYTES != 0 || address >> vmx_capabilities.physical_address_width != 0;
}

uint64_t
vmcs_read(uint32_t field)
{
	uint64_t value;

	vmcs_require(vmx->read(field, &value), "VMREAD of field", field);
	return value;
}

void
vmcs_write(uint32_t field, uint64_t value)
{
	vmcs_require(vmx->write(field, value), "VMWRITE of field", field);
}
