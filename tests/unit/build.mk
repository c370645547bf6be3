# Unit tests and fuzzers: programs for the host, built with sanitizers from the same sources as
# the kernel.  Other fragments add theirs:
#
#   UNIT_TESTS += NAME       NAME_SOURCES = paths from the root    NAME_LIBS = -ljansson …
#   FUZZ_TARGETS += NAME     NAME_SOURCES = …                      NAME_DEPENDS = files to build first
#   R33_TESTS += NAME, R33_FUZZERS += NAME: the same, linked with what they need of r33 and the rules; their
#                            NAME_SOURCES are what they need besides tests/unit/NAME.c
#
# The top Makefile evaluates unit-test-rules when all lists are complete.

UNIT_TESTS += decode_test elf_test multiboot2_test
decode_test_SOURCES := tests/unit/decode_test.c kernel/lab/decode.c kernel/lab/decode_tables.c
decode_test_DEPENDS := $(BUILD)/unit/decode_forms.code $(BUILD)/unit/decode_forms.records
elf_test_SOURCES := tests/unit/elf_test.c kernel/lab/elf.c
UNIT_TESTS += profile_test elf_random_test
profile_test_SOURCES := tests/unit/profile_test.c kernel/vmx/profile.c
elf_random_test_SOURCES := tests/unit/elf_random_test.c kernel/lab/elf.c
multiboot2_test_SOURCES := tests/unit/multiboot2_test.c kernel/boot/multiboot2.c
UNIT_TESTS += multiboot2_screen_test framebuffer_test summary_test
multiboot2_screen_test_SOURCES := tests/unit/multiboot2_screen_test.c kernel/boot/multiboot2.c
framebuffer_test_SOURCES := tests/unit/framebuffer_test.c kernel/dev/framebuffer.c
framebuffer_test_LIBS := -Wa,-I$(BUILD)
framebuffer_test_DEPENDS := $(BUILD)/font.psf
$(BUILD)/unit/framebuffer_test: kernel/dev/font.S
summary_test_SOURCES := tests/unit/summary_test.c kernel/grade/summary.c kernel/lib/format.c

# The pure half of VMX on top of SVM.
UNIT_TESTS += guest_instruction_test walk_test nested_test
GUEST_INSTRUCTION := $(addprefix kernel/vmx/svm/,instruction.c instruction_meaning.c instruction_tables.c)
guest_instruction_test_SOURCES := tests/unit/guest_instruction_test.c $(GUEST_INSTRUCTION)
guest_instruction_test_DEPENDS := $(BUILD)/unit/guest_instruction_forms.code \
	$(BUILD)/unit/guest_instruction_forms.records
walk_test_SOURCES := tests/unit/walk_test.c kernel/vmx/svm/walk.c
nested_test_SOURCES := tests/unit/nested_test.c kernel/vmx/svm/nested.c kernel/vmx/svm/ept_walk.c
# ... and what it does with a guest, where tests play VMRUN.
SVM_GUEST := tests/unit/svm_fixture.c kernel/rules/names.c $(GUEST_INSTRUCTION) $(addprefix kernel/vmx/svm/,vmcs.c load.c save.c exits.c \
	control_registers.c debug_registers.c msrs.c vmx_instructions.c events.c virtual_interrupts.c step.c raise.c \
	memory.c walk.c nested.c ept_walk.c)
UNIT_TESTS += svm_vmcs_test svm_state_test svm_exits_test svm_control_registers_test svm_events_test \
	svm_steps_test svm_msrs_test
svm_vmcs_test_SOURCES := tests/unit/svm_vmcs_test.c kernel/vmx/svm/vmcs.c
svm_state_test_SOURCES := tests/unit/svm_state_test.c $(SVM_GUEST)
svm_exits_test_SOURCES := tests/unit/svm_exits_test.c $(SVM_GUEST)
svm_control_registers_test_SOURCES := tests/unit/svm_control_registers_test.c $(SVM_GUEST)
svm_steps_test_SOURCES := tests/unit/svm_steps_test.c $(SVM_GUEST)
svm_msrs_test_SOURCES := tests/unit/svm_msrs_test.c $(SVM_GUEST)
svm_events_test_SOURCES := tests/unit/svm_events_test.c $(SVM_GUEST)

UNIT_TESTS += parts_test names_test options_test format_test scripts_test
UNIT_TESTS += entry_point_cases_test
entry_point_cases_test_SOURCES := tests/unit/entry_point_cases_test.c kernel/lib/format.c \
	kernel/grade/guest_handlers.c kernel/rules/names.c $(filter tests/cases/2-%,$(CASE_SOURCES))
