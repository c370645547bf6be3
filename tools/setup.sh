#!/bin/sh
# Installs what is missing of packages.txt, for `make setup`.
#
#	setup.sh [--build | --without-tests] [--cross] [--dry-run] [--list]
#
# --build	only what building and grading need, without what only `make test` needs
# --without-tests	the same and what debugging needs
# --cross	also the compiler for x86-64 code, on a machine of another kind
# --dry-run	print what would be run
# --list	print the packages and what each is for, install nothing
#
# On Debian, Ubuntu and their kin by apt-get, as root or through sudo, without a question; elsewhere
# it prints the list.  Exit status: 0 all there, 2 wrong usage, 3 something has to be done by hand.
set -eu

here=$(dirname "$0")
table=$here/packages.txt
wanted='build image bochs gdb qemu unit'
optional='lint fresh uefi browser' # installed where there are such packages
cross=
foreign='grub-pc-bin' # for amd64 only, and needed on all: see foreign-grub.sh
run=
list=

usage() {
	echo "usage: setup.sh [--build | --without-tests] [--cross] [--dry-run] [--list]" >&2
	exit 2
}

die() {
	echo "setup: $*" >&2
	exit 3
}

for option; do
	case $option in
	--build)
		wanted='build image bochs'
		optional=
		;;
	--without-tests)
		wanted='build image bochs gdb'
		optional=uefi
		;;
	--all) ;;
	--cross) cross=cross ;;
	--dry-run) run='echo' ;;
	--list) list=yes ;;
	*) usage ;;
	esac
done
wanted="$wanted $cross"

# The table's rows in the wanted groups: package, tab, what for.
rows() {
	awk -F '\t' -v wanted=" $wanted $optional " \
		'!/^#/ && index(wanted, " " $2 " ") { print $1 "\t" $4 }' "$table"
}

[ -z "$list" ] || {
	rows
	exit 0
}

# Debian itself, or something that says it is like it?
is_debian() {
	[ -r "$os_release" ] || return 1
	# shellcheck disable=SC1090 # the path is the system's
	ids=$(. "$os_release" && echo "${ID-} ${ID_LIKE-}") || return 1
	case " $ids " in
	*' debian '* | *' ubuntu '*) ;;
	*) return 1 ;;
	esac
	command -v apt-get >/dev/null
}

os_release=${OS_RELEASE:-/etc/os-release}
is_debian || {
	echo "setup: this is not Debian or Ubuntu; please install the equivalents of these packages:" >&2
	rows >&2
	exit 3
}

# The same question that every make target asks first.
missing_packages() {	# GROUP...
	"$here/check-tools.sh" --names "$@" || [ $? -eq 3 ]
}

# shellcheck disable=SC2086 # groups, one per word
missing=$(missing_packages $wanted $optional)
[ -n "$missing" ] || {
	echo "setup: everything is installed"
	exit 0
}
echo "setup: missing: $missing"

if [ "$(id -u)" -eq 0 ]; then
	root=
elif command -v sudo >/dev/null; then
	root=sudo
else
	die "only root can install them: run make setup as root"
fi

# apt-get takes care of its own state when it is interrupted; running setup again continues.
trap 'die "interrupted; run it again to continue"' HUP INT TERM

apt() {
	# shellcheck disable=SC2086 # empty, or one word
	$run $root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 "$@"
}

apt update || echo "setup: apt-get update failed; using the lists that are here" >&2

# Is the package not for this machine, but what is in it is?
is_foreign() {	# PACKAGE
	case ${ARCHITECTURE:-$(dpkg --print-architecture 2>/dev/null)} in
	amd64 | i386) return 1 ;;
	esac
	case " $foreign " in
	*" $1 "*) ;;
	*) return 1 ;;
	esac
}

# Releases differ: what this one does not have at all may not keep the rest from being installed.
available=
unpacked=
for package in $missing; do
	if is_foreign "$package"; then
		unpacked="$unpacked $package"
	elif [ -n "$run" ] || apt-cache show "$package" >/dev/null 2>&1; then
		available="$available $package"
	fi
done
# shellcheck disable=SC2086 # names, one per word
[ -z "$available" ] || apt install --no-install-recommends $available ||
	die "apt-get could not install them (see above); with the network up, run it again"
if [ -n "$unpacked" ]; then
	echo "setup: not available for this kind of machine, so taken from amd64:$unpacked"
	# shellcheck disable=SC2086 # empty, or one word; names, one per word
	$run $root "$here/foreign-grub.sh" /usr/local/lib/grub $unpacked ||
		die "GRUB could not be installed (see above); run it again"
fi
[ -z "$run" ] || exit 0

# shellcheck disable=SC2086 # groups, one per word
missing=$(missing_packages $wanted)
[ -z "$missing" ] || die "still missing, apparently not in this release: $missing"
# shellcheck disable=SC2086 # groups, one per word
[ -z "$optional" ] || missing=$(missing_packages $optional)
[ -z "$missing" ] || {
	echo "setup: everything else is installed; apparently not in this release:"
	for package in $missing; do
		awk -F '\t' -v "package=$package" '$1 == package { print "\t" package ": " $4 }' "$table"
	done
	exit 0
}
echo "setup: everything is installed"
