/* Places where gdb stops, and what it finds there. */
#pragma once

#include "vmx/backend.h"
#include "vmx/svm/guest.h"
#include "vmx/svm/shown.h"

extern struct svm_shown svm_shown;

/* This back end performs VMX. */
void svm_show_back_end(const struct svm_guest *guest);

/* The guest, as VMRUN is about to find it. */
void svm_show_guest(const struct svm_guest *guest);

/* A VM entry has come back, by a VM exit or with a failure.  Returns result. */
enum vmx_result svm_entry_ended(enum vmx_result result, const struct guest_registers *registers);
