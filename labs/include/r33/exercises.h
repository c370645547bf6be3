/*
 * Lab 8's exercises, in order: one function each, named diagnose_... or break_...
 *
 * To diagnose: a current VMCS whose guest state breaks one rule.  The function repairs it and returns
 * the rule's name.
 * To break: a current VMCS that can be entered.  The function changes it so that it breaks the rule
 * in its name and no other, and returns ENTER.
 */
#pragma once

#include <r33/lab.h>
#include <r33/rules.h>

#define EXERCISES(DIAGNOSE, BREAK) \
	DIAGNOSE(new_page_tables) \
	DIAGNOSE(left_protected_mode) \
	DIAGNOSE(went_to_long_mode) \
	DIAGNOSE(chose_memory_types) \
	DIAGNOSE(made_system_call) \
	DIAGNOSE(called_64_bit_code) \
	DIAGNOSE(loaded_data_segment) \
	DIAGNOSE(started_first_task) \
	DIAGNOSE(uses_no_ldt) \
	DIAGNOSE(was_emulated) \
	DIAGNOSE(got_an_interrupt) \
	DIAGNOSE(executed_sti_and_cli) \
	DIAGNOSE(idles) \
	DIAGNOSE(is_single_stepped) \
	DIAGNOSE(has_no_linked_vmcs) \
	DIAGNOSE(uses_pae_paging) \
	BREAK(efer_lma_lme) \
	BREAK(v86_ss_ar) \
	BREAK(seg_ss_dpl_rpl) \
	BREAK(idtr_limit_hi) \
	BREAK(rip_hi_64) \
	BREAK(int_sti_movss) \
	BREAK(act_hlt_dpl) \
	BREAK(link_current)

/* What struct guest says of the exercise: DIAGNOSE_new_page_tables, ... */
#define EXERCISE_TO_DIAGNOSE(name) DIAGNOSE_##name,
#define EXERCISE_TO_BREAK(name)    BREAK_##name,
/* clang-format off */
enum exercise_number {
	EXERCISE_NONE,
	EXERCISES(EXERCISE_TO_DIAGNOSE, EXERCISE_TO_BREAK)
	EXERCISE_COUNT
};
/* clang-format on */

#define DECLARE_DIAGNOSE(name) enum rule_name diagnose_##name(void);
#define DECLARE_BREAK(name)    enum decision break_##name(void);
EXERCISES(DECLARE_DIAGNOSE, DECLARE_BREAK)
