#!/bin/sh
# The solutions earn all points on every kind of processor.
. "${0%/*}/lib.sh"

one() {	# LAB MODEL
	grade "$1.$2" --submission solutions --lab "$1" --cpu "$2"
	check "the solution of lab $1 earns all points on $2 ($(wc -l <"$out/cases") cases)" \
		all_of_100 "$1"
}

# Cases that the processor cannot pose do not count; the oldest can pose half of lab 6.
all_of_100() {	# LAB
	[ "$status" -eq 0 ] || { echo "status $status"; cat "$out/stderr"; return 1; }
	awk '$3 == "passed" { sum += $2; next } $3 != "skipped" { bad = 1 }
		END { exit bad || sum < 45 }' "$out/cases" || { cat "$out/cases"; return 1; }
	grep "^Lab $1: 100 of 100 points" "$out/report.txt" || { tail -n 3 "$out/report.txt"; return 1; }
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
	grep '^r33: this processor cannot do it: ' "$out/stderr" || { cat "$out/stderr"; return 1; }
	[ ! -s "$out/cases" ] || { echo "there are verdicts:"; cat "$out/cases"; return 1; }
}

case ${1-} in
--item) shift && "$@" ;;
'')
	{
		for model in "$without_ept" "$without_unrestricted_guest" corei5_arrandale_m520 \
			corei7_haswell_4770 "$default_model"; do
			for lab in labs/[1-9]-*; do
				lab=${lab#labs/}
				echo "one ${lab%%-*} $model"
			done
		done
		echo no_vmx p4_prescott_celeron_336
		echo no_vmx athlon64_clawhammer
		echo no_vmx p3_katmai
	} | in_parallel
	finish
	;;
esac
