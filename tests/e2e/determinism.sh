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

# This script calls itself, and others read what is written: never half of a file.
write_once() {	# FILE
	cat >"$1.$$"
	mv "$1.$$" "$1"
}

# A submission with all kinds of outcomes: the three-ways one violates, loops, faults and solves.
submission=$work/submission
mkdir -p "$submission"
{
	sed 's/^set_control_registers(/solve(/' solutions/1-control-registers/control_registers.c
	cat tests/hostile/three-ways.c
} | write_once "$submission/control_registers.c"

one() {	# NAME
	grade "$1" --submission "$submission" --lab 1
}

# Whatever code at CPL 3 can ask.
mkdir -p "$work/sources"
{
	sed 's/^set_control_registers(/solve(/' solutions/1-control-registers/control_registers.c
	cat tests/e2e/sources.c
} | write_once "$work/sources/control_registers.c"

sources() {	# NAME MODEL
	grade "$1" --submission "$work/sources" --lab 1 --cpu "$2" --keep "$work/$1.kept"
}

same_stream() {	# NAME NAME
	cmp "$work/$1.kept/stream.tap" "$work/$2.kept/stream.tap" && same "$1" "$2"
}

# A vmenter() that does these instructions first, with 3 MiB of memory of its own at "calls".
in_each_call() {	# DIRECTORY, standard input
	mkdir -p "$1"
	{
		sed '/^vmenter:/q' solutions/7-register-context/vmenter.S
		cat
		sed '1,/^vmenter:/d' solutions/7-register-context/vmenter.S
		printf '\t.bss\n\t.balign 4096\ncalls:\n\t.skip 3 << 20\n'
	} >"$1/vmenter.S"
}

# The 10,000 calls of its last case take the machine some 20 s.  It says meanwhile that it lives, so
# five seconds of patience are enough.
long() {	# NAME SUBMISSION
	grade "$1" --submission "$2" --lab 7 --timeout 5
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
--item)
	shift
	"$@"
	;;
'')
	printf 'pair %s\n' "$without_ept" "$default_model" | in_parallel
	check "the report has verdicts to compare" grep -q lab-timeout "$work/$default_model.first/cases"

	in_each_call "$work/counts" <<-'E'
		incq calls(%rip)
	E
	in_each_call "$work/writes-3-mib" <<-'E'
		mov $calls, %rax
	1:	incq (%rax)
		add $4096, %rax
		cmp $calls + (3 << 20), %rax
		jb 1b
	E
	printf 'long %s\n' "counts.first $work/counts" "writes.first $work/writes-3-mib" | in_parallel
	check "a vmenter() that counts its 10,000 calls has all points" \
		test "$(points "$work/counts.first/cases")" -eq 100
	check "one that writes 3 MiB in each runs out of the machine's time" \
		grep -q '^round-trips 3 lab-timeout' "$work/writes.first/cases"

	for model in "$without_ept" "$default_model"; do
		for number in 1 2 3; do
			echo "sources $model.$number $model"
		done
	done | in_parallel
	for model in "$without_ept" "$default_model"; do
		check "on $model nothing that code at CPL 3 can ask differs from run to run" same_stream \
			"$model.1" "$model.2"
		check "... nor once more" same_stream "$model.1" "$model.3"
		check "... and it was asked for all, and answered" \
			grep -q 'fields and MSRs' "$work/$model.1/report.txt"
	done

	# Twenty at once, on however many processors there are.
	for number in $(seq 20); do
		one "at-once.$number" &
	done
	sources "$default_model.busy" "$default_model" &
	grade writes.second --submission "$work/writes-3-mib" --lab 7 &
	wait
	check "on a busy host nothing differs either" same_stream "$default_model.1" "$default_model.busy"
	check "... and on a busy host it does so at the same place" same writes.first writes.second
	for number in $(seq 20); do
		check "run $number of twenty at once gives the same reports as a run alone" \
			same "$default_model.first" "at-once.$number"
		check "run $number of twenty at once leaves nothing" left_nothing "$work/at-once.$number/tmp"
	done
	finish
	;;
esac
