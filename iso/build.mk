# GRUB for the quick images (iso/README.md): made once, shared by every run.

# The wildcard: a new GRUB is a reason to rebuild, a missing one is check-tools.sh's business.
$(BUILD)/iso/cd.img: iso/make-core.sh iso/stage.sh iso/core.cfg $(wildcard $(addsuffix /grub/i386-pc/kernel.img,/usr/lib /usr/local/lib)) | check-build
	@mkdir -p $(@D)
	$(Q)iso/make-core.sh $@

$(BUILD)/iso/stamp: $(BUILD)/iso/cd.img
	@touch $@
