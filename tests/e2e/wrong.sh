#!/bin/sh
# Each wrong solution loses the cases that its mistake costs on this processor, and no other.
#
#	wrong.sh                  all of them, on three processors
#	wrong.sh LAB/NAME MODEL   one; LAB is a lab's directory
#
# A wrong solution is a patch against the right one.  Above it stand what the student believed and
#	loses: CASE...              the cases it loses (`all`, `nothing`)
#	loses[MODEL]: CASE...       where another processor differs
#	keeps: CASE...              all but these
. "${0%/*}/lib.sh"

# The cases that the patch must lose on the model, one a line, in order.
expected_losses() {	# PATCH MODEL ALL-CASES
	for verb in "loses\[$2\]" "keeps\[$2\]" loses keeps; do
		words=$(words_of "$verb" "$1")
		[ -n "$words" ] || continue
		case $verb:$words in
		*:all) cut -d ' ' -f 1 "$3" ;;
		*:nothing) ;;
		*) awk -v "verb=$verb" -v "words=$words" '
			BEGIN { count = split(words, list, " "); for (i in list) named[list[i]] = 1 }
			$1 in named { found++ }
			($1 in named) == (verb ~ /^loses/) { print $1 }
			END { if (found != count) print "a case that does not exist" }' "$3" ;;
		esac
		return
	done
	echo "neither loses: nor keeps:"
}

one() {	# LAB/NAME MODEL
	lab=${1%/*}
	patch=tests/wrong/$1.patch
	run=$(echo "$1.$2" | tr / .)
	submission=$work/$run.submission
	rm -rf "$submission"
	mkdir -p "$submission"
	case $lab in
	9-*) cp -R solutions/. "$submission/" ;; # it is made of all parts: the patch names the lab
	*) cp "solutions/$lab"/*.[cS] "$submission/" 2>/dev/null || true ;;
	esac
	patch -s -d "$submission" -p 1 <"$patch"
	grade "$run" --submission "$submission" --lab "${lab%%-*}" --cpu "$2"
	# A case that this processor cannot pose is not lost.
	awk '$3 == "skipped" { print $1 }' "$out/cases" >"$out/skipped"
	awk '$3 != "passed" && $3 != "skipped" { print $1 }' "$out/cases" >"$out/lost"
	expected_losses "$patch" "$2" "$out/cases" | grep -vxFf "$out/skipped" >"$out/expected" || true
	check "$1 on $2 loses exactly what its mistake costs ($(wc -l <"$out/expected") cases of $(wc -l <"$out/cases"))" \
		diff "$out/expected" "$out/lost"
	expected_status=1
	[ -s "$out/expected" ] || expected_status=0
	if [ "$status" -ne "$expected_status" ] || [ ! -s "$out/cases" ]; then
		not_ok "$1 on $2 is graded to the end" "status $status; $(cat "$out/stderr")"
	fi
}

case ${1-} in
--item) one "$2" "$3" ;;
?*) one "$1" "$2" && finish ;;
'')
	for model in "$without_ept" "$without_unrestricted_guest" "$default_model"; do
		for patch in tests/wrong/*/*.patch; do
			name=${patch#tests/wrong/}
			echo "${name%.patch} $model"
		done
	done | in_parallel
	finish
	;;
esac
