#!/bin/sh
# Prints docs/engine-differences.md: every case that ends on QEMU otherwise than on Bochs.
#
#	engine-differences.sh DIRECTORY
#
# What may differ is what docs/labs/ says is skipped on QEMU, and not on a Bochs that has the model.  Anything
# else that does differ, the page has under "Other differences": DIRECTORY/NAME/RUN/report.tap is compared
# with DIRECTORY/NAME-qemu/RUN/report.tap for each NAME and RUN that has both.  `make docs` gives it the
# solutions, tests/e2e/engines.sh every submission of the repository, which must make the same page.
#
# A case ends as it does on another engine if it earns the same points.  Its outcome may have another name: where
# a guest meets #GP on Bochs, on QEMU its fields are found wrong.
# Exit status: 0 done, 3 there is nothing to compare.
set -eu
LC_ALL=C
export LC_ALL
cd "${0%/*}/.."

# "model<TAB>NAME/RUN<TAB>MODEL", then the report of Bochs, "qemu", and that of QEMU.
pairs() {
	for of_qemu in "$1"/solutions-qemu/*/report.tap "$1"/wrong-qemu/*/report.tap "$1"/hostile-qemu/*/report.tap; do
		run=${of_qemu%/report.tap}
		name=${run%/*}
		name=${name%-qemu}
		run=${run##*/}
		[ -s "$name/$run/report.tap" ] || continue
		model=${run##*.}
		[ "$model" != alone ] || model=tigerlake # a lab of solutions.sh
		printf 'pair\t%s\t%s\n' "${name##*/}/$run" "$model"
		cat "$name/$run/report.tap"
		echo qemu
		cat "$of_qemu"
	done
}

{
	printf '%s\n' docs/labs/bochs-*.md docs/labs/qemu.md | xargs cat
	pairs "$1"
} | awk -F '\t' '
	# Tables of docs/labs/: the models, then what is skipped on which of them.
	/^## / { page = $0; next }
	/^\| `/ { split($0, words, "`"); has[page, words[2]] = 1; pages[page] = 1; next }
	/^- lab [0-9]+, `/ {
		split($0, words, "`")
		case_id = words[2]; lab = $0; sub(/^- lab /, "", lab); sub(/,.*/, "", lab)
		where = $0; sub(/.*\. On `/, "", where)
		reason = $0; sub(/^[^:]*: /, "", reason); sub(/\. On `[^.]*\.$/, "", reason)
		count = split(where, words, "`")
		for (i = 1; i <= count; i += 2)
			if (page != "## QEMU") skipped[page, lab, case_id, words[i]] = 1
			else may_skip(words[i])
		case_id = ""
		next
	}
	# On a Bochs that has the model the case can be posed.
	function may_skip(model,   of, line) {
		for (of in pages) {
			if (of == "## QEMU" || !((of, model) in has) || (of, lab, case_id, model) in skipped)
				continue
			line = "lab " lab ", `" case_id "`: " reason
			if (!(line in models)) lines[++line_count] = line
			models[line] = models[line] (models[line] ? ", " : "") "`" model "`"
			allowed[lab, case_id, model] = 1
			return
		}
	}
	# What was read of the case at hand, of the engine at hand.
	function close_case() {
		if (case_id == "")
			return
		key = lab " " case_id
		if (qemu) {
			compare(key)
		} else {
			result[key] = outcome; points_of[key] = got; reason_of[key] = reason
			known[++cases] = key
		}
		case_id = ""
	}
	function compare(key) {
		compared++
		done[key] = 1
		if (!(key in result)) {
			other("only QEMU has it")
		} else if (outcome == "skipped" && (lab, case_id, model) in allowed) {
			return
		} else if ((outcome == "skipped") != (result[key] == "skipped") || got != points_of[key]) {
			other("Bochs: " result[key] ", " points_of[key] " points; QEMU: " outcome ", " got " points")
		}
	}
	function other(what) {
		others[++other_count] = "- " name ", lab " lab ", `" case_id "`: " what "."
	}
	# No engine may lose a case that the other has.
	function close_pair(   i) {
		close_case()
		for (i = 1; i <= cases; i++) {
			if (known[i] in done) continue
			split(known[i], words, " "); lab = words[1]; case_id = words[2]
			other("only Bochs has it")
		}
		case_id = ""
		cases = 0
		split("", result); split("", done)
		qemu = 0
	}
	/^pair\t/ { close_pair(); name = $2; model = $3; next }
	$0 == "qemu" { close_case(); qemu = 1; next }
	/^# case / {
		close_case()
		split($0, words, " ")
		case_id = words[4]; gsub(/"/, "", case_id)
		lab = substr(words[5], 5)
		points = substr(words[6], 8)
		outcome = "missing"; got = 0; reason = ""
		next
	}
	/^ok .* # SKIP / { outcome = "skipped"; reason = $0; sub(/.* # SKIP /, "", reason); close_case(); next }
	/^ok / { got = points; next }
	/^  earned: / { got = substr($0, 11); next }
	/^  outcome: / { outcome = substr($0, 12); gsub(/"/, "", outcome); next }
	END {
		close_pair()
		if (!compared)
			exit 3
		print "# Where QEMU gives other results than Bochs"
		print ""
		print "On QEMU, `kernel/vmx/svm/` implements VMX on AMD-V. Every submission of the repository (the solutions, the"
		print "wrong solutions in `tests/wrong/`, the hostile ones in `tests/hostile/`) is graded on both engines, and each"
		print "case must earn the same points, except for those listed here. This page is"
		print "generated: `make docs`; `make e2e THEME=engines` fails on any other difference."
		print ""
		print "## Skipped on QEMU only"
		print ""
		for (i = 1; i <= line_count; i++)
			print "- " lines[i] ". On " models[lines[i]] "."
		if (!line_count) print "None."
		print ""
		print "## Other differences"
		print ""
		for (i = 1; i <= other_count; i++)
			print others[i]
		if (!other_count) print "None."
	}' || {
	echo "engine-differences.sh: $1 has no report of a run on both engines" >&2
	exit 3
}
