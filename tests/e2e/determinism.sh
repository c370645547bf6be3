#!/bin/sh
# Two runs of the same submission give the same report, also on a machine that is busy, and runs at
# the same time do not disturb each other.
. "${0%/*}/lib.sh"

without_time() {	# REPORT.json
	sed '/^  "time": {/,/^  }/d' "$1"
}

same() {	# NAME NAME
	without_time "$work/$1/report.json" >"$work/$1.json"
	without_time "$work/$2/report.json" | diff "$work/$1.json" - &&
		diff "$work/$1/report.txt" "$work/$2/report.txt" &&
		diff "$work/$1/report.tap" "$work/$2/report.tap" &&
		diff "$work/$1/report.html" "$work/$2/report.html"
}

# A submission with all kinds of outcomes: the three-ways one violates, loops, faults and solves.
submission=$work/submission
mkdir -p "$submission"
{
	sed 's/^set_control_registers(/solve(/' solutions/1-control-registers/control_registers.c
	cat tests/hostile/three-ways.c
} >"$submission/control_registers.c"

one() {	# NAME
	grade "$1" --submission "$submission" --lab 1
}

pair() {	# MODEL
	grade "$1.first" --submission "$submission" --lab 1 --cpu "$1" --keep "$work/$1.first.kept"
	grade "$1.second" --submission "$submission" --lab 1 --cpu "$1" --keep "$work/$1.second.kept"
	check "on $1 two runs give the same reports, time aside" same "$1.first" "$1.second"
	check "on $1 two runs give the same record stream" \
		cmp "$work/$1.first.kept/stream.tap" "$work/$1.second.kept/stream.tap"
	check "on $1 two runs boot the same image" \
		cmp "$work/$1.first.kept/image.iso" "$work/$1.second.kept/image.iso"
}

case ${1-} in
--item) "$2" "$3" ;;
'')
	printf 'pair %s\n' "$without_ept" "$default_model" | in_parallel
	check "the report has verdicts to compare" grep -q lab-timeout "$work/$default_model.first/cases"

	# Eight at once, on however many processors there are.
	for number in 1 2 3 4 5 6 7 8; do
		one "at-once.$number" &
	done
	wait
	for number in 1 2 3 4 5 6 7 8; do
		check "run $number of eight at once gives the same reports as a run alone" \
			same "$default_model.first" "at-once.$number"
		check "run $number of eight at once leaves nothing" left_nothing "$work/at-once.$number/tmp"
	done
	finish
	;;
esac
