/* The front end's own test: lab code that executes every instruction the front end performs, and
 * checks what comes back against the architecture.  Its cases are in tests/cases/0-front-end/. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/rflags.h>

/* forms.S: VMREAD and VMWRITE of a field in many operand forms, one function each; each returns
 * the status flags after the instruction. */
typedef uint64_t form_function(uint64_t field, uint64_t *slot);
extern form_function *const read_forms[], *const write_forms[];
extern const uint64_t read_form_count, write_form_count;

/* forms.S: CPUID, as assembly has it, with these values of the 16 registers (RSP excepted) before and after;
 * returns the status flags, which were all set. */
uint64_t execute_cpuid(uint64_t registers[16]);

/* enter.S: load the 16 registers (RSP excepted), VMLAUNCH or VMRESUME; 0 = came back by a VM exit,
 * otherwise the status flags of the failed instruction. */
uint64_t enter_guest(uint64_t registers[16], bool resume);

/* One-operand VMX instructions with all status flags set before; return the flags after. */
uint64_t flags_of_vmclear(const uint64_t *operand);
uint64_t flags_of_vmptrld(const uint64_t *operand);
uint64_t flags_of_vmxon(const uint64_t *operand);
uint64_t flags_of_vmptrst(uint64_t *operand);
uint64_t flags_of_vmxoff(void);
uint64_t flags_of_vmread(uint64_t field, uint64_t *value);
uint64_t flags_of_vmwrite(uint64_t field, uint64_t value);
