/* Names for numbers, as the SDM has them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/exit_reasons.h>

/* "VM-entry failure due to invalid guest state"; never NULL. */
const char *exit_reason_name(unsigned basic_reason);

/* The meaning of a VM-instruction error number (SDM 3C 31.4); never NULL. */
const char *vm_instruction_error_name(uint32_t number);

/* "#GP" and so on; never NULL. */
const char *exception_name(unsigned vector);
bool exception_has_error_code(unsigned vector);
