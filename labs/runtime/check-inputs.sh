#!/bin/sh
# Usage: check-inputs.sh LIST PLACE...
# LIST is a dependency list as compilers write it (target: file file ...).  Every file must be one
# of the places or lie below it; otherwise says which does not, and fails.
list=$1
shift
[ -f "$list" ] || exit 0
# One file a line; continuation backslashes and the target, on the first line, go away.
sed -e '1s/^[^:]*: *//' -e 's/\\$//' "$list" | tr -s ' ' '\n' | while IFS= read -r file; do
	[ -n "$file" ] || continue
	case $file in
	*..*) allowed=no ;;
	*)
		allowed=no
		for place; do
			case $file in "$place" | "$place"/*) allowed=yes ;; esac
		done
		;;
	esac
	if [ $allowed = no ]; then
		echo "error: the submission reads $file; it may include only its own files and <r33/...>, <stdint.h>, <stdbool.h>, <stddef.h>" >&2
		exit 1
	fi
done
