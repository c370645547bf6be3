# Reason 33: build, boot, grade.  `make help` lists what there is to do.
#
# The rules stand beside what they build (kernel/build.mk and so on); this file has the tools,
# the flags and the targets a person types.

include tools/names.mk
$(call checked-value,BUILD HANDOUT UNCONFINED TESTS SUBMISSION CASE CPU ENGINE ACCEL DISPLAY_LIB GDB_OPTIONS SETUP_OPTIONS THEME N SEED SECONDS V)

BUILD ?= build
# Labs and kernel are x86-64 code; on other hosts the distribution's cross compiler makes it.
CROSS ?= $(if $(filter x86_64 amd64,$(firstword $(subst -, ,$(MAKE_HOST)))),,x86_64-linux-gnu-)
# Without ENGINE: Bochs, or QEMU where only that is installed (tools/r33/cli/options.c).
ENGINE ?=
ACCEL ?=
CPU ?=
SUBMISSION ?= labs
DISPLAY_LIB ?=
TESTS ?=

$(call checked-name,BUILD,$(BUILD))
$(if $(BUILD:-%=),,$(error BUILD=$(BUILD) is not the name of a directory to build in))
$(if $(filter-out bochs qemu,$(ENGINE)),$(error there is no engine '$(ENGINE)'; ENGINE is bochs or qemu))
$(foreach file,$(wildcard labs/[1-9]-* labs/[1-9]-*/*.[cS] solutions/*/*.[cS]),$(call checked-name,a file in labs/ or solutions/,$(file)))

ifeq ($(origin CC),default)
CC := $(CROSS)gcc
endif
OBJCOPY := $(CROSS)objcopy
OBJDUMP := $(CROSS)objdump
NM := $(CROSS)nm
HOST_CC ?= cc

ifneq ($(V),1)
Q := @
MAKEFLAGS += --no-print-directory
endif

# A warning stops only those who work on Reason 33 (make test sets WERROR): a newer compiler has new ones.
WERROR ?=
WARNINGS := -Wall -Wextra $(if $(WERROR),-Werror) -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings

# The machine's side: no red zone (interrupts use the stack below RSP), no SSE (the guest's and
# the lab's registers stay as they are), frame pointers (backtraces), addresses below 2 GiB.
MACHINE_CFLAGS := -std=gnu11 -O2 -g $(WARNINGS) -ffreestanding -fno-pic -fno-pie \
	-fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
	-fno-omit-frame-pointer -fno-optimize-sibling-calls -mno-red-zone -mgeneral-regs-only -MMD -MP
MACHINE_LDFLAGS := -nostdlib -static -Wl,--build-id=none -Wl,-z,noexecstack \
	-Wl,-z,max-page-size=4096

HOST_CFLAGS := -std=gnu11 -O2 -g -D_GNU_SOURCE $(WARNINGS) -MMD -MP

LABS := $(notdir $(wildcard labs/[1-9]-*))
LAB_NUMBERS := $(foreach lab,$(LABS),$(firstword $(subst -, ,$(lab))))

.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

.PHONY: all
all: machine r33

include tests/guests/build.mk
include kernel/build.mk
KERNEL := $(BUILD)/boot/kernel.elf
ifneq ($(TESTS),)
include kernel/private.mk
endif
include labs/build.mk
include iso/build.mk
include tools/r33/build.mk
# A handout (make handout) has neither tests nor solutions, but binaries in prebuilt/.
include $(wildcard tests/unit/build.mk tests/build.mk docs/build.mk tools/handout/build.mk prebuilt/build.mk)

# Everything that is booted, and everything that boots it.
.PHONY: machine r33
machine: $(BUILD)/boot/kernel.elf $(KERNEL) $(BUILD)/boot/reference.elf $(RUNTIME) $(BUILD)/iso/stamp
r33: $(BUILD)/r33

# What is booted goes without debug information: GRUB would load that too, at 12 instructions a byte.
$(BUILD)/boot/%.elf: $(BUILD)/%.elf
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) --strip-debug $< $@

# A file that changes only when the flags do: objects depend on it, so they are rebuilt then.
$(BUILD)/flags/machine: FLAGS = $(CC) $(MACHINE_CFLAGS) $(MACHINE_LDFLAGS)
$(BUILD)/flags/host: FLAGS = $(HOST_CC) $(HOST_CFLAGS)
$(BUILD)/flags/%: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quoted,$(FLAGS)) | cmp -s - $@ || printf '%s\n' $(call quoted,$(FLAGS)) >$@
.PHONY: FORCE
FORCE:

# The group of packages.txt with that compiler; another one, by CROSS=, is not looked for.
NEEDS_CROSS := $(if $(filter x86_64-linux-gnu-,$(CROSS)),cross)

.PHONY: setup
setup: ## install what is missing (apt on Debian and Ubuntu; elsewhere print the list)
	$(Q)tools/setup.sh $(if $(NEEDS_CROSS),--cross) $(call quoted-words,$(SETUP_OPTIONS))

