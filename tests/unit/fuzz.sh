#!/bin/sh
# Run fuzzers one after the other: fuzz.sh SECONDS PROGRAM…
#
# The corpus grows in PROGRAM.corpus, from one run to the next.  An input that breaks a parser is
# kept as PROGRAM.crash-…; run PROGRAM with it as the only argument to see the failure again.
set -eu
seconds=$1
shift

status=0
for program in "$@"; do
	mkdir -p "$program.corpus"
	if "$program" -max_total_time="$seconds" -print_final_stats=1 \
		-artifact_prefix="$program." "$program.corpus" >"$program.log" 2>&1; then
		verdict="no failure"
	else
		verdict="FAILED"
		status=1
	fi
	inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$program.log")
	echo "${program##*/}: ${inputs:-?} inputs in $seconds s, $verdict"
	if [ "$verdict" = FAILED ]; then
		tail -n 30 "$program.log" | sed 's/^/    /'
		echo "    see $program.log"
	fi
done
exit $status
