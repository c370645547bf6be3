#!/bin/sh
# The solutions earn all points on every kind of processor.
. "${0%/*}/lib.sh"

# All labs in one boot.
all() {	# MODEL
	grade "$1" --submission solutions --lab all --cpu "$1"
	for lab in labs/[1-9]-*; do
		lab=${lab#labs/}
		number=${lab%%-*}
		# The fourth word of a case's line is its lab.
		awk -v "lab=$number" '$4 == lab' "$out/cases" >"$out/cases.$number"
		check "the solution of lab $number earns all points on $1 ($(wc -l <"$out/cases.$number") cases)" \
			all_of_100 "$number"
	done
}

# Cases that the processor cannot pose do not count; the oldest can pose half of lab 6.
all_of_100() {	# LAB
	[ "$status" -eq 0 ] || { echo "status $status"; cat "$out/stderr"; return 1; }
	awk '$3 == "passed" { sum += $2; next } $3 != "skipped" { bad = 1 }
		END { exit bad || sum < 45 }' "$out/cases.$1" || { cat "$out/cases.$1"; return 1; }
	grep "^Lab $1: *100 of 100 points" "$out/report.txt" || { cat "$out/report.txt"; return 1; }
}

# A lab alone has the same cases as among all.
alone() {	# LAB
	grade "$1.alone" --submission solutions --lab "$1"
	check "lab $1 graded alone has the results that it has among all" \
		diff "$work/$default_model/cases.$1" "$out/cases"
}

# Where a processor has no VMX, or none for 64-bit hosts, the kernel says so.
no_vmx() {	# MODEL
	grade "$1" --submission solutions --lab 1 --cpu "$1"
	check "$1 cannot run the lab: r33 says why, in one sentence, and ends with status 3" \
		says_no_vmx
}

says_no_vmx() {
	[ "$status" -eq 3 ] || { echo "status $status"; cat "$out/stderr"; return 1; }
	[ "$(wc -l <"$out/stderr")" -eq 1 ] || { cat "$out/stderr"; return 1; }
	grep '^r33: this processor is unsuitable: ' "$out/stderr" || { cat "$out/stderr"; return 1; }
	[ ! -s "$out/cases" ] || { echo "there are verdicts:"; cat "$out/cases"; return 1; }
}

# Each skipped case says why, and all together are worth no more than this many points of 900.
skips_little() {	# POINTS
	awk -v "most=$1" '
		/^# case / { points = substr($6, 8) }
		sub(/.*# SKIP */, "") { lost += points; if (length($0) < 20) { print "no reason: " $0; bad = 1 } }
		END { if (lost > most) print lost " points are skipped"; exit bad || lost > most }' "$out/report.tap"
}

# docs/models.md, docs/labs.md and the page of the engine say what was earned here.
pages() {	# PAGE
	tools/labs-table.sh "$TEST_ENGINE" "$work" >"$work/labs.md"
	check "$1 shows what the solutions earn (else: make docs)" diff "$1" "$work/labs.md"
	tools/labs-table.sh --page >"$work/page.md"
	check "docs/labs.md is made of docs/labs/ (else: make docs)" diff docs/labs.md "$work/page.md"
	tools/labs-table.sh --points >"$work/models.md"
	check "docs/models.md says on which engine a model can earn how much (else: make docs)" \
		diff docs/models.md "$work/models.md"
}

case ${1-} in
--item) shift && "$@" ;;
'')
	{
		tools/labs-table.sh "$TEST_ENGINE" --models | sed 's/^/all /'
		# QEMU's models are made of capability files, which these have none of.
		[ "$TEST_ENGINE" = qemu ] || printf 'no_vmx %s\n' p4_prescott_celeron_336 athlon64_clawhammer p3_katmai
	} | in_parallel
	for lab in labs/[1-9]-*; do
		lab=${lab#labs/}
		echo "alone ${lab%%-*}"
	done | in_parallel
	out=$work/$default_model
	case $TEST_ENGINE in
	qemu)
		check "on $default_model cases are skipped for a reason, and of 60 points at most" skips_little 60
		pages docs/labs/qemu.md
		;;
	bochs)
		check "on $default_model no case is skipped" skips_little 0
		version=$(tools/labs-table.sh --version)
		if [ -e "docs/labs/bochs-$version.md" ]; then
			pages "docs/labs/bochs-$version.md"
		else
			skip "docs/labs/ shows what the solutions earn" \
				"Bochs $version has not been measured: make docs does"
		fi
		;;
	esac
	finish
	;;
esac
