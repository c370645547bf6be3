#!/bin/sh
# Usage: check-inputs.sh LIST TEXT PLACE...
# LIST is a dependency list as compilers write it (target: file file ...); TEXT is preprocessed text,
# whose line markers (# 1 "file") name files as well, or "-".  Every file must be one of the places
# or lie below it; otherwise says which does not, and fails.  A list or text that is not there names
# nothing.
list=$1
text=$2
shift 2
[ -f "$list" ] || list=/dev/null
[ -f "$text" ] || text=/dev/null
# One program for both: a student waits for this with every file.
exec awk '
	function check(file, own,  place, allowed) {
		if (file == "")
			return
		allowed = own && (file == "<built-in>" || file == "<command-line>")
		for (place = 3; place <= places; place++) {
			if (file == name[place] || index(file, name[place] "/") == 1)
				allowed = 1
		}
		if (index(file, "..") || !allowed) {
			print "error: the submission reads " file "; it may include only <r33/...>, <stdint.h>, " \
				"<stdbool.h>, <stddef.h> and the files that are handed in" | "cat >&2"
			bad = 1
			exit
		}
	}
	BEGIN {
		places = ARGC - 1
		for (place = 3; place <= places; place++) {
			name[place] = ARGV[place]
			ARGV[place] = ""
		}
		while ((getline line <ARGV[1]) > 0) {
			if (!lines++)
				sub(/^[^:]*: */, "", line)
			sub(/\\$/, "", line)
			count = split(line, files, " ")
			for (i = 1; i <= count; i++)
				check(files[i], 0)
		}
		while ((getline line <ARGV[2]) > 0) {
			if (line !~ /^# *[0-9]+ "[^"]*"/)
				continue
			sub(/^# *[0-9]+ "/, "", line)
			sub(/".*/, "", line)
			if (line in seen)
				continue
			seen[line] = 1
			check(line, 1)
		}
		exit
	}
	END { exit bad }' "$list" "$text" "$@"
