#!/bin/sh
# Makes an ISO for real machines: a CD or a USB stick, for BIOS and UEFI, with a menu of labs.
#
#	make-hybrid.sh [--plain "COMMAND LINE"] OUT.iso KERNEL.elf [NAME=FILE]...
#
# Each FILE becomes a boot module whose command line is NAME; the menu has an entry for each
# module called labN.  --plain: no menu, no waiting, this command line; otherwise what
# grub-mkrescue makes, which is what benchmarks compare make-image.sh with.
# Exit status: 0 done, 2 wrong usage, 3 something is missing or cannot be written.
set -eu
LC_ALL=C
export LC_ALL
here=$(dirname "$0")
. "$here/stage.sh"

UEFI=/usr/lib/grub/x86_64-efi

usage() {
	echo "make-hybrid.sh: $*" >&2
	echo 'usage: make-hybrid.sh [--plain "COMMAND LINE"] OUT.iso KERNEL.elf [NAME=FILE]...' >&2
	exit 2
}

plain=
command_line=
case ${1-} in
--plain)
	[ $# -ge 2 ] || usage "--plain wants a command line"
	plain=yes
	command_line=$2
	shift 2
	;;
--*) usage "unknown option $1" ;;
esac
[ $# -ge 2 ] || usage "two arguments are wanted"
out=$1
kernel=$2
shift 2
[ -n "$out" ] || usage "the image needs a name"
check_boot_arguments "$command_line" "$@"

command -v grub-mkrescue >/dev/null || die "grub-mkrescue is missing; run: make setup"
command -v xorriso >/dev/null || die "xorriso is missing; run: make setup"
find_grub i386-pc kernel.img

stage_image "$out"

place() {	# FILE NAME
	if [ ! -f "$1" ] || [ ! -r "$1" ]; then
		die "cannot read $1"
	fi
	[ ! -e "$stage/disc/boot/$2" ] || die "the module name $2 is taken"
	cp -- "$1" "$stage/disc/boot/$2" || die "cannot write to $stage"
}

# Every entry loads all modules: the kernel takes the ones that it needs.  multiboot2 sets gfxpayload to the
# framebuffer that the kernel asks for; a BIOS has text, which is faster.
load() {	# COMMAND-LINE INDENT
	echo "$2multiboot2 /boot/kernel.elf $1"
	echo "$2if [ \"\$grub_platform\" = pc ]; then set gfxpayload=text; fi"
	for name in $modules; do
		echo "$2module2 /boot/$name $name"
	done
}

entry() {	# TITLE COMMAND-LINE
	echo
	echo "menuentry '$1' {"
	load "$2" "	"
	echo "}"
}

mkdir -p "$stage/disc/boot/grub" "$stage/tmp"
place "$kernel" kernel.elf
modules=
labs=
for argument; do
	name=${argument%%=*}
	place "${argument#*=}" "$name"
	modules="$modules $name"
	case $name in
	lab[0-9]*) labs="$labs ${name#lab}" ;;
	esac
done

if [ -n "$plain" ]; then
	{
		echo "if [ \"\$grub_platform\" = efi ]; then insmod all_video; fi"
		load "$command_line" ""
		echo boot
	} >"$stage/disc/boot/grub/grub.cfg"
else
	{
		cat "$here/grub.cfg"
		entry "Reason 33: all labs" "lab=all hold=1"
		for lab in $labs; do
			entry "Reason 33: lab $lab" "lab=$lab hold=1"
		done
	} >"$stage/disc/boot/grub/grub.cfg"
fi

# grub-mkrescue takes every platform that is installed, unless it is given one.
if [ -d "$UEFI" ] && [ "${grub%/*}" = "${UEFI%/*}" ] && command -v mformat >/dev/null; then
	platform=
else
	platform="--directory=$grub"
	echo "make-hybrid.sh: this image boots by BIOS only: UEFI needs grub-efi-amd64-bin and mtools (make setup installs them where those packages exist)" >&2
fi

# Of GRUB's modules what the menu needs, and what helps at its command line: all of them, with fonts and
# translations, would be 20 MB.
# TMPDIR: grub-mkrescue leaves its files behind when it is interrupted.
TMPDIR=$stage/tmp grub-mkrescue ${platform:+"$platform"} --locales= --themes= --fonts= \
	--install-modules="normal configfile multiboot2 all_video serial terminal test echo ls cat search halt reboot" \
	-o "$stage/image" "$stage/disc" >"$stage/log" 2>&1 || {
	cat "$stage/log" >&2
	die "grub-mkrescue failed"
}
mv -f "$stage/image" "$out" || die "cannot write $out"