entry_point_cases_test_LIBS := -Wl,-T,tests/unit/cases.ld
UNIT_TESTS += journeys_test
journeys_test_SOURCES := tests/unit/journeys_test.c \
	$(filter-out %/judge.c %/watch.c,$(filter tests/cases/9-%,$(CASE_SOURCES)))
journeys_test_LIBS := -Wl,-T,tests/unit/cases.ld
UNIT_TESTS += activity_cases_test
activity_cases_test_SOURCES := tests/unit/activity_cases_test.c kernel/lib/format.c \
	kernel/grade/guest_handlers.c kernel/rules/names.c $(filter tests/cases/5-%,$(CASE_SOURCES))
activity_cases_test_LIBS := -Wl,-T,tests/unit/cases.ld
parts_test_SOURCES := tests/unit/parts_test.c kernel/lab/parts.c
names_test_SOURCES := tests/unit/names_test.c kernel/rules/names.c kernel/rules/field_names.c
UNIT_TESTS += rule_numbers_test
rule_numbers_test_SOURCES := tests/unit/rule_numbers_test.c $(filter kernel/rules/%.c,$(KERNEL_SOURCES))
UNIT_TESTS += field_bits_test
field_bits_test_SOURCES := tests/unit/field_bits_test.c kernel/rules/field_bits.c kernel/rules/field_decode.c
UNIT_TESTS += front_end_test front_end_msr_test trap_test serial_test
front_end_test_SOURCES := tests/unit/front_end_test.c kernel/lab/front_end.c kernel/lab/parts.c \
	kernel/lab/decode.c kernel/lab/decode_tables.c kernel/lib/string.c
front_end_msr_test_SOURCES := tests/unit/front_end_msr_test.c kernel/lab/front_end.c kernel/lab/parts.c \
	kernel/lab/decode.c kernel/lab/decode_tables.c kernel/lib/string.c
serial_test_SOURCES := tests/unit/serial_test.c # takes in kernel/dev/serial.c
trap_test_SOURCES := tests/unit/trap_test.c kernel/cpu/trap.c
options_test_SOURCES := tests/unit/options_test.c kernel/boot/options.c
format_test_SOURCES := tests/unit/format_test.c kernel/lib/format.c
scripts_test_SOURCES := tests/unit/scripts_test.c
UNIT_TESTS += devcontainer_test
devcontainer_test_SOURCES := tests/unit/devcontainer_test.c
devcontainer_test_LIBS := -ljansson

# The rules, judged by an oracle of their own; r33's bases and fuzzer make the states.
RULES_LIBRARY := $(filter kernel/rules/%.c,$(KERNEL_SOURCES))
RULES_ORACLE := $(sort $(wildcard tests/unit/rules_oracle*.c)) \
	$(addprefix tests/unit/,rules_catalogue.c rules_compare.c rules_models.c rules_states.c)
RULES_TESTS := rules_test rules_hidden_test rules_table_test rules_bochs_test rule_cases_test rules_mutants vmcs_test
R33_TESTS += $(RULES_TESTS)
$(foreach test,$(RULES_TESTS),$(eval $(test)_SOURCES := $(RULES_ORACLE)))
rules_mutants_LIBS := -Wl,--wrap=conditions_find
R33_TESTS += svm_checks_test
svm_checks_test_SOURCES := kernel/vmx/svm/checks.c kernel/vmx/svm/vmcs.c tests/unit/svm_base.c \
	tests/unit/rules_models.c
R33_TESTS += record_words_test
record_words_test_SOURCES := kernel/grade/record.c kernel/lib/format.c
R33_TESTS += judge_rules_test
judge_rules_test_SOURCES := kernel/grade/judge_rules.c kernel/lab/parts.c kernel/vmx/deviations.c \
	tests/unit/rules_models.c
# The judges of labs 7, 8 and 9 call the lab: only the kernel can.
LAB_CALLERS := $(addprefix tests/cases/7-register-context/,judge.c calls.c compare.c) \
	$(addprefix tests/cases/8-reason-33/,attempt.c break.c diagnosis.c judge.c) \
	$(addprefix tests/cases/9-from-real-mode-to-long-mode/,judge.c watch.c)
R33_TESTS += cases_test
cases_test_SOURCES := tests/unit/link_stubs.c tests/unit/guest_msrs_fake.c kernel/lab/parts.c \
	kernel/lib/format.c kernel/grade/guest_handlers.c \
	kernel/grade/guest_segments.c kernel/grade/probe_results.c \
	kernel/vmx/deviations.c $(filter-out $(LAB_CALLERS),$(CASE_SOURCES)) $(RULES_ORACLE)
