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
here=$(dirname "$0")
. "$here/stage.sh"

usage() {
	echo "make-image.sh: $*" >&2
	echo 'usage: make-image.sh OUT.iso "COMMAND LINE" KERNEL.elf [NAME=FILE]...' >&2
	exit 2
}

[ $# -ge 3 ] || usage "three arguments are wanted"
out=$1
command_line=$2
kernel=$3
shift 3
[ -n "$out" ] || usage "the image needs a name"

check_boot_arguments "$command_line" "$@"

core=${R33_ISO:-$here/../build/iso}/cd.img
[ -r "$core" ] || die "$core is missing; run: make"

stage_image "$out"

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
	echo "set gfxpayload=text"
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
