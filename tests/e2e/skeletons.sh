#!/bin/sh
# The skeletons in labs/ are what the solutions make of them, compile, and earn nothing.
. "${0%/*}/lib.sh"

lacks() {	# PATTERN FILE
	! grep -n "$1" "$2"
}

shorter_than() {	# LINES FILE
	[ "$(wc -l <"$2")" -lt "$1" ]
}

no_points_no_crash() {
	[ "$status" -eq 1 ] || { echo "status $status"; cat "$out/stderr"; return 1; }
	awk '$3 != "not-written" && $3 != "skipped" { print; bad = 1 } END { exit bad || !NR }' "$out/cases"
}

# Each file in labs/N-name/ against what labs/skeleton.awk makes of solutions/N-name/.
for lab in labs/[1-9]-*; do
	for file in "$lab"/*.[cS]; do
		[ -e "$file" ] || continue
		solution=solutions/${file#labs/}
		awk -f labs/skeleton.awk "$solution" >"$work/expected"
		check "$file is the skeleton of $solution (make skeletons writes it anew)" \
			diff "$work/expected" "$file"
		check "$file has none of the solution's markers" lacks '//[:|]' "$file"
		check "$file is below 150 lines" shorter_than 150 "$file"
	done
done

for lab in labs/[1-9]-*; do
	lab=${lab#labs/}
	number=${lab%%-*}

	for model in "$without_ept" "$default_model"; do
		grade "$number.$model" --submission labs --lab "$number" --cpu "$model"
		check "the skeleton of lab $number compiles without a warning" lacks build_message "$out/report.json"
		check "the skeleton of lab $number earns no point on $model and crashes in no case" \
			no_points_no_crash
		check "its report on $model says so once, not case by case" \
			grep -q 'returned UNWRITTEN in all [0-9]* cases' "$out/report.txt"
		check "and shows no case on $model" lacks 'FAIL\|PASS' "$out/report.txt"
	done
done
finish
