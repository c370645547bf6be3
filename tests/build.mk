# Tests: `make test` runs all of them.  unit: tests/unit/; e2e: tests/e2e/; lint: tools/lint.sh.
#
# Each kind leaves "PASSED FAILED [SKIPPED]" in its summary; test adds them up.  Logs: build/test/.

TEST_SUMMARIES := $(BUILD)/unit/summary $(BUILD)/test/e2e/summary $(BUILD)/test/lint/summary
THEME ?=# for e2e: only these scripts of tests/e2e/

.PHONY: test
test: ## run all tests: unit, end-to-end on Bochs and QEMU, linters
	@tools/check-tools.sh build image bochs qemu unit
	@mkdir -p $(BUILD)/test
	@rm -f $(TEST_SUMMARIES)
	+@export WERROR=1; $(MAKE) all || exit 1; for kind in unit lint e2e; do $(MAKE) $$kind || true; done
	@for summary in $(TEST_SUMMARIES); do \
		cat $$summary 2>/dev/null || { echo "$$summary is missing" >&2; echo 0 1; }; \
	done | awk '{ passed += $$1; failed += $$2; skipped += $$3 } \
		END { printf "%d passed, %d failed%s\n", passed, failed, \
			skipped ? ", " skipped " skipped" : ""; exit failed > 0 }'

.PHONY: e2e
e2e: all ## run the end-to-end tests (THEME="wrong hostile": only those)
	@tools/check-tools.sh build image bochs qemu
	@BUILD=$(BUILD) V=$(call quoted,$(V)) tests/e2e/run.sh $(call quoted-words,$(THEME))

.PHONY: lint
lint: all ## check the sources: formatting, shell scripts, cppcheck, layers, sizes
	@BUILD=$(BUILD) tools/lint.sh

N ?= 1000000# states for fuzz
SEED ?= 33# where they begin

.PHONY: fuzz conform
fuzz: check-grade all ## enter N random guest states and compare with the rules (N=1000000 SEED=33 CPU=model)
	$(Q)$(BUILD)/r33 fuzz --count $(call quoted,$(N)) --seed $(call quoted,$(SEED)) $(R33_ENGINE)
conform: check-grade all ## prove every rule on each model of Bochs that has VMX (CPU=model: only on this one)
	$(Q)$(BUILD)/r33 conform $(R33_ENGINE)

.PHONY: skeletons
skeletons: ## make the skeletons in labs/ from solutions/
	$(Q)for file in $(wildcard labs/[1-9]-*/*.c labs/[1-9]-*/*.S); do \
		awk -f labs/skeleton.awk solutions/$${file#labs/} >$$file.new && \
		mv $$file.new $$file || exit 1; \
	done
