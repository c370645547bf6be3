#!/bin/sh
# r33 explain: valid dumps of every format break no rule, broken ones exactly the rules that were
# broken; standard input, JSON, capabilities, errors, and input that nobody should print.
. "${0%/*}/lib.sh"

dumps=tests/dumps/explain
value=$work/value
"${HOST_CC:-cc}" -D_GNU_SOURCE -I/usr/include/libxml2 -o "$value" tests/e2e/value.c -ljansson -lxml2

# Runs r33 explain; leaves the exit status in $status and what was printed in $work/stdout.
explain() {	# [ARGUMENT]...
	status=0
	timeout -k 10 "$patience_s" "$r33" explain --root "$root" "$@" \
		>"$work/stdout" 2>"$work/stderr" || status=$?
}

# The identifiers of the violated rules in the JSON report, in its order.
violated() {
	"$value" json "$work/stdout" version >"$work/version" || { echo "no JSON"; return; }
	"$value" json "$work/stdout" 'dumps.*.violations.*.id' 2>&1 | grep '^[A-Z]' | tr '\n' ' ' |
		sed 's/ $//'
}

# Is what was found what is expected?  Status 0 goes with no rule, 1 with some.
found() {	# RULES FILE|- [ARGUMENT]...
	rules=$1
	shift
	explain --format json "$@"
	seen=$(violated)
	[ "$seen" = "$rules" ] || { echo "violated: $seen"; return 1; }
	if [ -n "$rules" ]; then
		[ "$status" -eq 1 ]
	else
		[ "$status" -eq 0 ]
	fi || { echo "exit status $status"; return 1; }
	explain "$@"
	no_control_characters "$work/stdout" "$work/stderr"
}

for file in "$dumps"/*.txt; do
	check "${file##*/} is valid and violates no rule" found '' "$file" </dev/null
done

# A valid dump with a mistake put in by sed violates these rules and no other.
broken() {	# FILE SED-SCRIPT RULES [ARGUMENT]...
	file=$1
	script=$2
	rules=$3
	shift 3
	sed "$script" "$dumps/$file" >"$work/broken"
	if cmp -s "$dumps/$file" "$work/broken"; then
		not_ok "$file with $script differs from $file" "the script changes nothing"
		return
	fi
	check "$file with $script violates ${rules:-nothing}" found "$rules" - "$@" <"$work/broken"
}

broken kvm-64.txt '/^CR0:/s/80050033/80050013/' CR0-FIXED0
broken kvm-64.txt '/^CR4:/s/372ef0/372ed0/' IA32E-PAE
broken kvm-64.txt '/^CR4:/s/372ef0/370ef0/' CR4-FIXED0
broken kvm-64.txt '/^CR3/s/0x0000/0x8000/' CR3-MAXPHY
broken kvm-64.txt '/^EFER= /s/d01/c01/' EFER-LMA-LME
broken kvm-64.txt '/^EFER= /s/d01/801/' EFER-LMA-CTL
broken kvm-64.txt '/^PAT/s/0106/0102/' PAT-BYTE0
broken kvm-64.txt '/DR7/s/DR7 = 0x0000000000000400/DR7 = 0x8000000000000400/' DR7-HI
broken kvm-64.txt '/^Sysenter/s/ffffffff9b/0fffffff9b/' SYSENTER-EIP-CANON
broken kvm-64.txt '/^CS:/s/0a09b/0e09b/' SEG-CS-DB-L
broken kvm-64.txt '/^SS:/s/0c093/0c0b3/' SEG-CS-DPL-NONCONF
broken kvm-64.txt '/^GS:/s/base=0xffff9/base=0x0fff9/' SEG-GS-BASE-CANON
broken kvm-64.txt '/^TR:/s/0008b/00083/' TR-TYPE-64
broken kvm-64.txt '/^TR:/s/0008b/1008b/' TR-UNUSABLE
broken kvm-64.txt '/^GDTR:/s/0000007f/0001007f/' GDTR-LIMIT-HI
broken kvm-64.txt '/RIP/s/RIP = 0xffff/RIP = 0x0fff/' RIP-HI-64
broken kvm-64.txt '/^RFLAGS/s/10246/10244/' RFL-BIT1
broken kvm-64.txt '/^Interr/s/bility = 00000000/bility = 00000003/' INT-STI-MOVSS
broken kvm-64.txt '/ActivityState/s/State = 00000000/State = 00000004/' ACT-RANGE
broken kvm-64.txt '/DebugExceptions/s/ions = 0x0000000000000000/ions = 0x0000000000000010/' PDBG-RSVD-LOW
broken kvm-64.txt '/^VMEntry/s/intr_info=00000000/intr_info=800000ef/; /^RFLAGS/s/246/046/' RFL-IF-EXTINT
broken kvm-64.txt '/^VMEntry/s/intr_info=00000000/intr_info=80000100/' INJ-TYPE-RSVD
broken kvm-pae.txt '/^PDPTR2/s/01d4d001/01d4d007/' PDPTE-VMCS-2-1
broken kvm-pae.txt '/^CS:/s/limit=0xffffffff/limit=0x0fffffff/; /^CS:/s/0c09b/0409b/' SEG-CS-G-HIGH
broken kvm-pae.txt '/RIP = /s/RIP = 0x00000000/RIP = 0x00000001/' RIP-HI-32
broken kvm-pae.txt '/^CR4:/s/000026b0/000226b0/' CR4-PCIDE-32
broken kvm-reset.txt '/^CR0:/s/actual=0x0000000000000030/actual=0x0000000080000030/' CR0-PG-PE
broken kvm-v86.txt '/^CS:/s/base=0x00000000000f0000/base=0x00000000000f0010/' V86-CS-BASE
broken kvm-v86.txt '/^FS:/s/attr=0x000f3/attr=0x00093/' V86-FS-AR
broken xen-64.txt '/ SS:/s/0c093/0c091/' SEG-SS-TYPE
broken xen-64.txt '/ TR:/s/0040/0044/' SEL-TR-TI
broken qemu-64.txt '/^SS =/s/00cf9300/00cf9100/' SEG-SS-TYPE
broken qemu-64.txt '/^RIP=/s/RIP=ffff/RIP=0fff/' RIP-HI-64
broken qemu-64.txt '/^TR =/s/00008b00/00008300/' TR-TYPE-64
broken r33-64.txt 's/^VMCS_LINK_POINTER.*/VMCS_LINK_POINTER = 0x1110000/' LINK-CURRENT
broken r33-64.txt 's/^GUEST_TR_ACCESS_RIGHTS.*/GUEST_TR_ACCESS_RIGHTS = 0x83/; s/^GUEST_RFLAGS.*/GUEST_RFLAGS = 0/' \
	'TR-TYPE-64 RFL-BIT1'

