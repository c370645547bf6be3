#!/bin/sh
# The trap front end against its own test: tests/front-end/, run as "lab 0" at CPL 3.
. "${0%/*}/lib.sh"

make -s BUILD="$BUILD" "$BUILD/tests/front-end.elf"

one() {	# MODEL
	grade "$1" --lab 0 --module "0=$build/tests/front-end.elf" --cpu "$1"
	check "the front end does as the architecture says on $1 ($(wc -l <"$out/cases") cases)" \
		all_passed
}

all_passed() {
	[ "$status" -eq 0 ] || { echo "exit status $status"; cat "$out/stderr" "$out/report.txt"; return 1; }
	[ -s "$out/cases" ] && ! grep -v ' passed 0 [0-9]*$' "$out/cases"
}

case ${1-} in
--item) one "$2" ;;
'')
	printf '%s\n' "$without_ept" "$without_unrestricted_guest" "$default_model" | in_parallel
	finish
	;;
esac
