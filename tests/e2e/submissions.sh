#!/bin/sh
# What is taken from a submission, and what becomes of submissions that cannot be compiled.
. "${0%/*}/lib.sh"

lab=1-control-registers
file=control_registers.c

# A new submission directory: $submission.
new() {	# NAME
	submission=$work/$1.submission
	mkdir -p "$submission"
}

graded() {	# NAME [OPTION]...
	name=$1
	shift
	grade "$name" --submission "$submission" --lab 1 "$@"
}

# Exit status, outcomes (sorted, each once) and a pattern for the report.
ended() {	# STATUS OUTCOMES [PATTERN]
	[ "$status" -eq "$1" ] || { echo "exit status $status"; cat "$out/stderr"; return 1; }
	seen=$(cut -d ' ' -f 3 "$out/cases" | sort -u | tr '\n' ' ')
	[ "${seen% }" = "$2" ] || { echo "outcomes: $seen"; return 1; }
	# The text report breaks its lines.
	[ -z "${3-}" ] || tr -s ' \n' '  ' <"$out/report.txt" | grep -q "$3" ||
		{ cat "$out/report.txt"; return 1; }
	left_nothing "$out/tmp"
}

same_cases() {	# NAME NAME
	diff "$work/$1/cases" "$work/$2/cases"
}

# Only the files that the student edits.
new solution
cp "solutions/$lab/$file" "$submission/"
graded solution
check "a submission may be the directory of the one file" ended 0 passed

new with-lab-directory
mkdir "$submission/$lab"
cp "solutions/$lab/$file" "$submission/$lab/"
graded with-lab-directory
check "a submission may have the directory of the lab in it" ended 0 passed

# Everything a submission could bring to be found before the tree's own.
new with-more-files
mkdir -p "$submission/include/r33" "$submission/r33" "$submission/labs/runtime" \
	"$submission/labs/include/r33"
cp "labs/$lab/$file" "$submission/"
# shellcheck disable=SC2016 # make expands it
printf 'all:\n\ttouch MADE\n$(shell touch MADE)\n' >"$submission/Makefile"
for copy in GNUmakefile makefile module.mk labs/module.mk flags.mk labs/runtime/flags.mk; do
	cp "$submission/Makefile" "$submission/$copy"
done
for copy in include/r33 r33 labs/include/r33; do
	# shellcheck disable=SC2016 # no expansion is meant
	echo '#define UNWRITTEN ENTER' | tee "$submission/$copy/parts.h" \
		"$submission/$copy/lab.h" "$submission/$copy/guest.h" >"$submission/parts.h"
done
echo 'int lab_start; /* extra.c */' >"$submission/extra.c"
sed 's/^set_control_registers/lab_dispatch/' "solutions/$lab/$file" >"$submission/dispatch.c"
cp "$build/reference.elf" "$submission/lab1.elf"
cp "$build/reference.elf" "$submission/$file.o"
graded with-more-files
check "a Makefile, headers, sources and modules that come with a submission have no effect" \
	ended 1 not-written
check "nothing is written into a submission, and its Makefile is not run" \
	test -z "$(find "$work" -name MADE)"

# Not compiled: told apart from everything else, with the compiler's words.
new error
sed 's/return UNWRITTEN;/return UNWRITEN;/' "labs/$lab/$file" >"$submission/$file"
graded error
check "a submission that does not compile is told apart; the report shows the compiler's message" \
	ended 1 does-not-compile "$file:[0-9]*:[0-9]*: error: .UNWRITEN. undeclared"
graded error.again
sed '/^  "time": {/,/^  }/d' "$work/error/report.json" >"$work/error.json"
check "two reports of a submission that does not compile are the same" \
	eval "sed '/^  \"time\": {/,/^  }/d' '$out/report.json' | diff '$work/error.json' -"

new unknown-function
sed 's/return UNWRITTEN;/return missing(guest);/' "labs/$lab/$file" >"$submission/$file"
graded unknown-function
check "a submission that does not link is told apart; the report names the missing function" \
	ended 1 does-not-compile 'undefined reference to .missing'

new warning
sed 's/^	uint64_t cr0 =/	int unused;\n&/' "solutions/$lab/$file" >"$submission/$file"
graded warning
check "a warning of the compiler costs no points" ended 0 passed

new empty
: >"$submission/$file"
graded empty
check "an empty file does not link" ended 1 does-not-compile set_control_registers

new binary
head -c 100000 /dev/urandom >"$submission/$file"
graded binary
check "a file of noise does not compile" ended 1 does-not-compile

# Not even read.
new nothing
graded nothing
check "a submission without the file is graded 0 and says so" ended 1 no-submission 'is missing'

new link
ln -s "$root/solutions/$lab/$file" "$submission/$file"
graded link
check "a symbolic link to the solution is no submission" ended 1 no-submission 'symbolic link'

new linked-directory
ln -s "$root/solutions/$lab" "$submission/$lab"
graded linked-directory
check "a symbolic link to the directory of the solution is no submission" ended 1 no-submission

ln -s "$root/solutions/$lab" "$work/link-to-directory"
for name in link-to-directory link-to-directory/; do
	submission=$work/$name
	graded linked-submission
	check "a submission that is itself a link ($name) is not opened" \
		test "$status" -eq 3 -a -n "$(grep 'a link to one' "$out/stderr")"
done

new directory
mkdir "$submission/$file"
graded directory
check "a directory in place of the file is no submission" ended 1 no-submission 'not a regular file'

new fifo
mkfifo "$submission/$file"
graded fifo
check "a FIFO in place of the file is no submission, and nobody waits for it" \
	ended 1 no-submission 'not a regular file'

new huge
truncate -s 1G "$submission/$file"
graded huge
check "a file of 1 GiB is no submission" ended 1 no-submission 'larger than 1 MiB'

unreadable="an unreadable file is no submission"
if [ "$(id -u)" -eq 0 ]; then
	skip "$unreadable" "root can read everything"
else
	new unreadable
	cp "solutions/$lab/$file" "$submission/"
	chmod 000 "$submission/$file"
	graded unreadable
	check "$unreadable" ended 1 no-submission 'Permission denied'
fi

# Odd names of directories are nothing special.
new "odd name;\$(touch MADE) 'x' %s"
cp "solutions/$lab/$file" "$submission/"
graded odd-name
check "the name of a submission's directory may be odd" ended 0 passed
finish
