# `make handout`: the tarball for students.  Not part of it, as everything in this directory but what
# make-handout.sh takes from here.

HANDOUT := $(BUILD)/reason33-handout.tar.gz

# Cases and judges say what is right, so students get them compiled, in one object without names;
# the kernel around it they build themselves.
$(BUILD)/handout/cases.o: $(CASE_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/flags/kernel-objects
	@mkdir -p $(@D)
	$(Q)$(CC) -nostdlib -r $(CASE_SOURCES:%.c=$(BUILD)/%.o) -o $@.named
	$(Q)$(OBJCOPY) --strip-unneeded --keep-global-symbol=cases_have_no_global_symbol -R .comment $@.named
	$(Q)$(NM) --defined-only $@.named | awk '{ print $$3, "case_" NR }' >$@.names
	$(Q)$(OBJCOPY) --redefine-syms=$@.names $@.named $@

$(BUILD)/handout/reference.elf: $(BUILD)/reference.elf
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) --strip-all $< $@

.PHONY: handout
handout: check-build $(BUILD)/handout/cases.o $(BUILD)/handout/reference.elf ## make the tarball for students, without solutions: build/reason33-handout.tar.gz
	$(Q)tools/handout/make-handout.sh $(call quoted,$(HANDOUT)) $(BUILD)/handout/cases.o $(BUILD)/handout/reference.elf
	@echo $(call quoted,$(HANDOUT): students unpack it and run make setup grade)

.PHONY: demo
demo: check-grade all ## grade the complete solutions: all points
	$(Q)$(BUILD)/r33 grade --submission solutions --lab all $(R33_GRADE)
