#!/bin/sh
# Wrong command lines and unreadable files end with status 2 or 3, one clear message and nothing
# else, before anything is booted.
. "${0%/*}/lib.sh"

# Runs r33 and compares its exit status and what it says on stderr with a pattern.
says() {	# STATUS PATTERN ARGUMENT...
	wanted=$1
	pattern=$2
	shift 2
	seen_status=0
	timeout -k 10 "$patience_s" "$r33" "$@" \
		</dev/null >"$work/stdout" 2>"$work/stderr" || seen_status=$?
	[ "$seen_status" -eq "$wanted" ] || { echo "exit status $seen_status"; cat "$work/stderr"; return 1; }
	grep -q "$pattern" "$work/stderr" || { echo "it says:"; cat "$work/stderr"; return 1; }
	[ ! -s "$work/stdout" ] || { echo "on stdout:"; cat "$work/stdout"; return 1; }
	no_control_characters "$work/stderr"
}

refused() {	# STATUS PATTERN ARGUMENT...
	wanted_status=$1
	shift
	message=$1
	shift
	check "r33 $* ends with status $wanted_status and says: $message" \
		says "$wanted_status" "$message" "$@"
}

mkdir -p "$work/directory" "$work/tree/labs/1-control-registers"
refused 2 'a command is missing'
refused 2 'grad' grad
refused 2 "'--bogus'" grade --bogus
refused 2 'extra' grade extra
refused 2 'no lab 8' grade --lab 8 --root "$work/tree"
refused 2 "'x'" grade --lab x
refused 2 "'1x'" grade --lab 1x
refused 2 "'-1'" grade --lab -1
refused 2 'lab' grade --lab
refused 2 "'foo'" grade --engine foo
refused 2 "'nonsense'.*tigerlake" grade --lab 1 --cpu nonsense
refused 2 "'tigerlake,count=8'" grade --lab 1 --cpu 'tigerlake,count=8'
refused 2 "no processor model 'nonsense' for qemu.*tigerlake" grade --lab 1 --engine qemu --accel tcg --cpu nonsense
refused 2 "'host -S' is not a processor model" grade --lab 1 --engine qemu --accel kvm --cpu 'host -S'
# A machine that has KVM would use it.
[ -e /dev/kvm ] || refused 3 'KVM cannot be used: /dev/kvm: .*ACCEL=tcg' grade --lab 1 --engine qemu --accel kvm
refused 2 "'xen' is not an accelerator" grade --lab 1 --engine qemu --accel xen
refused 2 'accel needs --engine qemu' grade --lab 1 --accel tcg
refused 2 "'pdf'" grade --format pdf
refused 2 "'pdf'" rules --format pdf
refused 2 "'CR0-FIXED0'" rules --format header CR0-FIXED0
refused 2 "'Enter'" grade --lab 1 --case Enter
refused 2 "'x y'" grade --lab 1 --case 'x y'
refused 2 'module' grade --lab 1 --module 1
refused 2 'module' grade --lab 1 --module x=y
refused 2 'timeout' grade --lab 1 --timeout soon
refused 3 '/nonexistent.*No such file' grade --lab 1 --submission /nonexistent
refused 3 '/nonexistent.*No such file' grade --lab 1 --module 1=/nonexistent
refused 3 '/nonexistent/report' grade --lab 1 -o /nonexistent/report
refused 3 "$work/directory" grade --lab 1 -o "$work/directory"
refused 2 '/nonexistent' grade --lab 1 --root /nonexistent
refused 3 '/nonexistent/keep' grade --lab 1 --keep /nonexistent/keep

# A report goes into a file of its own: through nothing that lies there, and without waiting.
echo theirs >"$work/neighbour"
ln -sf neighbour "$work/link"
ln -sf nowhere "$work/dangling"
rm -f "$work/fifo"
mkfifo "$work/fifo"
for target in link dangling; do
	refused 3 "$target: it is a symbolic link" grade --lab 1 -o "$work/$target"
done
refused 3 'fifo: it is not a regular file' grade --lab 1 -o "$work/fifo"
refused 3 'link: it is a symbolic link' bench -o "$work/link"
refused 3 'link: it is a symbolic link' conform --cpu tigerlake -o "$work/link"
refused 3 '/dev/fd/77: Bad file' grade --lab 1 -o /dev/fd/77
check "what a link leads to is as it was" eval "[ \"\$(cat '$work/neighbour')\" = theirs ]"

# A disk that is full, or a limit of the file's size, leaves the old report.
mkdir -p "$work/reports"
no_room() {
	echo old >"$work/reports/report"
	(
		# The hard limit r33 would refuse at once. Every Debian's sh has -S.
		# shellcheck disable=SC3045
		ulimit -S -f 1
		"$r33" grade --lab 1 --submission "$work/directory" --format json -o "$work/reports/report"
	) >"$work/stdout" 2>"$work/stderr" || [ $? -eq 3 ] || return 1
	grep 'cannot write .*/reports/report: File too large' "$work/stderr" &&
		[ "$(cat "$work/reports/report")" = old ] && [ "$(ls -A "$work/reports")" = report ]
}
check "a report that cannot be written leaves the old one, and nothing else" no_room

