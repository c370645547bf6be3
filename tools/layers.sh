#!/bin/sh
# The house's layers: who uses whom.  A room of r33, and a directory of the kernel, uses those below it only,
# and inside one no files use each other in a circle.  Read from what the compiler has written: the files that
# an object was made of (.d), and the symbols that it refers to.  What is wrong goes to standard output.
# Exit status: 0 if nothing is wrong.
set -eu
LC_ALL=C
export LC_ALL
cd "${0%/*}/.."
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

# From the bottom up; those in one line do not know each other.
r33='
base
process
stream state
machine dump
submission explain
run
report oracle
gdb
cli
'

# The rules are at the bottom: everybody may use them, and they use nobody.
kernel='
rules
lib
cpu
dev
vmx
lab
grade
boot
'

# "FILE USED-FILE" that no layer has.  All may use the SDM's names, and r33 the rules.  The kernel tells r33 where
# a VMCS has its fields and where a guest is, walks a guest's tables like it, and shares the words of the record stream with it; guests report to both; what
# conform enters is in tests/rules/.
r33_also='^[^ ]* (labs/include/r33/|kernel/rules/|kernel/grade/(vmcs_readings|record_words)\.)|^(oracle|cli)/[^ ]* tests/(rules|guests)/|^gdb/[^ ]* (tests/guests/|kernel/vmx/svm/(shown|walk|ept_walk)\.)'
kernel_also='^[^ ]* labs/include/r33/|^(grade|boot)/[^ ]* tests/guests/'

# An interrupt's entry, and what it calls, which returns through it.
inherent='^cpu/trap(_entry)? cpu/trap(_entry)?$'

sources() {	# DIRECTORY
	(cd "$1" && find . -name '*.[cS]') | sed 's/^\.\///' | sort
}

# The objects of the sources below a directory, or of a list; what has none is complained of.
objects() {	# DIRECTORY OBJECTS SUFFIX
	sources "$1" | while IFS= read -r source; do
		made=$2/${source%.[cS]}$3
		if [ -e "$made" ]; then
			echo "$made"
		else
			echo "$source has no object: run make" >&3
		fi
	done
}

# "FILE USED-FILE": the files that each object was made of.  Files below the directory lose its name, sources
# also .c or .S.
files_used() {	# DIRECTORY OBJECTS
	# shellcheck disable=SC2016 # braces and dollars for awk
	objects "$1" "$2" .d | xargs awk -v "top=$1/" -v "objects=$2/" '
		FNR == 1 {
			file = substr(FILENAME, length(objects) + 1)
			sub(/\.d$/, "", file)
			of_object = 1
		}
		/^$/ { of_object = 0 }
		of_object {
			for (i = 1; i <= NF; i++) {
				path = $i
				if (path ~ /:$/ || path ~ /^[\/\\]/)
					continue
				while (path ~ /\/\.\.?\// && (sub(/[^\/]+\/\.\.\//, "", path) || sub(/\/\.\//, "/", path))) { }
				print file, index(path, top) == 1 ? substr(path, length(top) + 1) : path
			}
		}'
}

# "FILE DEFINING-FILE" of the symbols that objects refer to.  Objects of tests/ count as defining only.
symbols_used() {	# DIRECTORY OBJECTS TESTS NM
	{
		objects "$1" "$2" .o | xargs "$4" -A
		[ ! -d "$3" ] || find "$3" -name '*.o' | sort | xargs "$4" -A
	} | awk -v "objects=$2/" '
		{
			symbol = $NF
			kind = $(NF - 1)
			file = $1
			sub(/\.o:.*/, "", file)
			if (index(file, objects) == 1)
				file = substr(file, length(objects) + 1)
			else
				sub(/.*\/tests\//, "tests/", file)
		}
		kind ~ /^[TDBRVW]$/ { defined[symbol] = file; next }
		kind ~ /^[Uwv]$/ && file !~ /^tests\// { user[++count] = file; of[count] = symbol }
		END {
			for (i = 1; i <= count; i++)
				if (of[i] in defined && defined[of[i]] != user[i])
					print user[i], defined[of[i]]
		}' | sort -u
}

# Arrows of "FILE USED-FILE" lines that do not go down, or lead out of the house.
upward() {	# LAYERS ALSO
	grep -vE "$2" | awk -v "layers=$1" '
		BEGIN {
			count = split(layers, line, "\n")
			for (i = 1; i <= count; i++) {
				rooms = split(line[i], name, " ")
				for (j = 1; j <= rooms; j++)
					height[name[j]] = i
			}
		}
		{
			split($1, from, "/")
			split($2, to, "/")
		}
		!(from[1] in height) { print $1 ": the room " from[1] " has no place in tools/layers.sh"; next }
		!(to[1] in height) { print $1 " uses " $2 ", which is of another house"; next }
		from[1] != to[1] && height[to[1]] >= height[from[1]] {
			print $1 " uses " $2 ", which is not below it"
		}' | sort -u
}

# Headers of one room that include each other.
headers() {	# DIRECTORY
	# shellcheck disable=SC2016 # braces and dollars for awk
	find "$1" -name '*.h' | sort | xargs awk '
		/^#[ \t]*include[ \t]*"/ {
			split($0, words, "\"")
			sub(/.*\//, "", words[2])
			room = FILENAME
			sub(/\/[^\/]*$/, "", room)
			if ((getline line <(room "/" words[2])) > 0)
				print FILENAME, room "/" words[2]
			close(room "/" words[2])
		}'
}

# Circles, of "FILE USED-FILE" lines.
circles() {
	tsort 2>&1 >/dev/null | sed -n 's/^tsort: -: input contains a loop:$/a circle:/p; t; s/^tsort: /    /p'
}

check() {	# LAYERS ALSO SOURCES OBJECTS TESTS NM
	files_used "$3" "$4" >"$work/files"
	symbols_used "$3" "$4" "$5" "$6" >"$work/symbols"
	sort -u "$work/files" "$work/symbols" | upward "$1" "$2"
	grep -vE "$inherent" "$work/symbols" |
		awk 'split($1, from, "/") && split($2, to, "/") && from[1] == to[1]' | circles
	headers "$3" | circles
}

{
	check "$r33" "$r33_also" tools/r33 "$build/host/tools/r33" "$build/host/tests" nm
	check "$kernel" "$kernel_also" kernel "$build/kernel" "$build/tests" "${NM:-nm}"
} >"$work/wrong" 3>&1
cat "$work/wrong"
[ ! -s "$work/wrong" ]
