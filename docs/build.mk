# Documents that are generated; tests/e2e/ checks that they are up to date.

.PHONY: docs
docs: check-grade all ## write docs/rules.md, engines.md, labs.md, models.md, engine-differences.md and labs/include/r33/rules.h (of Bochs, what the installed version does)
	@tools/check-tools.sh bochs qemu
	$(Q)$(BUILD)/r33 rules --format header >labs/include/r33/rules.h.new
	$(Q)mv labs/include/r33/rules.h.new labs/include/r33/rules.h
	$(Q)$(BUILD)/r33 rules --format markdown >docs/rules.md.new
	$(Q)mv docs/rules.md.new docs/rules.md
	$(Q)version=$$(tools/labs-table.sh --version) && $(BUILD)/r33 conform -o "docs/engines/bochs-$$version.txt"
	$(Q)$(BUILD)/r33 conform -o docs/engines.md -- docs/engines/*.txt
	$(Q)rm -rf $(BUILD)/docs
	$(Q)R33=$(BUILD)/r33 tools/labs-table.sh bochs --grade $(BUILD)/docs/solutions
	$(Q)tools/labs-table.sh bochs $(BUILD)/docs/solutions >docs/labs.md.new
	$(Q)version=$$(tools/labs-table.sh --version) && mv docs/labs.md.new "docs/labs/bochs-$$version.md"
	$(Q)R33=$(BUILD)/r33 tools/labs-table.sh qemu --grade $(BUILD)/docs/solutions-qemu
	$(Q)tools/labs-table.sh qemu $(BUILD)/docs/solutions-qemu >docs/labs.md.new
	$(Q)mv docs/labs.md.new docs/labs/qemu.md
	$(Q)tools/labs-table.sh --page >docs/labs.md.new
	$(Q)mv docs/labs.md.new docs/labs.md
	$(Q)tools/labs-table.sh --points >docs/models.md.new
	$(Q)mv docs/models.md.new docs/models.md
	$(Q)tools/engine-differences.sh $(BUILD)/docs >docs/engine-differences.md.new
	$(Q)mv docs/engine-differences.md.new docs/engine-differences.md
