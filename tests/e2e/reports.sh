#!/bin/sh
# The report formats are well-formed and say the same, whatever a submission does to them.
. "${0%/*}/lib.sh"

value=$work/value
# shellcheck disable=SC2046 # words are what is wanted
"${HOST_CC:-cc}" -D_GNU_SOURCE -I/usr/include/libxml2 -o "$value" tests/e2e/value.c -ljansson -lxml2

is() {	# WANTED FORMAT FILE PATH
	seen=$("$value" "$2" "$3" "$4") || { echo "$3 has no $4"; return 1; }
	[ "$seen" = "$1" ] || { echo "$4 of $3 is $seen, not $1"; return 1; }
}

# TAP: version, plan, numbers in order, every block closed.
tap_is_whole() {	# FILE CASES PASSED
	awk -v "cases=$2" -v "passed=$3" '
		NR == 1 && $0 != "TAP version 14" { print "the first line: " $0; bad = 1 }
		/^1\.\./ { plan = substr($0, 4); plans++ }
		/^ok /     { ok++; number = $2 }
		/^not ok / { number = $3 }
		/^(not )?ok / { if (number != ++points) { print "out of order: " $0; bad = 1 } }
		/^  ---$/  { blocks++ }
		/^  \.\.\.$/ { blocks-- }
		/^[^ ]/ && !/^(TAP version 14|#|ok |not ok |1\.\.)/ { print "no TAP: " $0; bad = 1 }
		END {
			if (plans != 1 || plan != points || points != cases || ok != passed || blocks) {
				print plans " plans of " plan ", " points " points, " ok " ok, " blocks " open blocks"
				bad = 1
			}
			exit bad
		}' "$1"
}

# A run's reports, and what must be in all of them.
reports() {	# NAME EARNED CASES PASSED
	dir=$work/$1
	earned=$2
	cases=$3
	passed=$4
	failed=$((cases - passed))
	check "the JSON report of $1 is well-formed, with $earned points" \
		is "$earned" json "$dir/report.json" points.earned
	check "the JSON report of $1 has the sum of its cases" \
		is "$earned" json "$dir/report.json" 'labs.*.cases.*.earned'
	check "the TAP report of $1 is whole, with $passed of $cases cases passed" \
		tap_is_whole "$dir/report.tap" "$cases" "$passed"
	check "the JUnit report of $1 is well-formed, with $cases cases" \
		is "$cases" xml "$dir/report.xml" 'count(//testcase)'
	check "the JUnit report of $1 has $failed failures" \
		is "$failed" xml "$dir/report.xml" 'count(//testcase[failure or error])'
	check "the JUnit report of $1 counts them, too" \
		is "$failed" xml "$dir/report.xml" 'sum(//testsuite/@failures) + sum(//testsuite/@errors)'
	check "the Gradescope report of $1 is well-formed, with $earned points" \
		is "$earned" json "$dir/results.json" 'tests.*.score'
	check "the Gradescope report of $1 is of 100 points" \
		is 100 json "$dir/results.json" 'tests.*.max_score'
	check "the text report of $1 ends with the points" \
		grep -qx "Lab 1: $earned of 100 points" "$dir/report.txt"
	check "the HTML report of $1 is well-formed, with the points" \
		is "$earned of 100 points" xml "$dir/report.html" "string(//p[@class='total'])"
	check "no report of $1 has control characters" \
		no_control_characters "$dir/report.json" "$dir/report.tap" "$dir/report.xml" \
		"$dir/report.txt" "$dir/results.json" "$dir/report.html"
}

all_formats() {	# NAME [OPTION]...
	name=$1
	shift
	grade "$name" --lab 1 "$@" --format junit -o "$work/report.xml" \
		--format gradescope -o "$work/results.json"
	mv "$work/report.xml" "$work/results.json" "$out/"
}

all_formats solution --submission solutions
reports solution 100 20 20
check "a failed case's time is in the member time only" \
	is "r33 report 1" json "$out/report.json" format

# The engine's version stands in the report as the engine itself says it.
version=$("$(command -v bochs-bin || echo bochs)" -help 2>&1 | sed -n 's/^ *Bochs x86 Emulator //p')
check "the JSON report names the engine's version" is "$version" json "$out/report.json" engine.version
check "the text report names the engine's version" \
	grep -q "^Lab 1: .* (bochs $version, tigerlake)" "$out/report.txt"
check "the HTML report names the engine's version" grep -q "on bochs $version, tigerlake<" "$out/report.html"

all_formats skeleton --submission labs
reports skeleton 0 20 0

# Everything the formats trip over.
mkdir -p "$work/escapes.submission"
{
	sed 's/^set_control_registers(/solve(/' solutions/1-control-registers/control_registers.c
	cat tests/hostile/escape-sequences.c
} >"$work/escapes.submission/control_registers.c"
all_formats escapes --submission "$work/escapes.submission"
reports escapes 0 20 0

mkdir -p "$work/does-not-compile.submission"
printf '#error "<&]]>\033[2J"\n' >"$work/does-not-compile.submission/control_registers.c"
all_formats does-not-compile --submission "$work/does-not-compile.submission"
reports does-not-compile 0 1 0

# What the compiler quotes need not be UTF-8, nor text: every report shows it, and stays readable.
mkdir -p "$work/latin-1.submission"
printf '#error "caf\351 \357\277\276\357\277\277 \355\240\200"\n' >"$work/latin-1.submission/control_registers.c"
all_formats latin-1 --submission "$work/latin-1.submission"
reports latin-1 0 1 0
shows_the_message() {	# FILE
	sed 's/\\\\/\\/g' "$1" | grep -q 'caf\\xe9 \\u{fffe}\\u{ffff} \\u{d800}' || { cat "$1"; return 1; }
}
for file in report.txt report.json report.tap report.html report.xml results.json; do
	check "bytes that are not UTF-8 do not cost the compiler's message in $file" \
		shows_the_message "$out/$file"
done

# A run that gave no verdict is one in every format: no reader may take it for zero points, or all.
all_formats no-verdict --submission solutions --cpu p4_prescott_celeron_336
check "without a verdict the JSON report says how the run ended" \
	is unsuitable-processor json "$out/report.json" end.word
check "without a verdict the JUnit report has an error" \
	eval "[ \"\$('$value' xml '$out/report.xml' 'count(//error) > 0')\" = true ]"
check "without a verdict the HTML report says so, and has no points" \
	is "no verdict" xml "$out/report.html" "string(//p[@class='total'])"
check "without a verdict the TAP report bails out" grep -q '^Bail out! ' "$out/report.tap"

# The whole course fits on a screen; files, and --details, have every case.
fits() {	# FILE
	awk 'length > 80 { print "too long: " $0; bad = 1 }
		END { if (NR > 22) { print NR " lines"; bad = 1 }; exit bad }' "$1"
}
every_lab() {	# FILE
	for directory in labs/[1-9]-*/; do
		name=${directory#labs/?-}
		grep "^Lab .: 100 of 100 points  ${name%/} " "$1" || return 1
	done
}
whole() {	# NAME [OPTION]...
	name=$1
	shift
	"$r33" grade --lab all "$@" --format text -o "$work/$name.details" --format text -o - \
		--format json -o "$work/$name.json" >"$work/$name.screen"
}
check "the whole course is graded" whole course --submission solutions
check "the report of the whole course fits on a screen" fits "$work/course.screen"
check "it has a line for every lab" every_lab "$work/course.screen"
check "its file has every case that passed" \
	[ "$(grep -c '^  PASS ' "$work/course.details")" -eq "$(awk '/^Total:/ { print $(NF - 2) }' "$work/course.screen")" ]
check "the solutions have fields that are right" grep -q '"GUEST_RIP": "right"' "$work/course.json"
check "the solutions have none that is wrong or untouched" \
	eval "! grep -n '^ *\"[A-Z][A-Z0-9_]*\": \"\(wrong\|untouched\)\"' '$work/course.json'"
whole skeletons --submission labs || true
check "it fits on a screen when all is lost, too" fits "$work/skeletons.screen"
whole details --submission labs --details || true
check "with --details the screen has what the file has" \
	cmp "$work/details.screen" "$work/details.details"

# Where a wrong solution went wrong: what the student needs is there.
mkdir -p "$work/wrong.submission"
patch -s -o "$work/wrong.submission/control_registers.c" \
	solutions/1-control-registers/control_registers.c \
	tests/wrong/1-control-registers/forgets-ne.patch
line=$(grep -n '!vmwrite(GUEST_CR0' "$work/wrong.submission/control_registers.c" | cut -d : -f 1)
grade wrong --lab 1 --submission "$work/wrong.submission" --case enter-64-bit
flat=$(tr -s ' \n' '  ' <"$out/report.txt")
tells() {	# WORDS
	case $flat in *"$1"*) ;; *) cat "$out/report.txt"; return 1 ;; esac
}
check "a failed entry is reported with its exit reason" tells 'exit reason 33'
check "a failed entry is reported with the rule" tells CR0-FIXED0
check "a failed entry is reported with the field" tells GUEST_CR0
check "a failed entry is reported with file, line and function of the VMWRITE (line $line)" \
	tells "control_registers.c:$line in set_control_registers"

