#!/bin/sh
# What reads a submission's bytes, or runs them, is confined: a compiler or an emulator that has been
# taken over reaches nothing but its own place, and leaves nothing behind.
. "${0%/*}/lib.sh"

lab=1-control-registers

# A tree of its own, for attacks that would change it.
tree=$work/tree
mkdir -p "$tree/build/labs" "$tree/build/boot"
cp -R labs solutions iso "$tree/"
cp -R "$build/iso" "$build/reference.elf" "$tree/build/"
cp "$build/labs/runtime.o" "$tree/build/labs/"
cp "$build/boot/kernel.elf" "$build/boot/reference.elf" "$tree/build/boot/"
echo secret >"$work/secret"
exec 9<"$work/secret" # that r33 inherits, and nobody else is to have
echo '#!/bin/sh' >"$work/program"
chmod 755 "$work/program"
mkdir -p "$work/bin.gcc" "$work/bin.bochs"

compile_attacker() {	# PROGRAM IS_ENGINE TRIES
	cc -D_GNU_SOURCE -O1 -Wall -Wextra -DIS_ENGINE="$2" -DTRIES="\"$3\"" tests/e2e/taken_over.c -o "$1"
}

# Every attempt was made and failed.
all_closed() {	# FILE LEAST
	! grep -a ' OPEN' "$1" || return 1
	made=$(grep -ac ' closed' "$1") || true
	[ "$made" -ge "$2" ] || { echo "only $made attempts"; cat "$1"; return 1; }
}

everywhere="read:/etc/passwd read:$work/secret read:$tree/solutions/$lab/control_registers.c
	read:$tree/build/reference.elf read:$tree/labs/2-entry-point/entry_point.c read:/proc/1/environ
	read:/proc/meminfo read:$HOME write:$work/written write:$tree/labs/include/r33/lab.h
	execute:/bin/sh execute:/usr/bin/env execute:$work/program
	change:$tree/labs/include/r33/lab.h change:$work/secret"

compile_attacker "$work/bin.gcc/gcc" 0 "$(echo "$everywhere shorten:../include/r33/lab.h cut:../include/r33/lab.h" \
	"read:../lab2 read:../image.iso read:../lab1.said" | tr -s '\n\t' '  ')"
path=$PATH
PATH=$work/bin.gcc:$PATH
before=$(cd "$tree" && find . -type f -exec cksum {} + | sort)
grade compiler --submission solutions --lab 1 --root "$tree"
PATH=$path
check "a compiler that was taken over reaches nothing" all_closed "$out/stderr" 48
check "it leaves no process and no file" left_nothing "$out/tmp"
check "that a compiler does not work is the machine's fault" [ "$status" -eq 3 ]
check "it has changed nothing in the tree" \
	test "$before" = "$(cd "$tree" && find . -type f -exec cksum {} + | sort)"

# Tries made without confinement get through: the attempts are real.
(cd "$tree" && "$work/bin.gcc/gcc" 2>"$work/free") || true
check "the same program, not confined, gets through" grep -q ' OPEN' "$work/free"
pkill -KILL -f "^$work/bin.gcc/gcc" || true
rm -rf "$tree/labs" "$work/secret"
cp -R labs "$tree/"
echo secret >"$work/secret"

compile_attacker "$work/bin.bochs/bochs-bin" 1 "$(echo "$everywhere" | tr -s '\n\t' '  ')"
PATH=$work/bin.bochs:$PATH
grade engine --submission solutions --lab 1 --root "$tree" --keep "$work/engine.kept"
PATH=$path
check "an engine that was taken over reaches nothing" all_closed "$work/engine.kept/engine.log" 38
check "it leaves no process and no file" left_nothing "$out/tmp"

# Submissions that want to know which files there are.
submission() {	# NAME, its text on standard input: follows the solution, whose function is solve() then
	submission=$work/$1.submission
	mkdir -p "$submission"
	{
		sed 's/^set_control_registers(/solve(/' "solutions/$lab/control_registers.c"
		cat
	} >"$submission/control_registers.c"
}

asks_for() {	# NAME FILE
	submission "$1" <<EOF
#if __has_include("$2")
#pragma GCC error "there it is"
#endif
#pragma GCC dependency "$2"
__asm__(".include \"$2\"");
enum decision set_control_registers(const struct guest *guest) { return solve(guest); }
EOF
	grade "$1" --submission "$submission" --lab 1
	sed "s,$2,FILE,g" "$out/report.txt" >"$work/$1.txt"
}
asks_for there /etc/passwd
asks_for not-there /etc/passwx # as long as the other
check "what the compiler says of a file is the same whether it is there or not" \
	diff "$work/there.txt" "$work/not-there.txt"
