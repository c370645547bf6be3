#!/bin/sh
# Each hostile submission loses the cases in which it misbehaves, with the outcome that names what
# it did, and no other; it leaves no file and no process behind, and nothing in the reports that a
# terminal would obey; and they stay short.
#
#	hostile.sh                all of them
#	hostile.sh NAME [MODEL]   one
#
# tests/hostile/NAME.c follows the right solution, whose function is called solve() then: only its
# attack costs it points.  Its comment says
#	lab: NUMBER            if not 1
#	instead of: FUNCTION   of the solution, if the lab has more than one
#	outcome: WORD...       (docs/record-stream.md) of the cases that it must lose
#	loses: CASE...         if not all of them
#	part: POINTS           that each of them earns all the same, if not 0
#	outcome[MODEL]: …      where another processor differs; so does loses[MODEL]
#	models: MODEL...       where else than on tigerlake it is run
#	keeps secret: WORDS    what no report may contain
#	alone                  without the solution
# Root runs those that attack the compiler once more as a user without privileges.
# tests/hostile/modules.txt lists broken modules.
. "${0%/*}/lib.sh"

hostile=tests/hostile

lab_of() {	# NAME
	number=$(words_of lab "$hostile/$1.c")
	echo "${number:-1}"
}

# What the comment says for the model, or for all.
words_for() {	# KEY NAME MODEL
	words=$(words_of "$1\[$3\]" "$hostile/$2.c")
	[ -n "$words" ] || words=$(words_of "$1" "$hostile/$2.c")
	echo "$words"
}

make_submission() {	# NAME DIRECTORY
	function=$(words_of 'instead of' "$hostile/$1.c")
	mkdir -p "$2"
	into=$2
	for solution in solutions/"$(lab_of "$1")"-*/*.c; do
		file=${solution##*/}
		case $solution in
		solutions/9-*) # made of the parts of other labs, too
			cp -R solutions/. "$2/"
			into=$2/$(basename "${solution%/*}")
			;;
		esac
		name=${function:-set_${file%.c}}
		{
			grep -q '^ \* alone$' "$hostile/$1.c" || sed "s/^$name(/solve(/" "$solution"
			! grep -q "^$name(" "$solution" || sed "s|@ROOT@|$root|g" "$hostile/$1.c"
		} >"$into/$file"
	done
}

# Are the cases as they must be?  Nothing printed: yes.
judge() {	# CASES OUTCOMES LOSES PART
	awk -v "outcomes=$2" -v "loses=$3" -v "part=${4:-0}" '
		BEGIN {
			split(outcomes, words, " ")
			for (i in words) expected[words[i]] = 1
			count = named = split(loses, ids, " ")
			for (i in ids) lost[ids[i]] = 1
		}
		# What this processor cannot pose is not lost.
		$3 == "skipped" { named -= $1 in lost; next }
		!count || $1 in lost {
			hit++
			seen[$3] = 1
			if (!($3 in expected)) print $1 ": " $3 " instead of " outcomes
			if ($5 != part) print $1 ": " $5 " points instead of " part
			next
		}
		$3 != "passed" { print $1 ": " $3 ", but the attack is elsewhere" }
		END {
			if (!hit || hit < named) print "a case is missing"
			for (i in words) if (!(words[i] in seen)) print "no case is " words[i]
		}' "$1"
}

# No submission makes reports that nobody can open.
has_bound() {	# DIRECTORY
	large=$(find "$1" -name 'report.*' -size +8M)
	[ -z "$large" ] || { echo "larger than 8 MiB: $large"; return 1; }
}

# The run in $out is over: is all well?
verdict() {	# OUTCOMES LOSES SECRET PART
	[ "$status" -eq 1 ] || { echo "exit status $status"; cat "$out/stderr"; return 1; }
	complaints=$(judge "$out/cases" "$1" "$2" "${4-}")
	[ -z "$complaints" ] || { echo "$complaints"; return 1; }
	if [ -z "$2" ] && [ "$(points "$out/cases")" -ne 0 ]; then
		echo "it has earned $(points "$out/cases") points"
		return 1
	fi
	if [ -n "$3" ] && grep -F "$3" "$out/report.txt" "$out/report.tap" "$out/report.json" "$out/report.html"; then
		return 1
	fi
	no_control_characters "$out/report.txt" "$out/report.tap" "$out/report.json" "$out/report.html" \
		"$out/stdout" "$out/stderr" && left_nothing "$out/tmp" && has_bound "$out"
}

