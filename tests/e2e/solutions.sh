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

case ${1-} in
--item) shift && "$@" ;;
'')
	{
		tools/labs-table.sh --models | sed 's/^/all /'
		echo no_vmx p4_prescott_celeron_336
		echo no_vmx athlon64_clawhammer
		echo no_vmx p3_katmai
	} | in_parallel
	for lab in labs/[1-9]-*; do
		lab=${lab#labs/}
		echo "alone ${lab%%-*}"
	done | in_parallel
	version=$(tools/labs-table.sh --version)
	tools/labs-table.sh "$work" >"$work/labs.md"
	if [ -e "docs/labs/bochs-$version.md" ]; then
		check "docs/labs/bochs-$version.md shows what the solutions earn (else: make docs)" \
			diff "docs/labs/bochs-$version.md" "$work/labs.md"
	else
		skip "docs/labs/ shows what the solutions earn" \
			"Bochs $version has not been measured: make docs does"
	fi
	tools/labs-table.sh --page >"$work/page.md"
	check "docs/labs.md is made of docs/labs/ (else: make docs)" diff docs/labs.md "$work/page.md"
	finish
	;;
esac
