# shellcheck shell=sh
# What the tests of r33 gdb share.
. "${0%/*}/lib.sh"

# On Bochs the processor enters the guest, on QEMU the kernel does.
# shellcheck disable=SC2034 # the scripts look at them
case $TEST_ENGINE in
bochs)
	engine_name=Bochs engine_process=bochs
	enters=vmx_enter opcode=0xc201 entry=vmlaunch exit_point=vmx_exit_point
	# gdb can call a function of the kernel when the stack is its own again.
	to_stack='tbreak descriptors_reload
		continue'
	;;
qemu)
	engine_name=QEMU engine_process=qemu-system
	enters=svm_run opcode=0xd801 entry='vmrun %rax' exit_point=svm_exit_point
	to_stack=
	;;
esac

line_of() {	# FILE TEXT
	grep -nF -m 1 -e "$2" "$1" | cut -d: -f1
}

# Where the kernel has come back from the guest.
# shellcheck disable=SC2034
returned=guest_run.c:$(line_of kernel/grade/guest_run.c 'if (result != VMX_SUCCEED)')

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
	TMPDIR=$out/tmp timeout -k 10 "$patience_s" "$r33" gdb --engine "$TEST_ENGINE" --batch --command "$out/commands" \
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
