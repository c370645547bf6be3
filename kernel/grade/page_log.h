/* A page-modification log (SDM 3C 29.3.6, "Page-Modification Logging"). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <r33/guest.h>

#include "vmx/controls.h"

#define PAGE_LOG_ENTRIES 512
#define PAGE_LOG_UNUSED  0xffff /* no entry was used */

/* For test_case.write_controls: an empty log, and EPT in which no page is dirty. */
void page_log_write_controls(const struct guest *guest);

/* The highest entry that has been written; the log is filled downwards. */
uint64_t page_log_first_used(void);

/* Does the log name the page at this guest-physical address? */
bool page_log_names(uint64_t address);

/* In a case. */
#define PAGE_LOG_ON \
	.controls = { .on = { [SECONDARY_CONTROLS] = SECONDARY_PML } }, \
	.write_controls = page_log_write_controls