# As long as a name can be.
padded() {	# PATH
	printf '%*s%s' $((4095 - ${#1})) '' "$1" | tr ' ' /
}
asks_for there "$(padded /etc/passwd)"
mv "$work/there.txt" "$work/long.txt"
asks_for not-there "$(padded /etc/passwx)"
check "... also if the name is as long as a name can be" diff "$work/long.txt" "$work/not-there.txt"
asks_for there /etc/passwd
check "it names what a submission may include" grep -q 'may include only' "$work/there.txt"

# A precompiled header is an image of the compiler: its maker decides what the compiler does.
submission=$work/image.submission
mkdir -p "$submission"
cp solutions/8-reason-33/*.c "$submission/"
echo 'static inline int from_the_image(void) { return 33; }' >"$work/image.h"
# shellcheck disable=SC2046 # words are what is wanted
gcc $(cat labs/runtime/compile.flags) -x c-header "$work/image.h" -o "$work/image.gch"
head -c 1000000 "$work/image.gch" >"$submission/diagnose_registers.c" # no larger file is taken
printf '%s\n' '#pragma GCC pch_preprocess "labs/8-reason-33/diagnose_registers.c"' \
	'int made_by_the_image(void) { return from_the_image(); }' >"$submission/break.c"
grade image --submission "$submission" --lab 8
check "a submitted file is not taken for a precompiled header" grep -q pch_preprocess "$out/report.txt"
check "that lab is lost" test "$status" -eq 1 -a "$(points "$out/cases")" -eq 0

# Debug information that is in another file, which is a FIFO.
mkfifo "$work/fifo"
chmod 666 "$work/fifo"
submission links <<EOF
__asm__(".section .gnu_debugaltlink, \"\", @progbits; .asciz \"$work/fifo\"; .fill 20, 1, 0x33; .text\n"
        ".section .debug_sup, \"\", @progbits; .2byte 5; .byte 0; .asciz \"$work/fifo\"; .byte 1, 1; .text\n"
        ".section .debug_abbrev; .byte 0x77, 0x11, 0; .uleb128 0x2130, 8, 0, 0; .byte 0; .text\n"
        ".section .debug_info; .4byte 2f - 1f\n1: .2byte 4; .4byte .debug_abbrev; .byte 8, 0x77\n"
        ".asciz \"$work/fifo\"\n2: .text");
enum decision set_control_registers(const struct guest *guest)
{
	__asm__ volatile("cli");
	return solve(guest);
}
EOF
begin=$(date +%s)
grade links --submission "$submission" --lab 1
check "debug information in another file is not looked for" test $(($(date +%s) - begin)) -lt 15
check "the report of such a module is one" test "$status" -eq 1 -a -s "$out/report.txt"

# What is wrong with one lab costs that lab.
submission=$work/all.submission
for size in $((1024 * 1024 - 60000)) $((3 * 1024 * 1024)); do
	rm -rf "$submission"
	cp -R solutions "$submission"
	for source in "$submission"/[1-6]-*/*.c; do
		printf '__attribute__((used)) static char room[3 << 20];\n__attribute__((used)) static const char table[%d] = { 1 };\n' "$size" >>"$source"
	done
	grade "tables-$size" --submission "$submission" --lab all
	cp "$out/cases" "$work/$size.cases"
	check "labs with tables of $size bytes do not end the run" test "$status" -le 1
done
# (Lab 9 has the tables of all the others.)
# shellcheck disable=SC2016 # awk expands it
check "as large as they may be, modules fit" awk '$4 != 9 && $3 != "passed" { print; exit 1 }' \
	"$work/$((1024 * 1024 - 60000)).cases"

waiting() {
	begin=$(date +%s)
	rm -rf "$submission"
	cp -R solutions "$submission"
	for source in "$submission"/[1-9]-*/*.c; do
		cp tests/hostile/endless-inclusion.c "$source"
		sed -i "s/control_registers.c/${source##*/}/" "$source"
	done
	grade waiting --submission "$submission" --lab all
	[ "$status" -eq 1 ] || { echo "status $status"; cat "$out/stderr"; return 1; }
	seconds=$(($(date +%s) - begin))
	[ "$seconds" -lt 240 ] || { echo "it took $seconds seconds"; return 1; }
	# Whichever limit it was: reports do not tell.
	told=$(grep -c 'far more processor time or memory' "$out/report.txt") || true
	labs_waiting=$(for source in "$submission"/[1-9]-*/*.c; do echo "${source%/*}"; done | uniq | wc -l)
	[ "$told" -eq "$labs_waiting" ] || { cat "$out/report.txt"; return 1; }
}
check "nine labs that keep the compiler busy are ended together" waiting

# Kernels that lack something.
cc -Wall -Wextra tests/e2e/old_kernel.c -o "$work/old_kernel"
cp -R "solutions/$lab" "$work/one.submission"
without() {	# landlock|all OPTION...
	what=$1
	shift
	out=$work/without
	rm -rf "$out"
	mkdir -p "$out/tmp"
	status=0
	TMPDIR=$out/tmp "$work/old_kernel" "$what" "$r33" grade --lab 1 "$@" --format text -o "$out/report.txt" \
		--format json -o "$out/report.json" </dev/null >"$out/stdout" 2>"$out/stderr" || status=$?
}
for what in landlock all; do
	without "$what" --submission "$work/one.submission"
	check "without $what a submission is not compiled, and r33 says why" \
		test "$status" -eq 3 -a -n "$(grep 'cannot be confined.*--unconfined' "$out/stderr")"
	without "$what" --submission "$work/one.submission" --unconfined
	check "with --unconfined it is, and the report says so" \
		test "$status" -eq 0 -a -n "$(grep 'not confined' "$out/report.txt")"
	check "the JSON report, too" grep -q '"landlock": 0' "$out/report.json"
	without "$what" --submission solutions
	check "without $what the tree's own files are compiled" test "$status" -eq 0
done
PATH=$work/bin.daemon:$path
mkdir -p "$work/bin.daemon"
printf '#!/bin/sh\nsleep 1000 & setsid sleep 1000 &\nexit 0\n' >"$work/bin.daemon/bochs-bin"
chmod +x "$work/bin.daemon/bochs-bin"
without all --submission solutions
PATH=$path
check "without seccomp r33 finds what has left its group" left_nothing "$out/tmp"
PATH=$path

# What r33 was given to begin with is not its business.
spare() {
	sh -c "sleep 100 & echo \$! >'$work/sleeper'; exec '$r33' grade --lab 1 --submission solutions" \
		</dev/null >"$work/spare.log" 2>&1
	kill "$(cat "$work/sleeper")"
}
check "a child that r33 has from before is not ended" spare
finish
