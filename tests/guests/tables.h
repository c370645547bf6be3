/*
 * What guests of lab 4 report: the descriptor-table registers, DR7 and MSRs as they find them, and
 * what each of these did when it was needed.  For guests in assembly and the kernel alike.
 */
#pragma once

#include "report.h"

/* Where SYSENTER and SYSCALL may lead. */
#define SYSENTER_LANDING_OFFSET 0x1400
#define SYSENTER_LANDING        (IMAGE_ADDRESS + SYSENTER_LANDING_OFFSET)
#define SYSCALL_LANDING_OFFSET  0x1500
#define SYSCALL_LANDING         (IMAGE_ADDRESS + SYSCALL_LANDING_OFFSET)

/* Slots. What was tried is one of the values below, or EVENT_TAKEN + vector in the lower half and the
 * error code in the upper. */
#define REPORT_GDT_BASE           32
#define REPORT_GDT_LIMIT          33
#define REPORT_IDT_BASE           34
#define REPORT_IDT_LIMIT          35
#define REPORT_DR7                36
#define REPORT_SYSENTER_CS        37
#define REPORT_SYSENTER_ESP       38
#define REPORT_SYSENTER_EIP       39
#define REPORT_PAT                40
#define REPORT_EFER               41
#define REPORT_BREAKPOINTS        42 /* bits 3:0 of DR6, of all #DB together */
#define REPORT_UNDEFINED          43 /* UD2 */
#define REPORT_INTERRUPT          44 /* INT TABLES_VECTOR */
#define REPORT_EXECUTE_DISABLE    45 /* a call to a page whose entry has bit 63 */
#define REPORT_SYSCALL            46
#define REPORT_SYSENTER           47 /* where it landed */
#define REPORT_SYSENTER_STACK     48
#define REPORT_SYSENTER_SELECTORS 49 /* CS, and SS 16 bits higher */
#define REPORT_S_CET              50
#define REPORT_SSP                51
#define REPORT_SSP_TABLE          52

#define CALL_RETURNED  0xca11
#define SYSCALL_LANDED 0x5ca11

#define TABLES_VECTOR 0x30 /* beyond the limit of a short IDT */

/* The shadow stack of guests with CET: a page that they make read-only and dirty, and its top. */
#define SHADOW_STACK_OFFSET 0x3e000
#define SHADOW_STACK_TOP    (GUEST_WINDOW + SHADOW_STACK_OFFSET + 0xff8)
