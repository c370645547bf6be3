#!/bin/sh
# Says in one line which packages are missing, before a recipe fails for want of them.
#
#	check-tools.sh [--names] GROUP...
#
# The groups are those in packages.txt.  --names: print only the packages' names.  Exit status: 0 all there, 2 wrong usage, 3 missing.
# Every make target begins here, so it starts no process.
set -eu

here=${0%/*}
[ "$here" != "$0" ] || here=.
tab="	"

# Is one of the probes satisfied?  The caller has set IFS to | and left wildcards on.
there() {	# PROBE
	for candidate in $1; do
		case $candidate in
		/*) [ ! -e "$candidate" ] || return 0 ;;
		*) ! command -v "$candidate" >/dev/null 2>&1 || return 0 ;;
		esac
	done
	return 1
}

names=
[ "${1-}" != --names ] || {
	names=yes
	shift
}
[ $# -gt 0 ] || {
	echo "usage: check-tools.sh [--names] GROUP..." >&2
	exit 2
}

missing=
groups=
while IFS=$tab read -r package group probe _; do
	case $package in
	'' | '#'*) continue ;;
	esac
	groups="$groups $group "
	case " $* " in
	*" $group "*) ;;
	*) continue ;;
	esac
	IFS='|'
	there "$probe" || missing="$missing $package"
	unset IFS
done <"$here/packages.txt"

for group; do
	case $groups in
	*" $group "*) ;;
	*)
		echo "check-tools.sh: there is no group '$group' in packages.txt" >&2
		exit 2
		;;
	esac
done
[ -n "$missing" ] || exit 0
if [ -n "$names" ]; then
	echo "${missing# }"
else
	echo "missing:$missing; run: make setup" >&2
fi
exit 3
