# shellcheck shell=sh
# What the scripts that make one file share: errors, and a place for what is not finished.  A script
# begins with
#
#	here=$(dirname "$0")
#	. "$here/stage.sh"

die() {
	echo "${0##*/}: $*" >&2
	exit 3
}

# $grub = where GRUB's files for a platform are: a package's, or what tools/foreign-grub.sh has unpacked.
find_grub() {	# PLATFORM FILE
	for grub in /usr/lib/grub/$1 /usr/local/lib/grub/$1; do
		[ ! -r "$grub/$2" ] || return 0
	done
	die "there is no GRUB for $1 (no $2 in /usr/lib/grub/$1); run: make setup"
}

# $stage = a new directory beside OUT, so that the finished file appears under its name in one step.
# It goes away however the script ends.
stage_beside() {	# OUT
	stage=$(mktemp -d "$1.XXXXXX" 2>/dev/null) || die "cannot write to $(dirname "$1")"
	trap 'rm -rf "$stage"' EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# The image OUT must be no directory or device; $out = its absolute name.  Then as above.
stage_image() {	# OUT
	case $1 in
	/*) out=$1 ;;
	*) out=$PWD/$1 ;;
	esac
	if [ -e "$out" ] && [ ! -f "$out" ]; then
		die "$out exists and is not a file"
	fi
	stage_beside "$out"
}

# What is allowed here means nothing to GRUB's parser and needs no quoting.  Otherwise: usage().
check_boot_arguments() {	# COMMAND-LINE [NAME=FILE]...
	case $1 in
	*[!A-Za-z0-9_=.,:/\ -]*)
		usage "the command line may contain only letters, digits, blanks and _ = . , : / -"
		;;
	esac
	shift
	for argument; do
		case $argument in
		*=*) ;;
		*) usage "'$argument' is not NAME=FILE" ;;
		esac
		case ${argument%%=*} in
		'' | -* | *[!a-z0-9-]*)
			usage "a module's name has lower-case letters, digits and -, not '${argument%%=*}'"
			;;
		esac
	done
}
