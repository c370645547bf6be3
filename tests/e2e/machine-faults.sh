#!/bin/sh
# A machine's fault is no verdict: the same submission has its points, or r33 ends with status 3 and a
# sentence.  No machine takes points from a student.
. "${0%/*}/lib.sh"

lab=1-control-registers
file=control_registers.c

# One processor, of which r33 gets one hundredth: that takes minutes, beside all the rest.
group=/sys/fs/cgroup/cpu/r33-test.$$
slow() {
	echo 0 >"$group/cgroup.procs"
	patience_s=$((patience_s * 10))
	grade slow --submission solutions --lab 1
	echo "$status" >"$work/slow.status"
}
if mkdir "$group" 2>/dev/null && echo 100000 2>/dev/null >"$group/cpu.cfs_period_us" &&
	echo 1000 2>/dev/null >"$group/cpu.cfs_quota_us"; then
	(slow) &
	slow_pid=$!
else
	rmdir "$group" 2>/dev/null || true
	slow_pid=
fi

# All points, or status 3 with a sentence that says what to do.
points_or_sentence() {	# PATTERN
	left_nothing "$out/tmp" || return 1
	case $status in
	0) [ "$(points "$out/cases")" -eq 100 ] ;;
	3)
		if ! grep -q "$1" "$out/stderr" || [ -s "$out/cases" ]; then
			cat "$out/stderr"
			return 1
		fi
		;;
	*) echo "status $status, $(points "$out/cases") points"; cat "$out/report.txt"; return 1 ;;
	esac
}

# Status 3 and the sentence.
sentence() {	# PATTERN
	[ "$status" -eq 3 ] || { echo "status $status"; cat "$out/report.txt"; return 1; }
	points_or_sentence "$1"
}

all_points() {
	[ "$status" -eq 0 ] || { echo "status $status"; cat "$out/stderr"; return 1; }
	points_or_sentence .
}

