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
	return UNWRITTEN;
}

/* V86-SS-AR, of a guest in virtual-8086 mode. */
enum decision
break_v86_ss_ar(void)
{
	return UNWRITTEN;
}

/* SEG-SS-DPL-RPL, of a 64-bit guest that is not unrestricted. */
enum decision
break_seg_ss_dpl_rpl(void)
{
	return UNWRITTEN;
}

/* IDTR-LIMIT-HI, of a 32-bit guest. */
enum decision
break_idtr_limit_hi(void)
{
	return UNWRITTEN;
}

/* RIP-HI-64, of a 64-bit guest. */
enum decision
break_rip_hi_64(void)
{
	return UNWRITTEN;
}

/* INT-STI-MOVSS, of a 64-bit guest with RFLAGS.IF = 1. */
enum decision
break_int_sti_movss(void)
{
	return UNWRITTEN;
}

/* ACT-HLT-DPL, of a 64-bit guest that is not unrestricted. */
enum decision
break_act_hlt_dpl(void)
{
	return UNWRITTEN;
}

/* LINK-CURRENT, of a 64-bit guest. Exit qualification 4. */
enum decision
break_link_current(void)
{
	return UNWRITTEN;
}