# What is kept replaces what lies there, and is not written through it.
keeps() {
	rm -rf "$work/kept"
	mkdir "$work/kept"
	ln -s ../neighbour "$work/kept/stream.tap"
	mkfifo "$work/kept/console.log"
	timeout -k 10 "$patience_s" "$r33" grade --lab 1 --submission solutions --keep "$work/kept" -o /dev/null &&
		[ "$(cat "$work/neighbour")" = theirs ] && [ ! -h "$work/kept/stream.tap" ] &&
		[ -f "$work/kept/console.log" ]
}
check "--keep follows no link and waits at no FIFO" keeps

descriptors() {
	"$r33" grade --lab 1 --submission "$work/directory" --format text -o /dev/fd/3 \
		--format json -o /dev/stdout \
		3>"$work/third" >"$work/stdout" || [ $? -eq 1 ] || return 1
	grep -q 'r33 report 1' "$work/stdout" && grep -q '^Lab 1: ' "$work/third"
}
check "a report can go to a descriptor" descriptors

TMPDIR=/nonexistent
export TMPDIR
check "without a place for temporary files r33 ends with status 3 and says so" \
	says 3 '/nonexistent.*TMPDIR' grade --lab 1
unset TMPDIR

# A name is a name to make as well, whatever is in it: nothing of it is run.
makes_nothing_of() {	# TARGET VARIABLE...
	target=$1
	shift
	make BUILD="$BUILD" "$target" "$@" >"$work/make.log" 2>&1 </dev/null
	made=$?
	[ ! -e "$work/touched" ] || { echo "it was run"; rm -f "$work/touched"; return 1; }
	return "$made"
}
submitted() {	# NAME
	mkdir -p "$work/$1"
	cp solutions/1-control-registers/control_registers.c "$work/$1/"
	makes_nothing_of grade1 SUBMISSION="$work/$1" || { cat "$work/make.log"; return 1; }
	grep -x 'Lab 1: 100 of 100 points' "$work/make.log"
}
# shellcheck disable=SC2016 # nothing shall be expanded
for name in 'ada;touch touched;' "o'brien" 'a "quoted" one' 'a&touch touched' '[a-z]* ?' 'per%cent' '#5' \
	'back\slash' '-rf' '`touch touched`' '(bracket)'; do
	check "make grade1 grades a submission in a directory called $name" submitted "$name"
done
refuses() {	# SENTENCE VARIABLE...
	sentence=$1
	shift
	! makes_nothing_of grade1 "$@" || return 1
	cat "$work/make.log"
	grep -q "$sentence" "$work/make.log" && [ "$(grep -c . "$work/make.log")" -eq 1 ]
}
# shellcheck disable=SC2016 # make would expand it
check "a dollar sign is refused in one sentence" refuses 'SUBMISSION: .*dollar' \
	SUBMISSION='$(shell touch touched)'
check "a newline is refused in one sentence" refuses 'SUBMISSION: .*newline' \
	SUBMISSION="a
touch touched"
check "an engine that does not exist is named in one sentence" \
	refuses "no engine 'foo'; ENGINE is bochs or qemu" ENGINE=foo
check "TESTS with a semicolon is refused in one sentence" refuses 'TESTS=.*; in its name' TESTS='a;touch touched'
check "BUILD with a semicolon is refused in one sentence" refuses 'BUILD has ; in' BUILD='a;touch touched'
for variable in CASE CPU ENGINE ACCEL DISPLAY_LIB GDB_OPTIONS; do
	check "make gdb1 runs nothing of $variable" eval \
		"! makes_nothing_of gdb1 $variable=';touch touched;' && ! grep 'it was run' '$work/make.log'"
done
check "make fuzz runs nothing of N" eval "! makes_nothing_of fuzz N=';touch touched;' CPU=tigerlake"
check "make fuzz runs nothing of SEED" eval "! makes_nothing_of fuzz SEED=';touch touched;' CPU=tigerlake"

# The tree in a directory whose path make cannot take says so; other paths are as good as any.
mkdir -p "$work/tree-to-move" "$work/moved"
tar -c Makefile labs kernel iso tests tools docs solutions | tar -x -C "$work/tree-to-move"
placed() {	# DIRECTORY
	mv "$work/tree-to-move" "$work/moved/$1"
	made=0
	(cd "$work/moved/$1" && make -n all) >"$work/make.log" 2>&1 </dev/null || made=$?
	mv "$work/moved/$1" "$work/tree-to-move"
	return "$made"
}
misplaced() {	# DIRECTORY
	! placed "$1" || return 1
	cat "$work/make.log"
	grep -q 'the directory of this tree has .* in its path' "$work/make.log" &&
		[ "$(grep -c . "$work/make.log")" -eq 1 ]
}
# shellcheck disable=SC2016 # nothing shall be expanded
for name in 'a blank' "a'quote" 'a"quote' 'a[bracket]' '(bracket)' 'a%b' 'a;b' 'a$b' 'a=b' 'a,b' 'a:b' 'a#b' 'a\b'; do
	check "a tree in a directory called $name says that make cannot take it" misplaced "$name"
done
check "a tree in a directory called {a}~+@^ü! can be made" placed '{a}~+@^ü!'
rm -rf "$work/tree-to-move"

# Help is no error, and goes to stdout.
helps() {	# ARGUMENT...
	"$r33" "$@" >"$work/stdout" 2>"$work/stderr" || { echo "exit status $?"; return 1; }
	grep -q '^usage: r33' "$work/stdout" || { cat "$work/stdout"; return 1; }
	[ ! -s "$work/stderr" ]
}
check "r33 --help helps" helps --help
for command in grade run; do
	check "r33 $command --help helps" helps "$command" --help
done

finish
