#!/bin/sh
# The house's layers: who uses whom.  A room of r33, and a directory of the kernel, uses those below it only,
# and inside one no files use each other in a circle.  Read from the #include lines, and from the objects:
# who refers to a symbol that another defines.  What is wrong goes to standard output.
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

# An interrupt's entry, and what it calls, which returns through it.
inherent='^cpu/trap(_entry)? cpu/trap(_entry)?$'

# "FILE USED-FILE" of the rooms below a directory, files without .c, .h or .S.
includes() {	# DIRECTORY
	# shellcheck disable=SC2016 # braces and dollars for awk
	find "$1" -name '*.[chS]' | sort | xargs awk -v "top=$1/" '
		/^#include "/ {
			file = substr(FILENAME, length(top) + 1)
			room = file
			sub("/.*", "", room)
			split($0, words, "\"")
			used = words[2] ~ /\// ? words[2] : room "/" words[2]
			sub(/\.[chS]$/, "", file)
			sub(/\.[chS]$/, "", used)
			print file, used
		}'
}

# The same of the objects that are made of them.
references() {	# DIRECTORY OBJECTS
	(cd "$1" && find . -name '*.[cS]') | sort | while IFS= read -r source; do
		file=${source#./}
		file=${file%.[cS]}
		[ ! -e "$2/$file.o" ] || nm "$2/$file.o" | awk -v "file=$file" '{ print file, $(NF - 1), $NF }'
	done | awk '
		$2 ~ /[TDBRVW]/ { defined[$3] = $1; next }
		$2 == "U" { count++; user[count] = $1; symbol[count] = $3 }
		END {
			for (i = 1; i <= count; i++)
				if (symbol[i] in defined && defined[symbol[i]] != user[i])
					print user[i], defined[symbol[i]]
		}' | sort -u
}

# Arrows that do not go down, of "FILE USED-FILE" lines.  A room that is not listed is not of this house.
upward() {	# LAYERS
	awk -v "layers=$1" '
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
		from[1] != to[1] && to[1] in height && height[to[1]] >= height[from[1]] {
			print $1 " uses " $2 ", which is not below it"
		}' | sort -u
}

# What r33 uses of the kernel: the rules; how the grader tells where a VMCS has its fields; and the words of the
# record stream, which the kernel writes and r33 reads.
of_the_kernel() {
	awk '
		{ split($2, to, "/") }
		to[1] ~ /^(boot|cpu|dev|vmx|lab|grade|lib)$/ && $2 !~ /^grade\/(vmcs_readings|record_words)$/ {
			print $1 " uses " $2 ", which is the kernel'\''s own"
		}'
}

# Circles, of "FILE USED-FILE" lines.  A header and its source are one file here.
circles() {
	tsort 2>&1 >/dev/null | sed -n 's/^tsort: -: input contains a loop:$/a circle:/p; t; s/^tsort: /    /p'
}

check() {	# LAYERS SOURCES OBJECTS
	includes "$2" >"$work/includes"
	references "$2" "$3" >"$work/references"
	[ -s "$work/references" ] || echo "there are no objects in $3: run make"
	sort -u "$work/includes" "$work/references" | upward "$1"
	grep -vE "$inherent" "$work/references" |
		awk 'split($1, from, "/") && split($2, to, "/") && from[1] == to[1]' | circles
}

{
	check "$r33" tools/r33 "$build/host/tools/r33"
	of_the_kernel <"$work/includes"
	check "$kernel" kernel "$build/kernel"
} >"$work/wrong"
cat "$work/wrong"
[ ! -s "$work/wrong" ]
