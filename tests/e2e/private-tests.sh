#!/bin/sh
# Private tests, TESTS=dir: cases and guests from outside the tree count, in a kernel of their own.
. "${0%/*}/lib.sh"

lab=1-control-registers
private=$work/private

# A directory with the case of CONTRIBUTING.md.
new() {	# DIRECTORY ID
	mkdir -p "$1/cases/$lab" "$1/guests"
	cat >"$1/cases/$lab/010-use-sse.c" <<-END
		#include "grade/case.h"

		#include <r33/control_registers.h>

		TEST_CASE = {
			.lab = 1,
			.id = "$2",
			.title = "a guest that uses SSE finds OSFXSR",
			.points = 4,
			.image = "sse64",
			.guest = { .mode = GUEST_64BIT, .cr0 = CR0_PE | CR0_PG, .cr4 = CR4_PAE | CR4_OSFXSR },
		};
	END
	sed '0,/^	[a-z]/s//	pxor %xmm0, %xmm0\n&/' tests/guests/observe64.S >"$1/guests/sse64.S"
}

# make, with the status and what it said kept.
make_with() {	# NAME ARGUMENT...
	log=$work/$1.log
	shift
	status=0
	make BUILD="$BUILD" "$@" >"$log" 2>&1 </dev/null || status=$?
}

ended() {	# STATUS PATTERN...
	[ "$status" -eq "$1" ] || { echo "status $status"; tail "$log"; return 1; }
	shift
	for pattern; do
		grep -q "$pattern" "$log" || { echo "no line: $pattern"; tail "$log"; return 1; }
	done
}

new "$private" use-sse
make_with good grade1 SUBMISSION=solutions TESTS="$private"
check "make grade1 TESTS=dir grades the private case with its private guest" \
	ended 0 'PASS    4/4  a guest that uses SSE finds OSFXSR  \[use-sse\]'
check "the private case counts besides the 100 points of the lab, which is scaled to 100" \
	ended 0 '^Lab 1: 100 of 100 points, that is 104 of 104'
make_with without grade1 SUBMISSION=solutions
check "without TESTS the private case is gone" ended 0 '^Lab 1: 100 of 100 points$'

# A solution that clears OSFXSR: the guest takes #UD.
broken=$work/broken.submission
mkdir -p "$broken"
sed 's/vmwrite(GUEST_CR4, cr4)/vmwrite(GUEST_CR4, cr4 \& ~CR4_OSFXSR)/' \
	"solutions/$lab/control_registers.c" >"$broken/control_registers.c"
grade broken --submission "$broken" --lab 1 --kernel "$build/private/boot/kernel.elf"
check "r33 --kernel boots the kernel with the private tests; a wrong solution loses the case" \
	grep -qx 'use-sse 4 guest-failed 1 0' "$out/cases"

# The same file name in another directory, and older: nothing of the first may stay.
other=$work/other
new "$other" use-sse-too
touch -d '2000-01-01' "$other/cases/$lab/010-use-sse.c" "$other/guests/sse64.S"
make_with other grade1 SUBMISSION=solutions TESTS="$other"
check "another TESTS=dir leaves nothing of the one before" ended 0 '\[use-sse-too\]' 'that is 104 of 104'

rm "$other/cases/$lab/010-use-sse.c"
make_with gone grade1 SUBMISSION=solutions TESTS="$other"
check "a private case that was removed is gone" ended 0 '^Lab 1: 100 of 100 points$'

# Mistakes are named.
new "$work/same-id" enter-64-bit
make_with same-id grade1 SUBMISSION=solutions TESTS="$work/same-id"
check "a private case with the id of another is refused by name" \
	ended 2 'lab 1 has two cases with the id enter-64-bit'

mkdir -p "$work/same-guest/guests"
cp tests/guests/observe64.S "$work/same-guest/guests/"
make_with same-guest grade1 TESTS="$work/same-guest"
check "a private guest with the name of another is refused by name" ended 2 'tests/guests: observe64'

mkdir -p "$work/same-judge/cases/$lab"
cp "tests/cases/$lab/judge.c" "$work/same-judge/cases/$lab/"
make_with same-judge grade1 SUBMISSION=solutions TESTS="$work/same-judge"
check "a second judge for a lab is refused" ended 2 'lab 1 has two judges'

make_with nowhere grade1 TESTS="$work/nowhere"
check "a directory without tests is named" ended 2 'nowhere: there is no cases/N-name/\*.c'
make_with blanks grade1 TESTS="$work/a b"
check "a directory with blanks in its name is refused" ended 2 'TESTS=.* has a blank in its name'
finish