# Lab 8: what was changed has a state; what should have been, and was not, is for the student to find.
exercise() {	# PATCH CASE
	rm -rf "$work/wrong.submission"
	cp -r solutions/8-reason-33 "$work/wrong.submission"
	patch -s -p1 -d "$work/wrong.submission" <"tests/wrong/8-reason-33/$1.patch"
	"$r33" grade --lab 8 --submission "$work/wrong.submission" --case "$2" --format json \
		-o "$work/exercise.json" || true
}
states_are() {	# FIELD=WORD...
	grep -o '"[A-Z][A-Z0-9_]*": "\(right\|wrong\|untouched\)"' "$work/exercise.json" |
		tr -d '" ' | tr : = | sort >"$work/states"
	printf '%s\n' "$@" | sed '/^$/d' | diff - "$work/states"
}
exercise tidies-up was-emulated
check "in lab 8 a needless change is wrong, the repair right" \
	states_are GUEST_RFLAGS=wrong GUEST_RIP=right GUEST_RSP=wrong
exercise steps-over-branches is-single-stepped
check "a repair that makes another guest is wrong, and the right one not shown" \
	states_are GUEST_IA32_DEBUGCTL=wrong
exercise names-and-goes idles
check "where nothing was changed, no field has a state" states_are ''
exercise breaks-too-much break-idtr-limit-hi
check "a state that breaks two rules is wrong in what was changed" \
	states_are GUEST_GDTR_LIMIT=wrong GUEST_IDTR_LIMIT=wrong
finish
