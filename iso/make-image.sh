#!/bin/sh
# Makes a CD image that boots the kernel at once: no menu, no waiting.
#
#	make-image.sh OUT.iso "COMMAND LINE" KERNEL.elf [NAME=FILE]...
#
# Each FILE becomes a boot module whose command line is NAME.  The same input gives the same
# bytes.  Exit status: 0 done, 2 wrong usage, 3 something is missing or cannot be written.
#
# The image is a tar archive (tar tvf OUT.iso) whose first member, GRUB, happens to look like a
# bootable CD from byte 512 on; README.md says why.  R33_ISO names the directory with make's part
# of it, if that is not build/iso beside this one.
set -eu
unset TAR_OPTIONS POSIXLY_CORRECT
LC_ALL=C
export LC_ALL

usage() {
	echo "make-image.sh: $*" >&2
	echo 'usage: make-image.sh OUT.iso "COMMAND LINE" KERNEL.elf [NAME=FILE]...' >&2
	exit 2
}

die() {
	echo "make-image.sh: $*" >&2
	exit 3
}

[ $# -ge 3 ] || usage "three arguments are wanted"
out=$1
command_line=$2
kernel=$3
shift 3
[ -n "$out" ] || usage "the image needs a name"

# What is allowed here means nothing to GRUB's parser and needs no quoting.
case $command_line in
*[!A-Za-z0-9_=.,:/\ -]*)
	usage "the command line may contain only letters, digits, blanks and _ = . , : / -"
	;;
esac
for argument; do
	name=${argument%%=*}
	case $argument in
	*=*) ;;
	*) usage "'$argument' is not NAME=FILE" ;;
	esac
	case $name in
	'' | -* | *[!a-z0-9-]*)
		usage "a module's name has lower-case letters, digits and -, not '$name'"
		;;
	esac
done

core=${R33_ISO:-$(dirname "$0")/../build/iso}/cd.img
[ -r "$core" ] || die "$core is missing; run: make"

# Beside OUT, so that the finished image appears under its name in one step.
case $out in
/*) ;;
*) out=$PWD/$out ;;
esac
if [ -e "$out" ] && [ ! -f "$out" ]; then
	die "$out exists and is no file"
fi
stage=$(mktemp -d "$out.XXXXXX" 2>/dev/null) || die "cannot write to $(dirname "$out")"
trap 'rm -rf "$stage"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

place() {	# FILE NAME: tar follows the link, nothing is copied
	if [ ! -f "$1" ] || [ ! -r "$1" ]; then
		die "cannot read $1"
	fi
	case $1 in
	/*) ln -s "$1" "$stage/boot/$2" 2>/dev/null ;;
	*) ln -s "$PWD/$1" "$stage/boot/$2" 2>/dev/null ;;
	esac || die "the module name $2 is taken"
}

mkdir "$stage/boot"
place "$core" cd.img
place "$kernel" kernel.elf
{
	echo "multiboot2 /boot/kernel.elf $command_line"
	for argument; do
		name=${argument%%=*}
		place "${argument#*=}" "$name"
		echo "module2 /boot/$name $name"
	done
	echo boot
} >"$stage/boot/grub.cfg"

# The order counts: the CD must come first.
set -- "$@" boot/cd.img boot/grub.cfg boot/kernel.elf
while [ "$1" != boot/cd.img ]; do
	set -- "$@" "boot/${1%%=*}"
	shift
done
# 32 KiB is what GRUB reads at once; QEMU's BIOS fails when that reaches beyond the disc.
tar --blocking-factor=64 --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner \
	--mode=0444 --dereference --hard-dereference \
	-C "$stage" -cf "$stage/image" "$@" 2>"$stage/log" ||
	die "cannot write the image: $(head -n 1 "$stage/log")"
mv -f "$stage/image" "$out" || die "cannot write $out"
