#!/bin/sh
# The tarball for students: works where it is unpacked, tells no solution, and is always the same.
. "${0%/*}/lib.sh"

tarball=$build/reason33-handout.tar.gz
check_handout=$root/tools/handout/check-handout.sh

# make, with the status and what it said kept.
make_in() {	# DIRECTORY NAME ARGUMENT...
	log=$work/$2.log
	directory=$1
	shift 2
	status=0
	make -C "$directory" -j "$JOBS" "$@" >"$log" 2>&1 </dev/null || status=$?
}

ended() {	# STATUS PATTERN...
	[ "$status" -eq "$1" ] || { echo "status $status"; tail "$log"; return 1; }
	shift
	for pattern; do
		grep -q -e "$pattern" "$log" || { echo "no line: $pattern"; tail "$log"; return 1; }
	done
}

make_in "$root" handout BUILD="$BUILD" handout
check "make handout makes the tarball" ended 0 'reason33-handout.tar.gz: students unpack it'

# A copy of the tree at another place, in which somebody has done a lab and left files behind.
copy=$work/copy
mkdir -p "$copy"
tar -c --exclude="./${BUILD#"$root"/}" --exclude=./build --exclude=./.git . | tar -x -C "$copy"
lab=1-control-registers
cp "solutions/$lab/control_registers.c" "$copy/labs/$lab/"
cp "solutions/$lab/control_registers.c" "$copy/labs/$lab/control_registers.c~"
make_in "$copy" copy handout
check "in another directory, with a lab that is done, the tarball has the same bytes" \
	cmp "$tarball" "$copy/build/reason33-handout.tar.gz"
cp "solutions/$lab/control_registers.c" "$copy/kernel/kept.txt"
make_in "$copy" kept handout
check "where a solution would get out, make handout names the file and makes nothing" \
	ended 2 'kernel/kept.txt has lines of the solutions' 'no handout was made'
rm -rf "$copy"

mkdir "$work/unpacked"
tar -xzf "$tarball" -C "$work/unpacked"
tree=$work/unpacked/reason33-handout
check "no file of it tells a solution" "$check_handout" "$tree"

# Each kind of leak is seen.
planted() {	# FILE WHAT
	! "$check_handout" "$work/planted" >"$work/planted.log" 2>&1 || { echo "not seen"; return 1; }
	grep -q "$1 $2" "$work/planted.log" || { cat "$work/planted.log"; return 1; }
}
plant() {	# NAME: makes an empty handout
	rm -rf "$work/planted"
	mkdir -p "$work/planted/prebuilt"
}
plant
cp "$build/reference.elf" "$work/planted/prebuilt/"
check "the names in a binary are seen" planted prebuilt/reference.elf 'has words'
plant
objcopy --compress-debug-sections --strip-symbol=set_control_registers "$build/reference.elf" "$work/planted/other"
check "names in compressed debug information are seen" planted other 'has words'
plant
cp "$build/tests/cases/$lab/judge.o" "$work/planted/prebuilt/cases.o"
check "debug information and names in the cases are seen" planted prebuilt/cases.o 'has the name'
for solution in solutions/*/*.[cS]; do
	plant
	cp "$solution" "$work/planted/notes.md"
	check "$solution is seen under another name" planted notes.md has
done
plant
printf '> + %s\n' 'return cr0_must_be_one() & bits : 0;' >"$work/planted/mail"
check "one name of a solution's own is seen" planted mail 'has words'

# As a student does.
grep -o '](\([^)#]*\)' "$tree/README.md" | sed 's/^](//' >"$work/links"
while read -r link; do
	check "README.md leads to $link" test -e "$tree/$link"
done <"$work/links"
check "solutions, judges and tests are not there" \
	test ! -e "$tree/solutions" -a ! -e "$tree/tests/cases" -a ! -e "$tree/tests/wrong"
make_in "$tree" grade grade
check "make grade builds everything and gives the skeletons 0 points" ended 2 ' 0 of 100 points'
# The overview is one screen: it names some of the labs, and counts the others.
begun() {
	awk -v "labs=$(find labs -maxdepth 1 -name '[1-9]-*' | wc -l)" '
		/^Lab .*: +0 of 100 points/ { nothing++ }
		/all [0-9]+ cases .*your function returned UNWRITTEN/ { said++ }
		/^ *and [0-9]+ more$/ { said += $2 }
		END { exit !(nothing == labs && said == labs) }' "$log" || { cat "$log"; return 1; }
}
check "and says of every lab that it was not begun" begun
cp "solutions/$lab/control_registers.c" "$tree/labs/$lab/"
make_in "$tree" solved grade1
check "a lab that is done gets 100 points there" ended 0 '^Lab 1: 100 of 100 points'
make_in "$tree" run lab1
check "make lab1 boots it" ended 0
make_in "$tree" gdb gdb1 CASE=enter-64-bit GDB_OPTIONS=--batch
check "make gdb1 opens gdb at the first line" ended 0 '^set_control_registers (guest=0x'
make_in "$tree" iso iso
check "make iso makes an image" ended 0 'reason33.iso'
make_in "$tree" help help
check "make help names what a student can do, and not what needs the whole tree" \
	eval "grep -q 'make grade ' '$log' && ! grep -E 'make (e2e|lint|handout|docs|unit) ' '$log'"
make_in "$tree" test test
check "make test says what a handout lacks" ended 2 'test needs the solutions'
finish
