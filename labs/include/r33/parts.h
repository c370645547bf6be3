/*
 * The parts: one function for each lab that fills fields of the guest-state area.
 *
 * Each is called with the description of a guest and a current VMCS whose control and host-state
 * fields are complete.  It writes its fields and returns ENTER, or returns REFUSE when this processor
 * would not enter this guest, whatever the fields hold.
 */
#pragma once

#include <r33/guest.h>
#include <r33/lab.h>

enum decision set_control_registers(const struct guest *guest);
enum decision set_entry_point(const struct guest *guest);
enum decision set_segment_registers(const struct guest *guest);
enum decision set_tables_and_msrs(const struct guest *guest);
enum decision set_activity_and_interruptibility(const struct guest *guest);
enum decision set_links_timers_and_pdptes(const struct guest *guest);

/* Lab 9: calls all parts, enters the guest and handles its exits.  ENTER: the guest came to its end. */
enum decision run_guest(const struct guest *guest);
