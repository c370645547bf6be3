#!/bin/sh
# The rules and the processor agree: every rule on each model with VMX that the installed Bochs has,
# random states on the newest and the oldest, the capability files, a state that is entered from a dump.
. "${0%/*}/lib.sh"

# One run of r33; its output in $work/NAME.
run() {	# NAME STATUS ARGUMENT...
	name=$1
	expected=$2
	shift 2
	status=0
	timeout -k 10 "$patience_s" "$r33" "$@" </dev/null >"$work/$name" 2>"$work/$name.stderr" || status=$?
	[ "$status" -eq "$expected" ] || {
		echo "status $status instead of $expected"
		cat "$work/$name" "$work/$name.stderr"
		return 1
	}
}

has() {	# FILE TEXT
	grep -qF -- "$2" "$work/$1" || {
		echo "'$2' is not in:"
		head -20 "$work/$1"
		return 1
	}
}

# The model's own file, where this version of Bochs has one.
same_capabilities() {	# MODEL VERSION
	file=tools/r33/state/models/$1-$2.caps
	[ -e "$file" ] || file=tools/r33/state/models/$1.caps
	run "$1.caps" 0 caps --cpu "$1" && diff -u "$file" "$work/$1.caps"
}

if [ "${1-}" = --item ]; then
	case $2 in
	caps)
		check "the capability file of $3 is what the kernel finds there" same_capabilities "$3" "$4"
		;;
	fuzz)
		check "the rules judge $4 random states as $3 does, but for known deviations" \
			run "fuzz-$3" 0 fuzz --cpu "$3" --count "$4" --seed 1
		;;
	esac
	exit
fi

check "every rule that a model can pose fails alone, and its legal twin is entered" \
	run conform 0 conform -o "$work/results.txt"
version=$(sed -n 's/^engine Bochs //p' "$work/results.txt")
models=$(sed -n 's/^model \([^ ]*\) .*/\1/p' "$work/results.txt")
if [ -e "docs/engines/bochs-$version.txt" ]; then
	check "docs/engines/bochs-$version.txt is what Bochs $version does (make docs writes it)" \
		diff -u "docs/engines/bochs-$version.txt" "$work/results.txt"
else
	skip "docs/engines/ is what the engine does" "Bochs $version has not been measured: make docs does"
fi
check "docs/engines.md is made of docs/engines/ (make docs writes it)" \
	run engines.md 0 conform -- docs/engines/*.txt
check "... and of nothing else" diff -u docs/engines.md "$work/engines.md"

# Results that are half understood would make a wrong page.
{
	head -n 3 "$work/results.txt"
	echo 'rule NO-SUCH-RULE ='
} >"$work/bad.txt"
check "results of a rule that there is not are refused" run bad 3 conform -- "$work/bad.txt"
check "results that cannot be read are refused" run absent 3 conform -- docs/engines/*.txt "$work/absent.txt"
many=$(for _ in $(seq 20); do echo docs/engines/bochs-2.7.txt; done)
# shellcheck disable=SC2086 # names, one per word
check "more results than a page can show are refused" run many 3 conform -- $many
check "... with the line" grep -q 'bad.txt: line 4: there is no such rule' "$work/bad.stderr"

newest=$(echo "$models" | tail -n 1)
{
	for model in $models; do
		echo "caps $model $version"
	done
	[ "$newest" = "$default_model" ] || echo "fuzz $newest 20000"
	echo "fuzz $default_model 20000"
	echo "fuzz $without_ept 5000"
	echo "fuzz $without_unrestricted_guest 5000"
} | in_parallel

# The same seed gives the same states: the summaries are equal but for the time.
again() {
	run first 0 fuzz --count 3000 --seed 7 && run second 0 fuzz --count 3000 --seed 7 &&
		sed 's/, [0-9.]* s$//' "$work/first" >"$work/first.untimed" &&
		sed 's/, [0-9.]* s$//' "$work/second" | diff "$work/first.untimed" -
}
check "the same seed gives the same states" again

# A dump of our own, broken in one field.
{
	echo '# reason33 dump 1'
	echo 'GUEST_RFLAGS = 0'
} >"$work/broken.dump"
check "a broken dump is entered, and the entry fails" run enter-broken 1 enter "$work/broken.dump"
check "... for the reason that the rules give" has enter-broken 'rules: RFL-BIT1'
check "... which is the processor's" has enter-broken 'exit reason 33, qualification 0'
printf '%s\n' '# reason33 dump 1' 'GUEST_RFLAGS = 2' >"$work/valid.dump"
check "a valid dump is entered" run enter-valid 0 enter "$work/valid.dump"
check "... and the guest comes back at once" has enter-valid 'the guest exited at once'
printf '%s\n' '# reason33 dump 1' 'GUEST_ACTIVITY_STATE = 3' >"$work/endless.dump"
check "a state that nothing would end is not entered" run enter-endless 3 enter "$work/endless.dump"
check "a file without a dump is refused" run enter-nothing 3 enter Makefile
check "no file at all is wrong usage" run enter-usage 2 enter
check "a dump of KVM is entered, on this machine's controls" \
	run enter-kvm 1 enter tests/dumps/kvm-new.txt
check "... and fails by the rule that it was made to break" has enter-kvm 'rules: TR-TYPE-64'
check "... which is the processor's opinion" has enter-kvm 'exit reason 33, qualification 0'

says_why_not() {	# STDERR
	[ "$(wc -l <"$1")" -eq 1 ] && grep "on QEMU without KVM the rules are the processor" "$1"
}

# Where the kernel performs VMX by the rules, there is nothing to compare them with.
one_sentence() {	# FILE WORDS
	[ "$(wc -l <"$1")" -eq 1 ] && grep -F "$2" "$1"
}
for command in conform fuzz; do
	check "r33 $command does not run on QEMU" run "qemu-$command" 2 "$command" --engine qemu --accel tcg
	check "... and says why in one sentence" says_why_not "$work/qemu-$command.stderr"
done
check "a broken dump is entered on QEMU, and the entry fails" run qemu-broken 1 enter --engine qemu "$work/broken.dump"
check "... for the reason that the rules give" has qemu-broken 'rules: RFL-BIT1'
check "... which is the reason why" has qemu-broken 'on this engine the rules refuse an entry'
check "a valid dump is entered on QEMU" run qemu-valid 0 enter --engine qemu "$work/valid.dump"
check "... and the guest comes back at once" has qemu-valid 'the guest exited at once'

finish
