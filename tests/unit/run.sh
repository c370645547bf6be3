#!/bin/sh
# Run one unit test program: run.sh PROGRAM
#
# Prints one line, "NAME: 23 passed, 0 failed", and what went wrong if anything did.  Leaves the
# output in PROGRAM.log and "PASSED FAILED" in PROGRAM.result; the sum of all results decides, so
# a failed test is no error here.  A program that dies fails all tests that it did not get to.
set -eu
program=$1
name=${program##*/}

status=0
CMOCKA_MESSAGE_OUTPUT=TAP "$program" >"$program.log" 2>&1 || status=$?

# TAP: "1..23" tests are planned, "ok 1 - name" for each that passed.
planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$program.log" | head -n 1)
passed=$(grep -c '^ok [0-9]' "$program.log") || true
failed=$((${planned:-0} - passed))
if [ "$failed" -le 0 ]; then
	failed=0
	if [ "$status" -ne 0 ] || [ "$passed" -eq 0 ]; then
		failed=1
	fi
fi

echo "$name: $passed passed, $failed failed"
echo "$passed $failed" >"$program.result"
if [ "$failed" -ne 0 ]; then
	grep -v '^ok [0-9]' "$program.log" | head -n 40 | sed 's/^/    /'
	echo "    exit status $status; see $program.log"
fi
