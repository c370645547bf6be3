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

found() {	# FILE WHAT
	echo "check-handout.sh: $1 $2" >&2
	echo "$1" >>"$work/found"
}

# What can be read from a file that is not text.
text_of() {	# FILE
	case $(head -c 4 "$1" | od -An -c | tr -d ' ') in
	177ELF)
		strings -a -n 4 "$1"
		readelf --wide --symbols "$1"
		readelf --wide --debug-dump "$1"
		;;
	*) tr '\000' '\n' <"$1" ;;
	esac 2>/dev/null
}

# One line a file: its name, a tab, and where its text is.  All texts are read by one program: a few
# for each file would take minutes.
find "$handout" -type f | sort >"$work/files"
mkdir "$work/texts"
find "$handout" -type f -exec grep -lP '\x00' {} + | sort >"$work/binaries" || true
number=0
while IFS= read -r file; do
	number=$((number + 1))
	text_of "$file" >"$work/texts/$number"
	printf '%s\t%s\n' "${file#"$handout"/}" "$work/texts/$number"
done <"$work/binaries" >"$work/list"
comm -23 "$work/files" "$work/binaries" |
	awk -v "skip=$((${#handout} + 1))" '{ print substr($0, skip + 1) "\t" $0 }' >>"$work/list"

# Lines as lines() makes them, words as words_and_comments() does.
awk -F '\t' -v "words=$work/words" -v "lines=$work/lines" -v "most=$shared_lines" '
	BEGIN {
		while ((getline text <words) > 0) is_word[text] = 1
		while ((getline text <lines) > 0) is_line[text] = 1
	}
	{
		told = first = ""
		told_count = line_count = 0
		split("", seen)
		while ((getline text <$2) > 0) {
			rest = text
			while (match(rest, /[A-Za-z_][A-Za-z0-9_]+/)) {
				word = substr(rest, RSTART, RLENGTH)
				rest = substr(rest, RSTART + RLENGTH)
				if (word in is_word && !(("word " word) in seen) && told_count++ < 3)
					told = told word " "
				seen["word " word] = 1
			}
			gsub(/[ \t]/, "", text)
			sub(/^[-+|>]*/, "", text)
			if (text in is_line && !(("line " text) in seen) && !line_count++)
				first = text
			seen["line " text] = 1
		}
		close($2)
		if (told != "") print $1 "\thas words of the solutions: " told
		if (line_count > most) print $1 "\thas lines of the solutions: " first
	}' "$work/list" >"$work/told"
tab=$(printf '\t')
while IFS=$tab read -r name what; do
	found "$name" "$what"
done <"$work/told"

find "$handout" -type f '(' -name '*.o' -o -name '*.elf' ')' | sort >"$work/objects"
while IFS= read -r file; do
	! readelf --wide --sections "$file" 2>/dev/null | grep -q '\.z\?debug_' ||
		found "${file#"$handout"/}" "has debug information"
done <"$work/objects"
if [ -e "$handout/prebuilt/cases.o" ]; then
	told=$(nm --defined-only "$handout/prebuilt/cases.o" | awk '$3 !~ /^case_[0-9]+$/ { print $3; exit }')
	[ -z "$told" ] || found prebuilt/cases.o "has the name $told"
fi
[ ! -e "$work/found" ]
