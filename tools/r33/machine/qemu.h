/* What is particular to QEMU. */
#pragma once

#include "engine.h"

#define QEMU_PROGRAM "qemu-system-x86_64"

/* May this user start it with KVM?  If not, errno says why. */
bool qemu_may_use_kvm(void);

/* Its processor without KVM, less what the model lacks: the argument of -cpu.  qemu_cpu.c */
void qemu_cpu_of_model(char option[ENGINE_CPU_BYTES], const struct caps *model);
