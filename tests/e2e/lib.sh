# shellcheck shell=sh
# What the end-to-end tests share.  A test is a script that begins with
#
#	. "${0%/*}/lib.sh"
#
# prints "ok - SENTENCE" or "not ok - SENTENCE" for each thing it proves, and ends with `finish`.
# run.sh runs them all; each also runs alone.  What the runs leave behind for the reader lies in
# $work, a directory for each run: report.tap, report.json, report.txt, report.html, stdout, stderr, cases.
#
# From outside: BUILD (build), JOBS (how many runs at once), TEST_ENGINE (bochs; qemu: the labs run there, and
# $theme is "NAME-qemu").
set -eu
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MFLAGS MAKELEVEL TERM

root=$(cd "${0%/*}/../.." && pwd)
theme=${0##*/}
theme=${theme%.sh}
cd "$root"
: "${BUILD:=build}" "${JOBS:=$(nproc)}" "${TEST_ENGINE:=bochs}"
export BUILD JOBS TEST_ENGINE
case $BUILD in
/*) build=$BUILD ;;
*) build=$root/$BUILD ;;
esac
r33=$build/r33
[ "$TEST_ENGINE" = bochs ] || theme=$theme-$TEST_ENGINE
work=$build/test/e2e/$theme

# The script calls itself for one item of in_parallel: then the directory is already there.
if [ "${1-}" != --item ]; then
	rm -rf "$work"
fi
mkdir -p "$work"

patience_s=300 # the end of a run that hangs

# Models of Bochs, from the oldest processor of the course to the newest.
# shellcheck disable=SC2034 # for the scripts
{
	without_ept=core2_penryn_t9600                # no EPT, no unrestricted guest
	without_unrestricted_guest=corei5_lynnfield_750 # EPT, no unrestricted guest
	default_model=tigerlake                        # all there is
}

ok() {	# SENTENCE
	printf 'ok - %s\n' "$1"
}

# One write, so that lines of runs at the same time do not mix.
not_ok() {	# SENTENCE [WHAT WAS SEEN INSTEAD]
	lines=$(printf '%s\n' "${2-}" | sed -n -e '/./s/^/#   /p' -e 30q)
	printf 'not ok - %s\n%s\n' "$1" "${lines:-#   (nothing else is known)}"
}

# ok when the command succeeds; what it prints explains the failure.
check() {	# SENTENCE COMMAND [ARGUMENT]...
	sentence=$1
	shift
	if seen=$("$@" 2>&1); then
		ok "$sentence"
	else
		not_ok "$sentence" "${seen:-failed: $*}"
	fi
}

skip() {	# SENTENCE REASON
	printf 'ok - %s # SKIP %s\n' "$1" "$2"
}

# The last line of a script: one that does not come so far has failed.
finish() {
	touch "$work/complete"
	echo "# $theme is complete"
}

# Run this script once more for each line of standard input, $JOBS at a time; it is called as
# "SCRIPT --item WORD..." with the words of the line.
in_parallel() {
	xargs -P "$JOBS" -L 1 "$0" --item || not_ok "every run of $theme comes to its end"
}

# Lines "CASE POINTS OUTCOME LAB EARNED" from a report in TAP.  A skipped case has no points.
cases_of() {	# REPORT.tap
	awk '
		/^# case / { skipped = $4; lab = substr($5, 5) }
		/^ok .* # SKIP/ { gsub(/"/, "", skipped); print skipped, 0, "skipped", lab, 0 }
		/^  case: / { gsub(/"/, "", $2); id = $2 }
		/^  points: / { points = $2; earned = 0 }
		/^  earned: / { earned = $2 }
		/^  outcome: / { gsub(/"/, "", $2); print id, points, $2, lab, $2 == "passed" ? points : earned }
	' "$1"
}

# Grade as a user without privileges from here on: $as is the beginning of a command, and grade() gives
# that user its directory.  False: that cannot be, and $nobody says why.  as= ends it.
as=
as_somebody() {
	[ "$(id -u)" -eq 0 ] || return 0
	as="setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent"
	nobody=
	# shellcheck disable=SC2086 # words are what is wanted
	if $as test -x "$r33" && $as test -r "$build/boot/kernel.elf"; then
		return 0
	fi
	as=
	# shellcheck disable=SC2034 # the scripts look at it
	nobody="a user without privileges cannot reach this tree"
	return 1
}

# Grade a submission.  Leaves the exit status in $status, the run's directory in $out.
grade() {	# NAME [OPTION]...
	out=$work/$1
	shift
	rm -rf "$out"
	mkdir -p "$out/tmp"
	[ -z "$as" ] || chown -R 65534 "$out"
	status=0
	# shellcheck disable=SC2034,SC2086 # the scripts look at it; words are what is wanted
	TMPDIR=$out/tmp $as timeout -k 10 "$patience_s" "$r33" grade --engine "$TEST_ENGINE" "$@" --format text -o "$out/report.txt" \
		--format tap -o "$out/report.tap" --format json -o "$out/report.json" \
		--format html -o "$out/report.html" \
		</dev/null >"$out/stdout" 2>"$out/stderr" || status=$?
	if [ -e "$out/report.tap" ]; then
		cases_of "$out/report.tap" >"$out/cases"
	else
		: >"$out/cases"
	fi
}

# What the cases have earned.
points() {	# CASES
	awk '{ sum += $5 } END { print sum + 0 }' "$1"
}

# The words of a line "KEY: WORD..." in a file, the comment's frame left out.
words_of() {	# KEY FILE
	sed -n "s/^[ *#]*$1: *//p" "$2"
}

# The files hold nothing that a terminal would obey: neither control characters nor, in UTF-8, those
# from U+0080 to U+009F.
no_control_characters() {	# FILE...
	! grep -an "$(printf '[\001-\010\013-\037]\|\302[\200-\237]')" "$@"
}

# Has a run with this TMPDIR left a file or a process?
left_nothing() {	# DIRECTORY
	rest=$(ls -A "$1")
	[ -z "$rest" ] || { echo "files are left: $rest"; return 1; }
	for process in /proc/[0-9]*; do
		case $(readlink "$process/cwd" 2>&1) in
		"$1"/*) ;;
		*) grep -qsaF "TMPDIR=$1" "$process/environ" || continue ;;
		esac
		echo "a process is left: $(tr '\0' ' ' <"$process/cmdline")"
		return 1
	done
}