# Programs that are not there: PATH has all others.
without() {	# PROGRAM
	rm -rf "${work:?}/bin"
	mkdir -p "$work/bin"
	for directory in /usr/local/bin /usr/bin; do
		ln -s -t "$work/bin" "$directory"/* 2>/dev/null || true
	done
	rm "$work/bin/$1"
}

path=$PATH
for program in gcc objcopy as ld; do
	without "$program"
	PATH=$work/bin
	# What gcc itself knows another way to is not missing.
	grade "no-$program" --submission solutions --lab 1
	PATH=$path
	check "without $program in PATH: the points, or status 3 and what is missing" \
		points_or_sentence "make setup"
done

# A compiler that fails whatever it is given.
mkdir -p "$work/broken.bin"
cat >"$work/broken.c" <<EOF
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "-print-search-dirs") == 0)
		execl("$(command -v gcc)", "$(command -v gcc)", argv[1], (char *)0);
	write(2, "no space left, or so\n", 21);
	return 1;
}
EOF
cc -w "$work/broken.c" -o "$work/broken.bin/gcc"
PATH=$work/broken.bin:$path
grade broken-compiler --submission solutions --lab 1
PATH=$path
check "a compiler that fails at everything is the machine's fault" sentence "no space left, or so"

# A part of the compiler that somebody kills: a lab is not lost before it was compiled twice.
{
	cat "solutions/$lab/$file"
	for number in $(seq 1500); do
		echo "int f$number(int x); int f$number(int x) { return x * x + f$number(x % $number); }"
	done
} >"$work/$file"
mkdir -p "$work/long.submission"
mv "$work/$file" "$work/long.submission/"
kill_once() {	# PROGRAM: the first that runs below $out
	for _ in $(seq 400); do
		for process in $(pgrep -x "$1"); do
			case $(readlink "/proc/$process/cwd") in
			"$work/killed"*) kill -KILL "$process" && return ;;
			esac
		done
		sleep 0.01
	done
}
for program in cc1 as; do
	(kill_once "$program") &
	grade "killed-$program" --submission "$work/long.submission" --lab 1
	wait $!
	check "a $program that is killed costs no points" all_points
done

# Limits of the shell from which r33 is called.
for limits in '-f 64' '-v 200000' '-s 1024' '-t 3'; do
	# shellcheck disable=SC2086 # words are what is wanted
	ulimited() {
		ulimit $limits
		grade ulimit --submission solutions --lab 1
		echo "$status" >"$work/ulimit.status"
	}
	(ulimited)
	out=$work/ulimit
	status=$(cat "$work/ulimit.status")
	check "with ulimit $limits: status 3 and which limit it is" sentence "ulimit ${limits% *}"
done

# A file system with little room.
small=$work/small
mkdir -p "$small"
rooms="128k 416k 3m 8m 40m"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=128k none "$small" 2>/dev/null; then
	for room in $rooms; do
		mount -o "remount,size=$room" "$small"
		out=$work/room-$room
		mkdir -p "$out/tmp"
		status=0
		TMPDIR=$small "$r33" grade --submission solutions --lab 1 --format tap -o "$out/report.tap" \
			--format text -o "$out/report.txt" </dev/null >"$out/stdout" 2>"$out/stderr" ||
			status=$?
		: >"$out/cases"
		[ ! -e "$out/report.tap" ] || cases_of "$out/report.tap" >"$out/cases"
		check "with $room left in TMPDIR: the points, or status 3 and what is full" \
			points_or_sentence "is full.*TMPDIR\|No space left"
		check "with $room left in TMPDIR nothing is left there" test -z "$(ls -A "$small")"
	done
	umount "$small"
else
	skip "with little room in TMPDIR: the points, or status 3" "only root can make such a place"
fi

# What cannot be read.
unreadable() {
	mkdir -p "$work/unreadable.submission/$lab"
	cp "solutions/$lab/$file" "$work/unreadable.submission/$lab/"
	chmod 000 "$work/unreadable.submission/$1"
	grade unreadable --submission "$work/unreadable.submission" --lab 1
	chmod -R u+rwX "$work/unreadable.submission"
}
if as_somebody; then
	for name in "$lab/$file" "$lab"; do
		unreadable "$name"
		check "an unreadable $name in a submission is no verdict" sentence 'Permission denied'
	done
	as=
else
	skip "what cannot be read in a submission is no verdict" "$nobody"
fi

place=
# Run r33 by a shell command of ours, in which $r33, $root and $out are known.
graded_by() {	# NAME COMMAND
	out=$work/$1
	rm -rf "$out"
	mkdir -p "$out/tmp"
	status=0
	export r33 root out place
	TMPDIR=$out/tmp sh -c "$2" >"$out/stdout" 2>"$out/stderr" </dev/null || status=$?
	[ ! -e "$out/report.tap" ] || cases_of "$out/report.tap" >"$out/cases"
}
# shellcheck disable=SC2016 # the other shell expands it
command='"$r33" grade --submission "$root/solutions" --lab 1 --format tap -o "$out/report.tap"'

# Names that make, sh, gcc or GRUB could take for something else.
odd() {	# NAME
	odd=$work/places/$1
	mkdir -p "$odd/tree" "$odd/tmp"
	for part in labs iso build; do
		ln -s "$root/$part" "$odd/tree/$part"
	done
	cp -R solutions "$odd/submission"
	grade odd --submission "$odd/submission" --lab 1
	check "a submission in a directory named $1 has its points" all_points
	grade odd --submission solutions --lab 1 --root "$odd/tree"
	check "a tree in a directory named $1 grades" all_points
	place=$odd/tmp
	graded_by odd-tmp "TMPDIR=\$place $command"
	check "a TMPDIR named $1 grades" all_points
}
for name in 'a b' "it's" 'br[ack]et' '100%' 'say "x"' "all 'of' [them]% \"and\" \$HOME,a:b=c#d\\e"; do
	odd "$name"
done

# Descriptors that r33 is not given.
for _ in 1 2 3; do
	graded_by no-input "$command <&-"
	check "with standard input closed the solution has its points" all_points
done
graded_by no-output "$command >&-"
check "with standard output closed the solution has its points" all_points
graded_by no-errors "$command 2>&-"
check "with standard error closed the solution has its points" all_points
graded_by no-descriptors "$command <&- >&- 2>&-"
check "with all of them closed the solution has its points" all_points

if [ -n "$slow_pid" ]; then
	wait "$slow_pid" || true
	out=$work/slow
	status=$(cat "$work/slow.status")
	check "with 1 % of a processor: the points, or status 3" points_or_sentence .
	sleep 1
	rmdir "$group"
else
	skip "with 1 % of a processor: the points, or status 3" "no control group for the processor"
fi
finish
