# Documents that are generated; tests/e2e/ checks that they are up to date.

.PHONY: docs
docs: check-grade all ## write docs/rules.md, engines.md, labs.md and labs/include/r33/rules.h (in engines.md and labs.md, the part on the installed Bochs)
	$(Q)$(BUILD)/r33 rules --format header >labs/include/r33/rules.h.new
	$(Q)mv labs/include/r33/rules.h.new labs/include/r33/rules.h
	$(Q)$(BUILD)/r33 rules --format markdown >docs/rules.md.new
	$(Q)mv docs/rules.md.new docs/rules.md
	$(Q)version=$$(tools/labs-table.sh --version) && $(BUILD)/r33 conform -o "docs/engines/bochs-$$version.txt"
	$(Q)$(BUILD)/r33 conform -o docs/engines.md -- docs/engines/*.txt
	$(Q)R33=$(BUILD)/r33 tools/labs-table.sh >docs/labs.md.new
	$(Q)version=$$(tools/labs-table.sh --version) && mv docs/labs.md.new "docs/labs/bochs-$$version.md"
	$(Q)tools/labs-table.sh --page >docs/labs.md.new
	$(Q)mv docs/labs.md.new docs/labs.md
