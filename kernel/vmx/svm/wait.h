/* Guests that execute no instruction: HLT, shutdown, wait-for-SIPI. */
#pragma once

#include "vmx/svm/guest.h"

/* Until something ends it: the VMX-preemption timer, an interrupt.  Always a VM exit. */
enum svm_verdict svm_wait(struct svm_guest *guest);

/* Do it while the guest's timer counts; an interrupt ends it when that has run out. */
void svm_wait_or_run(struct svm_guest *guest, void (*wait)(struct svm_guest *guest));