# What only the processor can tell.
broken r33-64.txt 's/^GUEST_CR3.*/GUEST_CR3 = 0x10000000000/' CR3-MAXPHY --caps tigerlake
broken r33-64.txt 's/^GUEST_CR4.*/GUEST_CR4 = 0x800020/' 'CR4-FIXED0 CR4-CET-WP' --caps tigerlake
broken r33-64.txt 's/^GUEST_CR4.*/GUEST_CR4 = 0x202020/' CR4-FIXED1 --caps corei5_arrandale_m520
# The dump names its processor; --caps overrides it.
broken r33-64.txt '2s/.*/CPU = corei5_arrandale_m520/; s/^GUEST_CR4.*/GUEST_CR4 = 0x202020/' CR4-FIXED1
broken r33-64.txt '2s/.*/CPU = corei5_arrandale_m520/; s/^GUEST_CR4.*/GUEST_CR4 = 0x202020/' '' \
	--caps tigerlake

# The first line is the verdict; a person finds the field, its bits, the line, the SDM.
sed 's/^GUEST_TR_ACCESS_RIGHTS.*/GUEST_TR_ACCESS_RIGHTS = 0x83/' "$dumps/r33-64.txt" >"$work/tr"
explain "$work/tr"
check "the first line is the verdict" sh -c "head -n 1 '$work/stdout' |
	grep -Fqx 'invalid guest state: 1 rule violated: TR-TYPE-64'"
check "the field, its value, its line and its bits are shown" grep -Fq \
	'GUEST_TR_ACCESS_RIGHTS = 0x83 (line 42): type 3 (16-bit TSS, busy), S = 0, DPL 0, P' \
	"$work/stdout"
check "the section of the SDM is shown" grep -q 'SDM 3C *27.3.1.2 Checks on Guest Segment Registers' \
	"$work/stdout"

# Several dumps, one after the other.
explain tests/dumps/several.txt
check "several dumps have headings" sh -c "[ \$(grep -c '^=== dump . of 3 ===' '$work/stdout') -eq 3 ]"

# Errors: one sentence on stderr, nothing on stdout.
says() {	# STATUS PATTERN [ARGUMENT]...
	wanted=$1
	pattern=$2
	shift 2
	explain "$@" </dev/null
	[ "$status" -eq "$wanted" ] || { echo "exit status $status"; return 1; }
	grep -q "$pattern" "$work/stderr" || { cat "$work/stderr"; return 1; }
	[ ! -s "$work/stdout" ] || { echo "on stdout:"; cat "$work/stdout"; return 1; }
	no_control_characters "$work/stderr"
}

