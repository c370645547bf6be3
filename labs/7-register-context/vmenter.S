/*
 * Lab 7: register context.
 *
 * VM entry loads the registers for which the VMCS has a field.  All others flow through: the
 * guest starts with what the host had in them, and after the VM exit the host finds what the
 * guest left.  vmenter() is the function in between.  README.md in this directory explains it
 * in the order in which you meet it.
 *
 * You may use: every instruction that works at CPL 3, and VMWRITE of HOST_RSP and HOST_RIP, VMREAD,
 * VMLAUNCH, VMRESUME, MOV to and from CR2, DR0 to DR3 and DR6, which the kernel performs for you;
 * the names in <r33/vmenter.h>.
 */
#include <r33/vmenter.h>


	.text
	.globl vmenter
/*
 * enum vmenter_result vmenter(struct register_context *context, bool launched)
 *
 *   RDI = context    the guest's registers: enter with them, store what it leaves in them.  After
 *                    a failed VMLAUNCH or VMRESUME the context is unchanged.
 *   SIL = launched   0: VMLAUNCH, 1: VMRESUME.  The other bits of RSI are not defined.
 *
 * Returns in EAX
 *   VMENTER_RESULT_EXIT           there was a VM exit, for whatever reason
 *   VMENTER_RESULT_FAIL_INVALID   the instruction failed with CF = 1: no current VMCS
 *   VMENTER_RESULT_FAIL_VALID     it failed with ZF = 1
 *
 * with RBX, RBP, R12 to R15, RSP, the x87 control word and MXCSR as they were, DF = 0, and no
 * value of the guest in any other register.
 */
vmenter:
	/* YOUR CODE HERE.  Begin with VMWRITE of HOST_RSP and HOST_RIP. */
	mov $VMENTER_RESULT_UNWRITTEN, %eax
	ret

	.section .note.GNU-stack, "", @progbits
