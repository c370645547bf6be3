/* The kernel's GDT, TSS and IDT (SDM 3A chapters 3, 6 and 8). */
#pragma once

#include <stdint.h>

/* Selectors.  VM exits load the first, second and last into CS, SS and TR. */
#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_USER_DATA   0x1b /* index 3, RPL 3 */
#define SELECTOR_USER_CODE   0x23 /* index 4, RPL 3 */
#define SELECTOR_TSS         0x28 /* two entries long */

/* Load all three.  Call once, first thing. */
void descriptors_init(void);

/* Load GDTR and IDTR again: a VM exit leaves both limits at FFFFh (SDM 3C, "Loading Host Segment
 * and Descriptor-Table Registers"), and our GDT is followed by bytes that are not descriptors. */
void descriptors_reload(void);

/* Linear addresses for the host-state area. */
uint64_t descriptors_gdt_base(void);
uint64_t descriptors_idt_base(void);
uint64_t descriptors_tss_base(void);
