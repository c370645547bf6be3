# shellcheck shell=sh
# What the tests of r33 gdb share.
. "${0%/*}/lib.sh"

# Let gdb read standard input.  Leaves the exit status in $status, what was said in $out/said.
session() {	# NAME [OPTION OF r33 gdb]...
	out=$work/$1
	shift
	rm -rf "$out"
	mkdir -p "$out/tmp"
	cat >"$out/commands"
	# shellcheck disable=SC2034 # the scripts look at it
	status=0
	# shellcheck disable=SC2034
	TMPDIR=$out/tmp timeout -k 10 "$patience_s" "$r33" gdb --batch --command "$out/commands" \
		"$@" -- -nx </dev/null >"$out/said" 2>&1 || status=$?
}

# What was said has lines that match the patterns, in this order.
says() {	# SENTENCE PATTERN...
	sentence=$1
	shift
	line=0
	for pattern; do
		at=$(tail -n "+$((line + 1))" "$out/said" | grep -nE -m 1 -e "$pattern" | cut -d: -f1)
		if [ -z "$at" ]; then
			not_ok "$sentence" "nothing matches: $pattern
$(tail -n 25 "$out/said")"
			return 0
		fi
		line=$((line + at))
	done
	ok "$sentence"
}

says_nothing_of() {	# PATTERN
	! grep -E -e "$1" "$out/said"
}

is() {	# SENTENCE NUMBER WANTED
	if [ "$2" -eq "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "$2 instead of $3
$(tail -n 15 "$out/said")"
	fi
}

# A solution of lab 1 that never comes back.
loop_in_lab1() {	# DIRECTORY
	mkdir -p "$1"
	sed 's/^	uint64_t cr0 =/	for (;;)\n		(void)*(const volatile uint64_t *)\&guest->cr0;\n&/' \
		solutions/1-control-registers/control_registers.c >"$1/control_registers.c"
}