submission() {	# NAME MODEL [USER]
	outcome=$(words_for outcome "$1" "$2")
	loses=$(words_for loses "$1" "$2")
	run=$1.$2${3+.$3}
	make_submission "$1" "$work/$run.submission"
	grade "$run" --submission "$work/$run.submission" --lab "$(lab_of "$1")" --cpu "$2"
	check "$1 on $2${3+ as $3}: $outcome in ${loses:-every case}, nothing left behind" \
		verdict "$outcome" "$loses" "$(words_of 'keeps secret' "$hostile/$1.c")" \
		"$(words_of part "$hostile/$1.c")"
}

# What is kept secret is there to be told: a solution changes, and its words with it.
secrets_exist() {
	for attack in "$hostile"/*solution*.c; do
		attack=${attack##*/}
		secret=$(words_of 'keeps secret' "$hostile/${attack%.c}.c")
		[ -z "$secret" ] || grep -rqF -e "$secret" solutions || { echo "$attack: $secret"; return 1; }
	done
}
unprivileged() {	# NAME
	if as_somebody; then
		submission "$1" "$default_model" nobody
	else
		skip "$1 as nobody" "$nobody"
	fi
}

# Where the constants of the module lie, as the 8 bytes of a field.
constants_of() {	# FILE
	readelf -lW "$1" | awk '$1 == "LOAD" && $7 == "R" && $8 != "E" { print $3; exit }' |
		sed 's/^0x//; s/\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)/\8\7\6\5\4\3\2\1/'
}

edit() {	# FILE EDIT
	case $2 in
	*=constants) edit "$1" "${2%%=*}=$(constants_of "$1")" ;;
	none) ;;
	size=*) truncate -s "${2#size=}" "$1" ;;
	*) # HEXADECIMAL to bytes, by way of octal
		digits=${2#*=}
		while [ -n "$digits" ]; do
			rest=${digits#??}
			# shellcheck disable=SC2059 # the format is the byte
			printf "\\$(printf %03o "0x${digits%"$rest"}")"
			digits=$rest
		done | dd of="$1" bs=1 seek="${2%%=*}" conv=notrunc 2>/dev/null
		;;
	esac
}

module() {	# NAME OUTCOME EDIT...
	name=$1
	outcome=$2
	shift 2
	file=$work/$name.elf
	cp "$build/reference.elf" "$file"
	for change; do
		edit "$file" "$change"
	done
	[ "$1" != none ] || file=none
	grade "$name" --module "1=$file" --lab 1
	check "a broken module, $name: $outcome in every case" verdict "$outcome" '' ''
}

lines_of_modules() {
	sed -e '/^#/d' -e 's/^/module /' "$hostile/modules.txt"
}

# What attacks the compiler never comes to the engine, and is tried once.
all() {
	for file in "$hostile"/*.c; do
		name=${file##*/}
		name=${name%.c}
		[ "$TEST_ENGINE" = bochs ] || [ "$(words_of outcome "$file")" != does-not-compile ] || continue
		echo "submission $name $default_model"
		for model in $(words_of models "$file"); do
			echo "submission $name $model"
		done
		if [ "$(id -u)" -eq 0 ] && [ "$(words_of outcome "$file")" = does-not-compile ]; then
			echo "unprivileged $name"
		fi
	done
	lines_of_modules
}

# The undamaged module earns everything: what the others lose is due to the damage.
undamaged() {
	grade undamaged --module "1=$build/reference.elf" --lab 1
	check "the module that the broken ones are made of earns all points" [ "$status" -eq 0 ]
}

case ${1-} in
--item) shift && "$@" ;;
'')
	undamaged
	check "the secrets of attacks on the solution are in the solution" secrets_exist
	all | in_parallel
	finish
	;;
*)
	if [ -e "$hostile/$1.c" ]; then
		submission "$1" "${2:-$default_model}"
	else
		# shellcheck disable=SC2046 # words are what is wanted
		set -- $(lines_of_modules | grep "^module $1 ")
		"$@"
	fi
	finish
	;;
esac
