#!/bin/sh
# Runs end-to-end tests and adds up: run.sh [THEME]...   (THEME.sh beside this file; default: all)
#
# THEME-qemu is the same script with QEMU as the engine: all labs and all submissions are graded on both.
# "engines" compares the two, and comes last.
#
# Shows each failure as it happens and one line for each theme; the whole output is in
# $BUILD/test/e2e/THEME.log.  Leaves "PASSED FAILED SKIPPED" in $BUILD/test/e2e/summary.
# Exit status: 0 if nothing failed.  BUILD, JOBS: see lib.sh.  V=1: shows all lines.
set -eu
here=${0%/*}
: "${BUILD:=build}" "${V:=0}"
logs=$BUILD/test/e2e
mkdir -p "$logs"
[ $# -gt 0 ] || {
	for script in "$here"/*.sh; do
		name=${script##*/}
		name=${name%.sh}
		case $name in
		run | lib | gdb-lib | engines) ;;
		determinism | front-end | hostile | skeletons | solutions | wrong) set -- "$@" "$name" "$name-qemu" ;;
		*) set -- "$@" "$name" ;;
		esac
	done
	set -- "$@" engines
}

# On a terminal the current line is written over; elsewhere only failures are lines.
terminal=0
[ ! -t 1 ] || terminal=1

: >"$logs/counts"
for theme; do
	begin=$(date +%s)
	engine=bochs
	[ "$theme" = "${theme%-qemu}" ] || engine=qemu
	{ TEST_ENGINE=$engine "$here/${theme%-qemu}.sh" || echo "# ended with status $?"; } 2>&1 | tee "$logs/$theme.log" |
		awk -v "v=$V" -v "terminal=$terminal" -v "theme=$theme" '
			v == 1 || /^not ok/ { failing = /^not ok/; if (terminal) printf "\r\033[K"; print; fflush(); next }
			/^#  / && failing { print; next }
			{ failing = 0 }
			terminal { printf "\r\033[K%s: %.70s", theme, $0; fflush() }
			END { if (terminal) printf "\r\033[K" }'
	awk -v "theme=$theme" -v "seconds=$(($(date +%s) - begin))" -v "counts=$logs/counts" '
		/^not ok / { failed++ }
		/^ok .* # SKIP / { skipped++; next }
		/^ok / { passed++ }
		$0 == "# " theme " is complete" { complete = 1 }
		END {
			if (!complete) {
				print "not ok - " theme " comes to its end"
				print "#   the last it said: " $0
				failed++
			}
			printf "e2e/%s: %d passed, %d failed%s (%d s)\n", theme, passed, failed,
				skipped ? ", " skipped " skipped" : "", seconds
			print passed + 0, failed + 0, skipped + 0 >>counts
		}' "$logs/$theme.log"
done
awk -v "summary=$logs/summary" '
	{ passed += $1; failed += $2; skipped += $3 }
	END { print passed + 0, failed + 0, skipped + 0 >summary; exit failed > 0 }' "$logs/counts"
