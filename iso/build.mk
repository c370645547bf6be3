# GRUB for the quick images (iso/README.md): made once, shared by every run.

GRUB := /usr/lib/grub/i386-pc

# The wildcard: a new GRUB is a reason to rebuild, a missing one is check-tools.sh's business.
$(BUILD)/iso/cd.img: iso/make-core.sh iso/stage.sh iso/core.cfg $(wildcard $(GRUB)/kernel.img) | check-build
	@mkdir -p $(@D)
	$(Q)iso/make-core.sh $@ $(GRUB)

$(BUILD)/iso/stamp: $(BUILD)/iso/cd.img
	@touch $@
