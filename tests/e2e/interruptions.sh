#!/bin/sh
# Whatever ends r33, and whenever: it dies of that signal and leaves no process and no file.
. "${0%/*}/lib.sh"

# Something that compiles for ever, and something that runs for ever.
mkdir -p "$work/compiles.submission" "$work/runs.submission"
# (A case that loops takes about two seconds of the machine's time: twenty are long enough.)
sed 's/^	uint64_t cr0 =/	for (;;)\n		(void)*(const volatile uint64_t *)\&guest->cr0;\n&/' \
	solutions/1-control-registers/control_registers.c >"$work/runs.submission/control_registers.c"
for _ in 1 2; do
	printf '#if __INCLUDE_LEVEL__ < 100\n#include "control_registers.c"\n#endif\n'
done >"$work/compiles.submission/control_registers.c"

wait_for() {	# SECONDS COMMAND...
	tenths=$(($1 * 10))
	shift
	until "$@"; do
		tenths=$((tenths - 1))
		[ "$tenths" -gt 0 ] || return 1
		sleep 0.1
	done
}

# Is the program running in the run's work directory?  (Without a process for each that is looked
# at: on a busy machine the run would be over first.)
runs() {	# DIRECTORY PROGRAM
	for process in /proc/[0-9]*; do
		name=
		{ read -r name <"$process/comm"; } 2>/dev/null || true
		[ "$name" = "$2" ] || continue
		case $(readlink "$process/cwd" 2>/dev/null) in
		"$1"/*) return 0 ;;
		esac
	done
	return 1
}

# Start, wait for the program, send the signal to r33 (group: to the whole process group, as a
# terminal does), see what it leaves.
interrupted() {	# WHEN PROGRAM SIGNAL NUMBER [group]
	dir=$work/$1.$3${5-}
	mkdir -p "$dir/tmp"
	# A shell's background jobs ignore SIGINT, and r33 would, too.
	TMPDIR=$dir/tmp setsid env --default-signal=INT,QUIT "$r33" grade --lab 1 \
		--submission "$work/$1.submission" -o "$dir/report" </dev/null >"$dir/log" 2>&1 &
	pid=$!
	wait_for 30 runs "$dir/tmp" "$2" || { echo "$2 does not run"; cat "$dir/log"; return 1; }
	if [ -n "${5-}" ]; then
		kill -s "$3" -- "-$pid"
	else
		kill -s "$3" "$pid"
	fi
	result=0
	wait "$pid" || result=$?
	[ "$result" -eq $((128 + $4)) ] || { echo "exit status $result"; cat "$dir/log"; return 1; }
	[ ! -e "$dir/report" ] || { echo "there is a report:"; cat "$dir/report"; return 1; }
	# Of SIGKILL r33 hears nothing; its janitor does, a moment later.
	[ "$3" != KILL ] || wait_for 5 quiet "$dir/tmp" || true
	left_nothing "$dir/tmp"
}

quiet() {
	left_nothing "$1" >/dev/null
}

engine=$(basename "$(command -v bochs-bin || command -v bochs)")
for place in "" group; do
	check "SIGINT${place:+ to the process group} ends r33 and the machine, and leaves nothing" \
		interrupted runs "$engine" INT 2 $place
done
check "SIGTERM ends r33 and the machine, and leaves nothing" interrupted runs "$engine" TERM 15
check "SIGHUP ends r33 and the machine, and leaves nothing" interrupted runs "$engine" HUP 1
check "SIGKILL ends r33; the machine ends too, and nothing is left" interrupted runs "$engine" KILL 9
check "SIGINT while the compiler works ends it, and leaves nothing" interrupted compiles cc1 INT 2
check "SIGTERM while the compiler works ends it, and leaves nothing" interrupted compiles cc1 TERM 15

# An engine with children of its own.
cp -R "$work/runs.submission" "$work/forks.submission"
mkdir -p "$work/bin"
printf '#!/bin/sh\nsleep 1000 &\nwait\n' >"$work/bin/$engine"
chmod +x "$work/bin/$engine"
PATH=$work/bin:$PATH
check "SIGTERM ends the engine's children, too" interrupted forks sleep TERM 15
finish
