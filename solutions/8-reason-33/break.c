/*
 * Lab 8: break.
 *
 * Each function finds a current VMCS whose guest can be entered.  Change the guest state so that it
 * breaks the rule in the function's name and no other, and return ENTER.  The processor must answer
 * with exit reason 33.  The fewer fields you change, the more points you get.
 *
 * `build/r33 rules EFER-LMA-LME` explains the first of these rules.
 */
#include <r33/exercises.h>
#include <r33/instructions.h>
#include <r33/msr.h>
#include <r33/segments.h>

/* EFER-LMA-LME, of a 64-bit guest. */
enum decision
break_efer_lma_lme(void)
{
	//: solution
	vmwrite(GUEST_IA32_EFER, vmread(GUEST_IA32_EFER) & ~EFER_LME);
	return ENTER;
	//: skeleton
	//| return UNWRITTEN;
	//: end
}

/* V86-SS-AR, of a guest in virtual-8086 mode. */
enum decision
break_v86_ss_ar(void)
{
	//: solution
	vmwrite(GUEST_SS_ACCESS_RIGHTS, vmread(GUEST_SS_ACCESS_RIGHTS) | RIGHTS_UNUSABLE);
	return ENTER;
	//: skeleton
	//| return UNWRITTEN;
	//: end
}

/* SEG-SS-DPL-RPL, of a 64-bit guest that is not unrestricted. */
enum decision
break_seg_ss_dpl_rpl(void)
{
	//: solution
	vmwrite(GUEST_SS_ACCESS_RIGHTS, vmread(GUEST_SS_ACCESS_RIGHTS) | RIGHTS_DPL);
	vmwrite(GUEST_CS_ACCESS_RIGHTS, vmread(GUEST_CS_ACCESS_RIGHTS) | RIGHTS_DPL);
	return ENTER;
	//: skeleton
	//| return UNWRITTEN;
	//: end
}

/* IDTR-LIMIT-HI, of a 32-bit guest. */
enum decision
break_idtr_limit_hi(void)
{
	//: solution
	vmwrite(GUEST_IDTR_LIMIT, 0x10000);
	return ENTER;
	//: skeleton
	//| return UNWRITTEN;
	//: end
}

/* RIP-HI-64, of a 64-bit guest. */
enum decision
break_rip_hi_64(void)
{
	//: solution
	vmwrite(GUEST_RIP, 1ull << 63);
	return ENTER;
	//: skeleton
	//| return UNWRITTEN;
	//: end
}

/* INT-STI-MOVSS, of a 64-bit guest with RFLAGS.IF = 1. */
enum decision
break_int_sti_movss(void)
{
	//: solution
	vmwrite(GUEST_INTERRUPTIBILITY_STATE, 3);
	return ENTER;
	//: skeleton
	//| return UNWRITTEN;
	//: end
}

/* ACT-HLT-DPL, of a 64-bit guest that is not unrestricted. */
enum decision
break_act_hlt_dpl(void)
{
	//: solution
	vmwrite(GUEST_ACTIVITY_STATE, 1);
	vmwrite(GUEST_CS_SELECTOR, vmread(GUEST_CS_SELECTOR) | 3);
	vmwrite(GUEST_CS_ACCESS_RIGHTS, vmread(GUEST_CS_ACCESS_RIGHTS) | RIGHTS_DPL);
	vmwrite(GUEST_SS_SELECTOR, vmread(GUEST_SS_SELECTOR) | 3);
	vmwrite(GUEST_SS_ACCESS_RIGHTS, vmread(GUEST_SS_ACCESS_RIGHTS) | RIGHTS_DPL);
	return ENTER;
	//: skeleton
	//| return UNWRITTEN;
	//: end
}

/* LINK-CURRENT, of a 64-bit guest. Exit qualification 4. */
enum decision
break_link_current(void)
{
	//: solution
	vmwrite(VMCS_LINK_POINTER, vmptrst());
	return ENTER;
	//: skeleton
	//| return UNWRITTEN;
	//: end
}