cases_test_LIBS := -Wl,-T,tests/unit/cases.ld
UNIT_TESTS += segment_cases_test
segment_cases_test_SOURCES := tests/unit/segment_cases_test.c kernel/lib/format.c \
	kernel/grade/guest_segments.c kernel/grade/probe_results.c kernel/rules/names.c \
	kernel/vmx/deviations.c $(RULES_LIBRARY) $(filter tests/cases/3-%,$(CASE_SOURCES))
segment_cases_test_LIBS := -Wl,-T,tests/unit/cases.ld
UNIT_TESTS += link_cases_test
link_cases_test_SOURCES := tests/unit/link_cases_test.c tests/unit/link_stubs.c kernel/lib/format.c \
	$(RULES_LIBRARY) $(filter tests/cases/6-%,$(CASE_SOURCES))
link_cases_test_LIBS := -Wl,-T,tests/unit/cases.ld
UNIT_TESTS += table_cases_test
table_cases_test_SOURCES := tests/unit/table_cases_test.c tests/unit/guest_msrs_fake.c kernel/lib/format.c \
	kernel/rules/names.c $(filter tests/cases/4-%,$(CASE_SOURCES))
table_cases_test_LIBS := -Wl,-T,tests/unit/cases.ld

R33_TESTS += exercise_cases_test
exercise_cases_test_SOURCES := $(filter-out $(LAB_CALLERS),$(filter tests/cases/8-%,$(CASE_SOURCES))) $(RULES_ORACLE)
exercise_cases_test_LIBS := -Wl,-T,tests/unit/cases.ld

UNIT_TESTS += context_cases_test
context_cases_test_SOURCES := tests/unit/context_cases_test.c kernel/grade/contexts.c \
	tests/cases/7-register-context/compare.c

FUZZ_TARGETS += fuzz_decode fuzz_elf fuzz_multiboot2 fuzz_profile
fuzz_profile_SOURCES := tests/unit/fuzz_profile.c kernel/vmx/profile.c
FUZZ_TARGETS += fuzz_guest_instruction fuzz_walk fuzz_nested
fuzz_guest_instruction_SOURCES := tests/unit/fuzz_guest_instruction.c $(GUEST_INSTRUCTION)
fuzz_walk_SOURCES := tests/unit/fuzz_walk.c kernel/vmx/svm/walk.c
fuzz_nested_SOURCES := tests/unit/fuzz_nested.c kernel/vmx/svm/nested.c kernel/vmx/svm/ept_walk.c
R33_FUZZERS += fuzz_rules
fuzz_rules_SOURCES := $(RULES_ORACLE)
fuzz_decode_SOURCES := tests/unit/fuzz_decode.c kernel/lab/decode.c kernel/lab/decode_tables.c
fuzz_elf_SOURCES := tests/unit/fuzz_elf.c kernel/lab/elf.c
fuzz_multiboot2_SOURCES := tests/unit/fuzz_multiboot2.c kernel/boot/multiboot2.c

UNIT_INCLUDES := $(R33_CFLAGS) -DUNIT_BUILD='"$(BUILD)/unit"'
UNIT_CFLAGS := $(UNIT_INCLUDES) -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_CC ?= clang
FUZZ_CFLAGS := $(UNIT_INCLUDES) -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
SECONDS ?= 60# for each fuzzer

# The decoders' lists of instructions, assembled: the bytes and what they mean.
$(BUILD)/unit/%_forms.S: tests/unit/%_forms.awk
	@mkdir -p $(@D)
	$(Q)awk -f $< </dev/null >$@
$(BUILD)/unit/%_forms.o: $(BUILD)/unit/%_forms.S
	$(Q)$(CROSS)as --64 -o $@ $<
$(BUILD)/unit/%_forms.code: $(BUILD)/unit/%_forms.o
	$(Q)$(OBJCOPY) -O binary -j .text $< $@
$(BUILD)/unit/%_forms.records: $(BUILD)/unit/%_forms.o
	$(Q)$(OBJCOPY) -O binary -j .records --set-section-flags .records=alloc $< $@

# Objects are shared between the programs that use them.
$(BUILD)/unit/objects/%.o: %.c $(BUILD)/flags/host tests/unit/build.mk
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(UNIT_CFLAGS) -c -o $@ $<
$(BUILD)/fuzz/objects/%.o: %.c $(BUILD)/flags/host tests/unit/build.mk
	@mkdir -p $(@D)
	$(Q)$(FUZZ_CC) $(HOST_CFLAGS) $(FUZZ_CFLAGS) -c -o $@ $<

