/*
 * Events: exception vectors (SDM 3A, "Exception and Interrupt Vectors"), and the fields that describe an
 * event to inject or one that caused a VM exit: VM_ENTRY_INTERRUPTION_INFORMATION,
 * VM_EXIT_INTERRUPTION_INFORMATION and IDT_VECTORING_INFORMATION (SDM 3C, "VM-Entry Controls for Event
 * Injection", "Information for VM Exits Due to Vectored Events").
 *
 * For C and for assembly.
 */
#pragma once

#include <r33/bits.h>

#define VECTOR_DE  0
#define VECTOR_DB  1
#define VECTOR_NMI 2
#define VECTOR_BP  3
#define VECTOR_OF  4
#define VECTOR_BR  5
#define VECTOR_UD  6
#define VECTOR_NM  7
#define VECTOR_DF  8
#define VECTOR_TS  10
#define VECTOR_NP  11
#define VECTOR_SS  12
#define VECTOR_GP  13
#define VECTOR_PF  14
#define VECTOR_MF  16
#define VECTOR_AC  17
#define VECTOR_MC  18
#define VECTOR_XM  19
#define VECTOR_VE  20
#define VECTOR_CP  21

#define EVENT_VECTOR     0xff
#define EVENT_TYPE       (7 * BIT32(8))
#define EVENT_ERROR_CODE BIT32(11) /* it delivers one */
#define EVENT_VALID      BIT32(31)

/* The types. */
#define EVENT_EXTERNAL_INTERRUPT            (0 * BIT32(8))
#define EVENT_NMI                           (2 * BIT32(8))
#define EVENT_HARDWARE_EXCEPTION            (3 * BIT32(8))
#define EVENT_SOFTWARE_INTERRUPT            (4 * BIT32(8))
#define EVENT_PRIVILEGED_SOFTWARE_EXCEPTION (5 * BIT32(8)) /* INT1 */
#define EVENT_SOFTWARE_EXCEPTION            (6 * BIT32(8)) /* INT3 and INTO */
#define EVENT_OTHER                         (7 * BIT32(8)) /* pending MTF VM exit, SYSCALL, SYSENTER */

/* The error code of a page fault (SDM 3A, "Page-Fault Exceptions"). */
#define PAGE_FAULT_PRESENT  BIT32(0)
#define PAGE_FAULT_WRITE    BIT32(1)
#define PAGE_FAULT_USER     BIT32(2)
#define PAGE_FAULT_RESERVED BIT32(3) /* a reserved bit is 1 in an entry */
#define PAGE_FAULT_FETCH    BIT32(4)
