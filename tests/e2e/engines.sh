#!/bin/sh
# What is graded on both engines ends in the same way: every case of every submission, and the report of the
# solution to the letter.  What may differ is in docs/engine-differences.md.
#
# The runs are those of other scripts; they are made here if there are none of today's kernel and r33.
. "${0%/*}/lib.sh"

runs=$build/test/e2e
value=$work/value
"${HOST_CC:-cc}" -D_GNU_SOURCE -I/usr/include/libxml2 -o "$value" tests/e2e/value.c -ljansson -lxml2

# Is it complete, and newer than what it tested?
is_of_today() {	# THEME
	[ -e "$runs/$1/complete" ] &&
		[ -n "$(find "$runs/$1/complete" -newer "$build/boot/kernel.elf" -newer "$r33")" ]
}

has_runs() {	# THEME RUNS
	is_of_today "$1" || { echo "it did not come to its end: $runs/$1.log"; return 1; }
	count=$(find "$runs/$1" -mindepth 2 -maxdepth 2 -name report.tap | wc -l)
	[ "$count" -ge "$2" ] || { echo "only $count runs"; return 1; }
}

# A note says what was not shown: in the labs that ask for segment limits, and only on QEMU.
notes_are_where_they_belong() {
	on_bochs=$runs/solutions/$default_model/report.tap
	on_qemu=$runs/solutions-qemu/$default_model/report.tap
	! grep engine_note "$on_bochs" || return 1
	awk '/^  lab: / { lab = $2 } /^  engine_note: / { print "lab " lab }' "$on_qemu" | uniq >"$work/notes"
	printf 'lab %s\n' 3 9 | diff - "$work/notes"
}

# A report by a person's eye: who refuses is said once, above all cases, where it is not the processor.
head_of() {	# text|html REPORT
	case $1 in
	text) sed 5q "$2" ;;
	html) awk '{ at = index($0, "<table"); print at ? substr($0, 1, at - 1) : $0 } at { exit }' "$2" ;;
	esac
}

says_who_refuses() {	# text|html
	sentence='On this engine the rules refuse an entry, not the processor; guests really run.'
	case $1 in text) file=report.txt ;; html) file=report.html ;; esac
	[ "$(head_of "$1" "$runs/solutions-qemu/$default_model/$file" | grep -cF "$sentence")" -eq 1 ] ||
		{ echo "not on QEMU"; return 1; }
	! grep -F "$sentence" "$runs/solutions/$default_model/$file"
}

refused_by() {	# THEME WORD
	seen=$("$value" json "$runs/$1/$default_model/report.json" engine.entries_refused_by)
	[ "$seen" = "$2" ] || { echo "$1: $seen"; return 1; }
}

for kind in solutions wrong hostile; do
	for engine in bochs qemu; do
		name=$kind
		[ "$engine" = bochs ] || name=$kind-qemu
		is_of_today "$name" || BUILD=$build TEST_ENGINE=$engine "tests/e2e/$kind.sh" >"$runs/$name.log" 2>&1 || true
	done
done

check "the solutions were graded on both engines" eval 'has_runs solutions 12 && has_runs solutions-qemu 14'
check "the wrong solutions were graded on both engines" eval 'has_runs wrong 60 && has_runs wrong-qemu 30'
check "the hostile submissions were graded on both engines" eval 'has_runs hostile 150 && has_runs hostile-qemu 100'
tools/engine-differences.sh "$runs" >"$work/engine-differences.md" || true
check "cases end on QEMU as on Bochs, but for those in docs/engine-differences.md (else, if they may: make docs)" \
	diff docs/engine-differences.md "$work/engine-differences.md"
check "the JSON report of the solution differs in engine, times, notes and skipped cases only" "$value" compare \
	"$runs/solutions/$default_model/report.json" "$runs/solutions-qemu/$default_model/report.json"
check "in labs 3 and 9, and on QEMU only, reports say what the engine does not show" notes_are_where_they_belong
check "the text report says who refuses an entry" says_who_refuses text
check "the HTML report says who refuses an entry" says_who_refuses html
check "the JSON report says who refuses an entry" eval 'refused_by solutions processor && refused_by solutions-qemu rules'
finish