refused() {	# STATUS PATTERN [ARGUMENT]...
	wanted_status=$1
	shift
	message=$1
	shift
	check "r33 explain $* ends with status $wanted_status and says: $message" \
		says "$wanted_status" "$message" "$@"
}

printf 'no dump\033[2Jhere\n' >"$work/prose"
printf '# reason33 capabilities 1\nIA32_VMX_MISC = \033[31m\n' >"$work/bad.caps"
refused 2 'needs a file'
refused 2 'extra' "$dumps/kvm-64.txt" extra
refused 2 "'xml'" "$dumps/kvm-64.txt" --format xml
refused 2 'cap needs an argument' "$dumps/kvm-64.txt" --cap
refused 3 'No such file' /nonexistent
refused 3 'Is a directory' .
refused 3 'Guest State' /dev/null
refused 3 'Guest State' -
refused 3 'Guest State' "$work/prose"
refused 3 'tigerlake' "$dumps/kvm-64.txt" --caps nonsense
refused 3 'line 2' "$dumps/kvm-64.txt" --caps "$work/bad.caps"
refused 3 'not a capability file' "$dumps/kvm-64.txt" --caps "$dumps/kvm-64.txt"

# A dump of an AMD processor is read, and nothing is judged.
explain tests/dumps/qemu-amd.txt
check "a dump of an AMD processor is an error" [ "$status" -eq 3 ]
check "... and it says so" grep -q '^not VMX' "$work/stdout"

# What a terminal would obey does not reach it, whatever the input.
hostile() {
	awk 'BEGIN { for (i = 1; i < 32; i++) printf "%c", i; printf "%c%c[31m\n", 194, 155 }' >"$work/bytes"
	{
		printf '# reason33 dump 1\nTITLE = \033]0;title\007\nCPU = \033[2J\n\033[31m = 0x1\n'
		cat "$work/bytes" "$dumps/r33-64.txt" "$work/bytes" "$dumps/kvm-64.txt"
	} >"$work/hostile"
	for format in text json; do
		explain --format "$format" "$work/hostile"
		[ "$status" -le 1 ] || { echo "exit status $status"; return 1; }
		no_control_characters "$work/stdout" "$work/stderr" || return 1
	done
}
check "control characters in a dump do not reach the terminal" hostile

# r33 decode: the fields of any dump, in words, in a format that can be read again.
decode() {	# FILE
	"$r33" decode "$1" >"$work/decoded"
}
same_verdict() {	# FILE
	explain --caps tigerlake "$1"
	grep '^[A-Z0-9-]*: ' "$work/stdout" >"$work/before" || true
	explain --caps tigerlake "$work/decoded"
	grep '^[A-Z0-9-]*: ' "$work/stdout" | diff "$work/before" -
}
check "r33 decode reads a dump of Linux KVM" decode tests/dumps/kvm-new.txt
check "... and says what is in its fields" \
	grep -q '^GUEST_CS_ACCESS_RIGHTS = 0x0000a09b  # type 11 (code, readable, accessed), S = 1, DPL 0, P, L, G$' "$work/decoded"
check "... and what it writes is explained as the dump is" same_verdict tests/dumps/kvm-new.txt
status=0
"$r33" decode "$r33" >"$work/decoded" 2>"$work/stderr" || status=$?
check "r33 decode of a file without a dump is an error" [ "$status" -eq 3 ]

# r33 rules: the whole explanation of one rule.
rules() {	# STATUS PATTERN [ARGUMENT]...
	wanted=$1
	pattern=$2
	shift 2
	status=0
	"$r33" rules "$@" >"$work/stdout" 2>"$work/stderr" || status=$?
	[ "$status" -eq "$wanted" ] || { echo "exit status $status"; return 1; }
	cat "$work/stdout" "$work/stderr" | grep -q "$pattern" || { cat "$work/stdout" "$work/stderr"; return 1; }
}
check "r33 rules lists the rules" rules 0 'CR0-PG-PE  *paging is on'
check "r33 rules ID explains a rule" rules 0 '^  why  *Paging exists only in protected mode' CR0-PG-PE
check "r33 rules with the beginning of names lists these" rules 0 'LINK-CURRENT' LINK
"$r33" rules --format json >"$work/rules.json"
check "r33 rules --format json is JSON" "$value" json "$work/rules.json" rules.0.id
check "r33 rules of what is no rule is an error" rules 2 "no rule 'NONSENSE'" NONSENSE

finish
