#!/bin/sh
# Each wrong solution loses the cases that its mistake costs on this processor, and no other.
#
#	wrong.sh                  all of them, on three processors (on QEMU: on one, a third each on the others)
#	wrong.sh LAB/NAME MODEL   one; LAB is a lab's directory
#
# Booting takes longer than grading: one boot grades a wrong solution of each lab.  No lab sees
# anything of another, so each loses what it loses alone.  Lab 9 is made of all parts: its patches
# are against solutions/ as a whole, and each is graded alone.
#
# A wrong solution is a patch against the right one.  Above it stand what the student believed and
#	loses: CASE...              the cases it loses (`all`, `nothing`)
#	loses[MODEL]: CASE...       where another processor differs
#	keeps: CASE...              all but these
#	part: CASE=POINTS...        these are not passed either, but earn some points
#	part[MODEL]: CASE=POINTS... where another processor differs
. "${0%/*}/lib.sh"

# The words of the first of these lines that the patch has; $verb is what it begins with.
first_words() {	# PATCH VERB...
	patch=$1
	shift
	for verb; do
		words=$(words_of "$verb" "$patch")
		[ -z "$words" ] || return 0
	done
	verb=
}

# The cases that the patch must lose on the model, one a line, in order, with the points that they earn
# all the same.
expected_losses() {	# PATCH MODEL ALL-CASES
	first_words "$1" "part\[$2\]" part
	parts=$words
	first_words "$1" "loses\[$2\]" "keeps\[$2\]" loses keeps
	[ -n "$verb$parts" ] || echo "neither loses: nor keeps:"
	awk -v "verb=$verb" -v "words=$words" -v "parts=$parts" '
		BEGIN {
			all = words == "all"
			count = all || words == "nothing" ? 0 : split(words, list, " ")
			for (i = 1; i <= count; i++) named[list[i]] = 1
			count += split(parts, list, " ")
			for (i in list) { split(list[i], pair, "="); earns[pair[1]] = pair[2] }
		}
		$1 in named { found++ }
		$1 in earns { found++; print $1, earns[$1]; next }
		all || (verb && ($1 in named) == (verb ~ /^loses/)) { print $1, 0 }
		END { if (found != count) print "a case that does not exist" }' "$3"
}

# A submission of which the patch is all that is wrong.
prepare() {	# LAB/NAME DIRECTORY
	mkdir -p "$2"
	case $1 in
	9-*) cp -R solutions/. "$2/" ;;
	*) cp "solutions/${1%/*}"/*.[cS] "$2/" 2>/dev/null || true ;;
	esac
	seen=$(patch -s -d "$2" -p 1 <"tests/wrong/$1.patch" 2>&1) ||
		not_ok "$1 is a patch against the solution of today" "$seen"
}

# What the lab has lost in the run in $out.
judge() {	# LAB/NAME MODEL
	of=$out/${1%%-*}
	awk -v "lab=${1%%-*}" '$4 == lab' "$out/cases" >"$of.cases"
	# A case that this processor cannot pose is not lost.
	awk '$3 == "skipped" { print $1 }' "$of.cases" >"$of.skipped"
	awk '$3 != "passed" && $3 != "skipped" { print $1, $5 }' "$of.cases" >"$of.lost"
	expected_losses "tests/wrong/$1.patch" "$2" "$of.cases" |
		awk -v "skipped=$of.skipped" 'BEGIN { while ((getline id <skipped) > 0) gone[id] = 1 }
			!($1 in gone)' >"$of.expected"
	check "$1 on $2 loses exactly what its mistake costs ($(wc -l <"$of.expected") cases of $(wc -l <"$of.cases"))" \
		diff "$of.expected" "$of.lost"
	[ -s "$of.cases" ] || not_ok "$1 on $2 is graded to the end" "status $status; $(cat "$out/stderr")"
}

one() {	# LAB/NAME MODEL
	run=$(echo "$1.$2" | tr / .)
	rm -rf "$work/$run.submission"
	prepare "$1" "$work/$run.submission"
	grade "$run" --submission "$work/$run.submission" --lab "${1%%-*}" --cpu "$2"
	judge "$1" "$2"
	expected_status=1
	[ -s "$of.expected" ] || expected_status=0
	[ "$status" -eq "$expected_status" ] || not_ok "$1 on $2 ends with status $expected_status" \
		"status $status; $(cat "$out/stderr")"
}

# Grade the submission on each processor, compiled once, and judge the wrong solutions in it.
boots() {	# RUN LAB|all MODEL...
	run=$1
	labs=$2
	shift 2
	modules=
	for model; do
		# shellcheck disable=SC2086 # words are what is wanted
		grade "$run.$model" --submission "$work/$run.submission" --lab "$labs" --cpu "$model" \
			--keep "$work/$run.$model.kept" $modules
		while read -r name; do
			judge "$name" "$model"
		done <"$work/$run.names"
		[ "$status" -eq 1 ] || [ "$labs" != all ] || not_ok "$run on $model ends with status 1" \
			"status $status; $(cat "$out/stderr")"
		[ -n "$modules" ] || modules=$(modules_in "$work/$run.$model.kept")
	done
}

# The wrong solutions of that number, of all labs but the last, at once.
row() {	# NUMBER MODEL...
	number=$1
	shift
	: >"$work/row.$number.names"
	for directory in tests/wrong/[1-8]-*; do
		patch=$(find "$directory" -name '*.patch' | sort | sed -n "${number}p")
		[ -n "$patch" ] || continue
		name=${patch#tests/wrong/}
		name=${name%.patch}
		prepare "$name" "$work/row.$number.submission/${name%/*}"
		echo "$name" >>"$work/row.$number.names"
	done
	boots "row.$number" all "$@"
}

# One of the last lab, where it costs something.
whole() {	# LAB/NAME MODEL...
	name=$1
	run=${name##*/}
	shift
	for model; do
		[ "$(words_of "loses\[$model\]" "tests/wrong/$name.patch")" = nothing ] ||
			models="${models-} $model"
	done
	prepare "$name" "$work/$run.submission"
	echo "$name" >"$work/$run.names"
	# shellcheck disable=SC2086 # words are what is wanted
	boots "$run" "${name%%-*}" $models
}

# Options that take the modules of a run that was kept.
modules_in() {	# DIRECTORY
	for module in "$1"/lab[1-9].elf; do
		name=${module##*/lab}
		echo "--module ${name%.elf}=$module"
	done
}

# The processors for the wrong solutions of that number.
models_of() {	# NUMBER
	case $TEST_ENGINE.$(($1 % 3)) in
	qemu.0) echo "$default_model" ;;
	qemu.1) echo "$without_ept $default_model" ;;
	qemu.2) echo "$without_unrestricted_guest $default_model" ;;
	*) echo "$without_ept $without_unrestricted_guest $default_model" ;;
	esac
}

# As many rows as the lab with the most wrong solutions has.
rows() {
	for directory in tests/wrong/[1-8]-*; do
		find "$directory" -name '*.patch' | wc -l
	done | sort -n | tail -n 1
}

case ${1-} in
--item) shift && "$@" ;;
?*) one "$1" "$2" && finish ;;
'')
	{
		for number in $(seq "$(rows)"); do
			echo "row $number $(models_of "$number")"
		done
		number=0
		for patch in tests/wrong/9-*/*.patch; do
			[ -e "$patch" ] || continue
			name=${patch#tests/wrong/}
			number=$((number + 1))
			echo "whole ${name%.patch} $(models_of "$number")"
		done
	} | in_parallel
	finish
	;;
esac