# What software that performs VMX does with the processor itself is faked.
$(BUILD)/unit/objects/kernel/vmx/svm/%.o $(BUILD)/unit/objects/tests/unit/svm_fixture.o: UNIT_CFLAGS := -Itests/unit/fakes $(UNIT_CFLAGS)

# Between the cases' pointers, which the linker puts side by side, there must be no red zones.
$(BUILD)/unit/objects/tests/cases/%.o: UNIT_CFLAGS := $(UNIT_INCLUDES)

# All of r33 but main(); a program takes from it what it names.
R33_LIBRARY_SOURCES := $(filter-out tools/r33/cli/main.c,$(R33_SOURCES)) $(R33_RULES)
$(BUILD)/unit/r33.a: $(R33_LIBRARY_SOURCES:%.c=$(BUILD)/unit/objects/%.o)
$(BUILD)/fuzz/r33.a: $(R33_LIBRARY_SOURCES:%.c=$(BUILD)/fuzz/objects/%.o)
%/r33.a:
	$(Q)rm -f $@; ar rcs $@ $^
-include $(R33_LIBRARY_SOURCES:%.c=$(BUILD)/unit/objects/%.d) $(R33_LIBRARY_SOURCES:%.c=$(BUILD)/fuzz/objects/%.d)

# The rules of one unit test: link it; run it (always) and leave its result.
define unit-test-rule
$(BUILD)/unit/$(1): $($(1)_SOURCES:%.c=$(BUILD)/unit/objects/%.o) | $($(1)_DEPENDS)
	$$(Q)$$(HOST_CC) $$(HOST_CFLAGS) $$(UNIT_CFLAGS) -o $$@ $$^ $($(1)_LIBS) -lcmocka
.PHONY: unit-$(1)
unit-$(1): $(BUILD)/unit/$(1) $($(1)_DEPENDS)
	@tests/unit/run.sh $$<
-include $($(1)_SOURCES:%.c=$(BUILD)/unit/objects/%.d)
endef

define fuzz-target-rule
$(BUILD)/fuzz/$(1): $($(1)_SOURCES:%.c=$(BUILD)/fuzz/objects/%.o) | $($(1)_DEPENDS)
	$$(Q)$$(FUZZ_CC) $$(HOST_CFLAGS) $$(FUZZ_CFLAGS) -o $$@ $$^ $($(1)_LIBS)
-include $($(1)_SOURCES:%.c=$(BUILD)/fuzz/objects/%.d)
endef

# Tests and fuzzers of r33 are tests and fuzzers like others.
define r33-test-rule
$(1)_SOURCES := $$(if $$(filter $(1:_test=),$(R33_FUZZERS)),,tests/unit/$(1).c) $$($(1)_SOURCES)
$(1)_LIBS := $$($(1)_LIBS) $(R33_LIBS)
$(BUILD)/unit/$(1): $(BUILD)/unit/r33.a
endef
define r33-fuzzer-rule
$(1)_SOURCES := tests/unit/$(1).c $$($(1)_SOURCES)
$(1)_LIBS := $(R33_LIBS)
$(BUILD)/fuzz/$(1): $(BUILD)/fuzz/r33.a
endef

define unit-test-rules
$(foreach test,$(R33_TESTS),$(eval $(call r33-test-rule,$(test))))
$(foreach target,$(R33_FUZZERS),$(eval $(call r33-fuzzer-rule,$(target))))
$(eval UNIT_TESTS += $(R33_TESTS))
$(eval FUZZ_TARGETS += $(R33_FUZZERS))
$(foreach test,$(UNIT_TESTS),$(eval $(call unit-test-rule,$(test))))
$(foreach target,$(FUZZ_TARGETS),$(eval $(call fuzz-target-rule,$(target))))
unit: $(UNIT_TESTS:%=unit-%)
fuzz-parsers: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)
endef

.PHONY: unit mutants fuzz-parsers
unit: ## run the unit tests (no emulator needed)
	@cd $(BUILD)/unit && cat $(UNIT_TESTS:%=%.result) | \
		awk '{ passed += $$1; failed += $$2 } \
		END { print passed + 0, failed + 0 >"summary"; exit failed + 0 > 0 }'
mutants: $(BUILD)/unit/rules_mutants ## break each rule in turn: do the unit tests notice?
	@$< all
fuzz-parsers: ## fuzz the parsers of foreign input and the reports, one after the other (SECONDS=60 each)
	@tests/unit/fuzz.sh $(call quoted,$(SECONDS)) $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)
