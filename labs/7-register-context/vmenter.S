/*
 * Lab 7: register context.
 *
 * VM entry loads from the VMCS what the VMCS has a field for.  All other registers flow through:
 * the guest starts with what the host had in them, and after the VM exit the host finds what the
 * guest left.  vmenter() is what stands in between.  README.md in this directory explains it in
 * the order in which you meet it.
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
 *                    a failed VMLAUNCH or VMRESUME it holds what it held before.
 *   SIL = launched   0: VMLAUNCH, 1: VMRESUME.  The other bits of RSI are not defined.
 *
 * Returns in EAX
 *   VMENTER_RESULT_EXIT           a VM exit has come, for whatever reason
 *   VMENTER_RESULT_FAIL_INVALID   the instruction answered with CF = 1: no current VMCS
 *   VMENTER_RESULT_FAIL_VALID     it answered with ZF = 1
 *
 * with RBX, RBP, R12 to R15, RSP, the x87 control word and MXCSR as they were, DF = 0, and nothing
 * of the guest in any other register.
 */
vmenter:
	/* YOUR CODE HERE.  VMWRITE of HOST_RSP and HOST_RIP is where it begins. */
	mov $VMENTER_RESULT_UNWRITTEN, %eax
	ret

	.section .note.GNU-stack, "", @progbits
