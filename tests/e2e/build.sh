#!/bin/sh
# The build, in a copy of the tree: complete under -j, nothing done twice, nothing forgotten, no
# warning from gcc or clang.
. "${0%/*}/lib.sh"

tree=$work/tree
mkdir -p "$tree"
tar -c --exclude="./${BUILD#"$root"/}" --exclude=./build --exclude=./.git . | tar -x -C "$tree"
cd "$tree"

# make, without anything it says if all is well; a warning is not well.
quiet_make() {	# ARGUMENT...
	make -j "$JOBS" "$@" >"$work/make.log" 2>&1 || { tail -n 20 "$work/make.log"; return 1; }
	! grep -i 'warning' "$work/make.log"
}

# What has been made since the mark, and what has not.
mark() {
	sleep 0.01
	touch "$work/mark"
	sleep 0.01
}
made() {	# PATTERN
	find build -type f -newer "$work/mark" -name "$1" | sort
}
nothing_made() {
	made '*' | sed 's/^/made again: /' >"$work/made"
	cat "$work/made"
	[ ! -s "$work/made" ]
}
made_are() {	# PATTERN NUMBER-OF-FILES-THAT-MATCH
	[ "$(made "$1" | wc -l)" -eq "$2" ] || { echo "made, of $1:"; made "$1"; return 1; }
}

check "make -j$JOBS builds everything from nothing, without a warning" quiet_make
listings() {
	for elf in build/*.elf build/guests/*.elf; do
		for listing in "${elf%.elf}.map" "${elf%.elf}.asm"; do
			[ -s "$listing" ] || { echo "$listing is missing"; return 1; }
		done
	done
}
check "next to every ELF file lie a map and a listing" listings

mark
quiet_make
check "a second make makes nothing" nothing_made

mark
touch labs/include/r33/lab.h
quiet_make
check "a changed header is compiled into the kernel that includes it" made_are kernel.elf 2
check "a changed header is compiled into the reference that includes it" made_are reference.elf 2
check "a changed header that r33 does not include leaves r33 alone" made_are r33 0

check "what is booted can be built in another directory" quiet_make BUILD=build/other machine
check "the kernel there is complete" cmp build/other/boot/kernel.elf build/boot/kernel.elf

# A char is unsigned on arm64, and what reads other people's bytes must not care.
mark
quiet_make HOST_CC='cc -funsigned-char'
check "other flags for the host compile r33 anew" made_are r33 1
check "other flags for the host leave the kernel alone" made_are kernel.elf 0
check "where char is unsigned parsers and reports work, too" quiet_make BUILD=build/other HOST_CC='cc -funsigned-char' \
	unit-r33_stream_test unit-r33_report_test unit-dump_text_test unit-dump_kvm_test unit-format_test \
	unit-gdb_packet_test

mark
quiet_make HOST_CC='cc -DCHANGED' CC='gcc -DCHANGED'
check "other flags for the machine compile the kernel anew" made_are kernel.elf 2

mark
check "clang builds everything without a warning" quiet_make CC=clang HOST_CC=clang LAB_CC=clang
check "another compiler compiles everything anew" made_are '*.o' "$(
	find build -path build/other -prune -o -name '*.o' -print | wc -l)"

grade_here() {	# NAME
	r33=build/r33
	grade "$1" --submission solutions --lab 1
	[ "$status" -eq 0 ] || { cat "$out/stderr" "$out/report.txt"; return 1; }
}
check "what clang built grades the solution with all points" grade_here clang

# The compiler of other hosts.  On x86-64 Debian's gcc has that name as well.
if command -v x86_64-linux-gnu-gcc >/dev/null; then
	check "the cross compiler builds everything" quiet_make CROSS=x86_64-linux-gnu-
	check "it makes the same kernel" cmp build/other/boot/kernel.elf build/boot/kernel.elf
	check "r33 compiles labs with it" grade_here cross
	cross_is_taken() {
		mkdir -p "$work/cross"
		for tool in gcc objcopy as ld; do
			ln -sf "$(command -v false)" "$work/cross/$tool"
		done
		PATH=$work/cross:$PATH grade_here cross
	}
	check "and with no other" cross_is_taken
else
	skip "the cross compiler builds everything" "there is no x86_64-linux-gnu-gcc"
fi

demo() {
	make demo CC=clang HOST_CC=clang LAB_CC=clang >"$work/demo.log" 2>&1 </dev/null ||
		{ tail "$work/demo.log"; return 1; }
	grep -q '^Lab 1: 100 of 100 points ' "$work/demo.log"
}
check "make demo shows 100 points" demo
demo_on_qemu() {
	make demo ENGINE=qemu CC=clang HOST_CC=clang LAB_CC=clang >"$work/demo-qemu.log" 2>&1 </dev/null ||
		{ tail "$work/demo-qemu.log"; return 1; }
	grep -q '^On this engine the rules refuse an entry' "$work/demo-qemu.log" &&
		grep -q '^Total: 100 of 100 points  889 of 889 in all labs' "$work/demo-qemu.log"
}
check "make demo ENGINE=qemu shows all points that can be earned there" demo_on_qemu
loses() {
	! make grade1 CC=clang HOST_CC=clang LAB_CC=clang >"$work/grade1.log" 2>&1 </dev/null &&
		grep -qx 'Lab 1: 0 of 100 points' "$work/grade1.log"
}
check "make grade1 grades labs/, and fails while points are lost" loses

helps() {
	make help >"$work/help" || return 1
	for target in setup labN gradeN demo test unit e2e lint skeletons iso clean; do
		grep -q "^  make $target " "$work/help" || { echo "no $target"; return 1; }
	done
}
check "make help names the targets" helps

# Who has a newer compiler gets its new warnings, and a kernel; who builds Reason 33 mends them.
warns() {	# FILE: one of the kernel, of r33 and of what is linked to labs
	echo '#warning "a newer compiler has an opinion"' >>"$1"
	WERROR='' make -j "$JOBS" >"$work/warn.log" 2>&1 || { tail -n 20 "$work/warn.log"; return 1; }
	grep -q 'newer compiler' "$work/warn.log" || { echo "no warning"; return 1; }
	! WERROR=1 make -j "$JOBS" >"$work/warn.log" 2>&1 || { echo "WERROR=1 builds $1"; return 1; }
	grep 'Werror' "$work/warn.log"
}
for file in kernel/boot/main.c tools/r33/base/util.c labs/runtime/dispatch.c; do
	cp "$file" "$work/source"
	check "a warning in $file stops make with WERROR=1 only" warns "$file"
	cp "$work/source" "$file"
done

missing_tool() {
	mkdir -p "$work/bin"
	for tool in sh make mkdir cmp cat uname dirname; do
		ln -sf "$(command -v $tool)" "$work/bin/$tool"
	done
	! PATH=$work/bin make >"$work/missing.log" 2>&1 || return 1
	grep '^missing:.*gcc.*make setup' "$work/missing.log" || { cat "$work/missing.log"; return 1; }
}
check "where tools are missing make names the packages, and make setup" missing_tool

make clean
check "make clean leaves nothing" test ! -e build
finish
