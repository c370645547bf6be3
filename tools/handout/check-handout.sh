#!/bin/sh
# Does a handout tell a solution?
#
#	check-handout.sh DIRECTORY
#
# DIRECTORY is an unpacked handout; the solutions are this tree's.  Names every file that has
#	- a word (an identifier, or one inside a string) that only the solutions have: not the public
#	  part of this tree.  In binaries it looks at strings, symbols, and debug information
#	  (which may be compressed);
#	- three lines of the solutions, written with whatever blanks;
#	- debug information, or in the cases a name.
# Exit status: 0 nothing found, 1 found, 2 wrong usage, 3 the check itself finds nothing to look for.
set -eu
LC_ALL=C
export LC_ALL

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
	echo "usage: check-handout.sh DIRECTORY" >&2
	exit 2
fi
handout=$(cd "$1" && pwd)
cd "${0%/*}/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fewest_words=40 # the solutions have more; fewer means that the check looks at the wrong files
shared_lines=2  # a line or two may be alike by chance

# What the markers take out; all of a file that no lab has a skeleton of.
for file in solutions/*/*.[cS]; do
	[ -e "$file" ] || continue
	if [ -e "labs/${file#solutions/}" ]; then
		awk '/^[ \t]*\/\/: solution$/ { inside = 1; next }
			/^[ \t]*\/\/: (skeleton|end)$/ { inside = 0 }
			inside' "$file"
	else
		cat "$file"
	fi
done >"$work/solutions"
# What the student has of the same files.
for file in labs/[1-9]-*/*.[cS]; do
	[ ! -e "$file" ] || awk -f labs/skeleton.awk "solutions/${file#labs/}"
done >"$work/skeletons"

words() {	# reads text, comments left out
	sed -e 's,//.*,,' -e 's,/\*.*\*/,,' -e '/\/\*/,/\*\//d' | grep -aoE '[A-Za-z_][A-Za-z0-9_]{3,}' | sort -u
}
words_and_comments() {
	grep -aoE '[A-Za-z_][A-Za-z0-9_]{3,}' | sort -u
}
words <"$work/solutions" >"$work/solution-words"
{
	cat "$work/skeletons"
	find labs/include labs/runtime labs/*.mk labs/*/*.md kernel tools docs iso tests/guests Makefile \
		-type f -exec cat {} +
} | words_and_comments | comm -23 "$work/solution-words" - >"$work/words"
[ "$(wc -l <"$work/words")" -ge $fewest_words ] || {
	echo "check-handout.sh: only $(wc -l <"$work/words") words of the solutions are their own" >&2
	exit 3
}

# Lines without blanks and without what a patch puts before them; short ones say nothing.
lines() {
	tr -d ' \t' | sed 's/^[-+|>]*//' | awk 'length >= 16 && !/^#/'
}
lines <"$work/skeletons" | sort -u >"$work/skeleton-lines"
lines <"$work/solutions" | sort -u | comm -23 - "$work/skeleton-lines" >"$work/lines"

# What can be read off a file.
text_of() {	# FILE
	case $(head -c 4 "$1" | od -An -c | tr -d ' ') in
	177ELF)
		strings -a -n 4 "$1"
		readelf --wide --symbols "$1"
		readelf --wide --debug-dump "$1"
		;;
	*) cat "$1" ;;
	esac 2>/dev/null
}

found() {	# FILE WHAT
	echo "check-handout.sh: $1 $2" >&2
	echo "$1" >>"$work/found"
}

find "$handout" -type f | sort >"$work/files"
while IFS= read -r file; do
	name=${file#"$handout"/}
	text_of "$file" >"$work/text"
	told=$(grep -aoE '[A-Za-z_][A-Za-z0-9_]{3,}' "$work/text" | sort -u | comm -12 "$work/words" - |
		head -n 3 | tr '\n' ' ')
	[ -z "$told" ] || found "$name" "has words of the solutions: $told"
	lines <"$work/text" | sort -u | comm -12 "$work/lines" - >"$work/told"
	[ "$(wc -l <"$work/told")" -le $shared_lines ] ||
		found "$name" "has lines of the solutions: $(head -n 1 "$work/told")"
	case $name in
	*.o | *.elf)
		! readelf --wide --sections "$file" 2>/dev/null | grep -q '\.z\?debug_' ||
			found "$name" "has debug information"
		;;
	esac
	case $name in
	prebuilt/cases.o)
		told=$(nm --defined-only "$file" | awk '$3 !~ /^case_[0-9]+$/ { print $3; exit }')
		[ -z "$told" ] || found "$name" "has the name $told"
		;;
	esac
done <"$work/files"
[ ! -e "$work/found" ]
