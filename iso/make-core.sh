#!/bin/sh
# Makes the part that all quick images share: GRUB, ready to boot from a CD.
#
#	make-core.sh OUT
#
# OUT is a bootable CD image without its first 512 bytes: make-image.sh puts a tar header there
# (see README.md).  Run once by make, not per boot.
set -eu
LC_ALL=C
export LC_ALL
here=$(dirname "$0")
. "$here/stage.sh"

# A loaded core lies below its own stack, which begins here (GRUB's memory map, i386-pc).
CORE_ADDRESS=$((0x8000))
CORE_END=$((0x78000))
# In GRUB's image for CDs: the El Torito boot sector and the sector for disks come first.
DECOMPRESSOR_OFFSET=$((2048 + 512))
UNCOMPRESSED_SIZE_OFFSET=$((DECOMPRESSOR_OFFSET + 12))

[ $# -eq 1 ] || {
	echo "usage: make-core.sh OUT" >&2
	exit 2
}
out=$1
find_grub i386-pc lzma_decompress.img
for program in grub-mkimage xorriso xz od; do
	command -v "$program" >/dev/null || die "$program is missing; run: make setup"
done

stage_beside "$out"

# Little-endian bytes of a number, for printf.
bytes() {	# NUMBER COUNT
	number=$1
	for _ in $(seq "$2"); do
		printf '\\%03o' $((number & 255))
		number=$((number >> 8))
	done
}

# GRUB's core is always LZMA-compressed, and decompressing is a third of the way to the kernel on
# an emulated processor.  So: unpack it here, and where GRUB calls its decoder (source, destination
# and size are in ESI, EDI and ECX) let it copy instead.
#
#	8d 1c 0f  lea (%edi,%ecx),%ebx       8d 1c 0f
#	51        push %ecx                  51
#	e8 ....   call _LzmaDecodeA          f3 a4  rep movsb, then 90 90 90
unpack() {	# COMPRESSED-CORE OUT; fails when this GRUB looks different
	decompressor_size=$(($(wc -c <"$grub/lzma_decompress.img")))
	size=$(($(od -An -tu4 -j$UNCOMPRESSED_SIZE_OFFSET -N4 "$1")))
	[ $((CORE_ADDRESS + 512 + decompressor_size + size)) -le $CORE_END ] || return 1

	hex=$(od -An -v -tx1 "$grub/lzma_decompress.img" | tr -d ' \n')
	before=${hex%%8d1c0f51e8*}
	[ "$before" != "$hex" ] || return 1
	[ $((${#before} % 2)) -eq 0 ] || return 1
	call=$((DECOMPRESSOR_OFFSET + ${#before} / 2 + 4))

	# The header that .lzma files have and GRUB leaves out: lc=3 lp=0 pb=2, a 64 KiB
	# dictionary, and the size.
	{
		# shellcheck disable=SC2059 # the format is all there is
		printf "\\135$(bytes 65536 4)$(bytes "$size" 8)"
		tail -c +$((DECOMPRESSOR_OFFSET + decompressor_size + 1)) "$1"
	} >"$stage/compressed.lzma"
	xz --format=lzma --decompress --stdout "$stage/compressed.lzma" >"$stage/kernel" || return 1
	[ $(($(wc -c <"$stage/kernel"))) -eq "$size" ] || return 1

	{
		head -c "$call" "$1"
		printf '\363\244\220\220\220'
		tail -c +$((call + 6)) "$1" |
			head -c $((DECOMPRESSOR_OFFSET + decompressor_size - call - 5))
		cat "$stage/kernel"
	} >"$2"
}

# Modules inside the unpacked core cost a copy; as files each would cost a search and a read.
grub-mkimage -O i386-pc-eltorito -d "$grub" -p /boot -c "$here/core.cfg" \
	-o "$stage/core.lzma" biosdisk tar multiboot2 configfile ||
	die "grub-mkimage failed"
mkdir "$stage/cd"
unpack "$stage/core.lzma" "$stage/cd/core.img" || {
	echo "make-core.sh: this GRUB's decompressor looks different;" \
		"images work, but start a second later" >&2
	cp "$stage/core.lzma" "$stage/cd/core.img"
}

# Same input, same bytes: no time, no owner, no random identifier.
xorriso -report_about SORRY -as mkisofs -quiet -o "$stage/cd.iso" -r -V REASON33 \
	--modification-date=2000010100000000 --set_all_file_dates 2000010100000000 \
	-no-pad -b core.img -no-emul-boot -boot-load-size 4 -boot-info-table "$stage/cd" \
	</dev/null >"$stage/log" 2>&1 || {
	cat "$stage/log" >&2
	die "xorriso failed"
}
tail -c +513 "$stage/cd.iso" >"$stage/out"
mv "$stage/out" "$out"
