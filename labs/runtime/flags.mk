# How lab code is compiled: the same for the tree's own modules and for submissions.

LAB_CC ?= $(CROSS)gcc
LAB_OBJCOPY ?= $(CROSS)objcopy
LAB_CFLAGS := -std=gnu11 -Og -g -Wall -Wextra -Wconversion -Wno-sign-conversion \
	-Werror=return-type -ffreestanding -fno-pic -fno-pie \
	-fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
	-fno-omit-frame-pointer -mgeneral-regs-only -nostdinc
LAB_LDFLAGS := -nostdlib -fno-lto -fno-use-linker-plugin -static -Wl,--build-id=none -Wl,-z,noexecstack \
	-Wl,-z,max-page-size=4096

# labs/1-control-registers -> set_control_registers, the function its module must define, unless
# the lab's has a name of its own.
LAB_FUNCTION_7-register-context := vmenter
LAB_FUNCTION_8-reason-33 := diagnose_new_page_tables
LAB_FUNCTION_9-from-real-mode-to-long-mode := run_guest
lab-function = $(or $(LAB_FUNCTION_$(1)),set_$(subst -,_,$(patsubst $(firstword $(subst -, ,$(1)))-%,%,$(1))))