# The engine that r33 will choose.
FIND_ENGINE = engine=$(call quoted,$(ENGINE)); \
	[ -n "$$engine" ] || { engine=bochs; \
	command -v bochs-bin >/dev/null || command -v bochs >/dev/null || \
	! command -v qemu-system-x86_64 >/dev/null || engine=qemu; }

.PHONY: check-build check-grade check-gdb
check-build:
	@tools/check-tools.sh build image $(NEEDS_CROSS)
check-grade: check-build
	@$(FIND_ENGINE); tools/check-tools.sh "$$engine"
check-gdb: check-build
	@$(FIND_ENGINE); tools/check-tools.sh "$$engine" gdb
$(BUILD)/flags/machine $(BUILD)/flags/host: | check-build

R33_ENGINE := $(if $(ENGINE),--engine $(call quoted,$(ENGINE))) \
	$(if $(ACCEL),--accel $(call quoted,$(ACCEL))) $(if $(CPU),--cpu $(call quoted,$(CPU))) \
	$(if $(DISPLAY_LIB),--display $(call quoted,$(DISPLAY_LIB)))

# Grading and running take the kernel with the private tests, if there are any.
R33_GRADE = $(R33_ENGINE) $(if $(TESTS),--kernel $(KERNEL)) $(if $(UNCONFINED),--unconfined)

define lab-targets
.PHONY: lab$(1) grade$(1) gdb$(1)
lab$(1): check-grade all
	$$(Q)$$(BUILD)/r33 run --submission $$(call quoted-path,$$(SUBMISSION)) --lab $(1) $$(R33_GRADE) || [ $$$$? -eq 1 ]
grade$(1): check-grade all
	$$(Q)$$(BUILD)/r33 grade --submission $$(call quoted-path,$$(SUBMISSION)) --lab $(1) $$(R33_GRADE)
gdb$(1): check-gdb all
	$$(Q)$$(BUILD)/r33 gdb --submission $$(call quoted-path,$$(SUBMISSION)) --lab $(1) $$(R33_GRADE) $$(if $$(CASE),--case $$(call quoted,$$(CASE))) $$(call quoted-words,$$(GDB_OPTIONS))
endef
$(foreach number,$(LAB_NUMBERS),$(eval $(call lab-targets,$(number))))

MISSING_LABS := $(filter-out $(LAB_NUMBERS),1 2 3 4 5 6 7 8 9)
MISSING_TARGETS := $(foreach target,lab grade gdb,$(MISSING_LABS:%=$(target)%))
.PHONY: $(MISSING_TARGETS)
$(MISSING_TARGETS):
	@echo $(call quoted,there is no $@: the labs are $(LABS)) >&2; exit 2

.PHONY: grade
grade: check-grade all ## grade all labs in labs/ (SUBMISSION=dir: in another directory)
	$(Q)$(BUILD)/r33 grade --submission $(call quoted-path,$(SUBMISSION)) --lab all $(R33_GRADE)

.PHONY: iso
iso: check-build all $(LAB_NUMBERS:%=$(BUILD)/lab%.elf) ## a hybrid ISO of labs/ that boots a real machine (CD or USB stick; BIOS, or UEFI without Secure Boot)
	$(Q)iso/make-hybrid.sh $(BUILD)/reason33.iso $(subst /boot/,/,$(KERNEL)) \
		$(foreach number,$(LAB_NUMBERS),lab$(number)=$(BUILD)/lab$(number).elf) \
		reference=$(BUILD)/reference.elf
	@echo "$(BUILD)/reason33.iso: write it to a USB stick with dd, or boot it as a CD (Secure Boot off)"

.PHONY: bench
bench: check-gdb all ## measure boot, entry and grading; medians as JSON in build/bench.json
	$(Q)$(BUILD)/r33 bench -o $(BUILD)/bench.json

.PHONY: clean
clean: ## remove build/
	$(Q)case $(BUILD)/ in ./ | ../* | */../*) echo 'make clean does not remove $(BUILD)' >&2; exit 2 ;; esac; \
		rm -rf $(BUILD)

.PHONY: help
help: ## print this help
	@echo 'Reason 33: a teaching kernel for Intel VMX guest state'
	@echo
	@echo '  make labN            boot lab N and show its console'
	@echo '  make gradeN          grade lab N'
	@echo '  make gdbN            debug lab N (CASE=id: only this case)'
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo $(call quoted,labs: $(LABS))
	@echo 'ENGINE=bochs|qemu (default: bochs if installed)  CPU=model (default tigerlake)'
	@echo 'SUBMISSION=dir  V=1  ACCEL=kvm|tcg (of QEMU; default: kvm where the host nests VMX)'
	@echo 'TESTS=dir adds private cases and guests'
	@echo 'UNCONFINED=1 grades others'\'' submissions on a kernel that cannot confine the compiler'
	@echo 'DISPLAY_LIB=x shows the screen of labN; CROSS=prefix- selects another compiler'

$(eval $(unit-test-rules))
