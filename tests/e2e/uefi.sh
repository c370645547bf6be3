#!/bin/sh
# What `make iso` makes boots by UEFI and by BIOS, as a CD and as a disk, and what a person has to know is
# on the screen, with serial ports or without.
#
# QEMU shows its screen: the text is read off the pixels (or, in text mode, from VGA's memory).  Its
# processor has neither VMX nor, here, AMD-V, so what is to be seen is the sentence that says so.  Bochs has VMX: there cases are
# graded by both kinds of firmware.  It shows no pixels in mode "term", so the kernel's copy of the
# characters is read, at the kernel's end.
. "${0%/*}/lib.sh"

image=$build/reason33.iso
graded=$work/graded.iso
screen=$build/test/screen
elf=$build/kernel.elf
ovmf=
for file in /usr/share/ovmf/OVMF.fd /usr/share/OVMF/OVMF.fd /usr/share/qemu/OVMF.fd; do
	[ -n "$ovmf" ] || [ ! -r "$file" ] || ovmf=$file
done
bochs=$(command -v bochs-bin || command -v bochs)

child=
stop_child() {
	[ -z "$child" ] || kill "$child" 2>/dev/null || true
}
trap stop_child EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Run QEMU until the screen's text has a line like "neither VMX"; $out/text is what was there then.  READER: one of
# those below; LOOK: what QEMU's monitor has to do for it.
watch_qemu() {	# READER LOOK OPTION-OF-QEMU...
	reader=$1
	look=$2
	shift 2
	mkfifo "$out/monitor"
	(cd "$out" && exec timeout -k 5 "$patience_s" qemu-system-x86_64 -accel tcg -cpu qemu64,-svm \
		-display none -monitor stdio -no-reboot "$@" <monitor >monitor.log 2>&1) &
	child=$!
	exec 3>"$out/monitor"
	for _ in $(seq 120); do
		kill -0 "$child" 2>/dev/null || break
		echo "$look" >&3
		sleep 1
		"$reader" >"$out/text" 2>"$out/text.error" || continue
		! grep -q 'neither VMX' "$out/text" || break
	done
	echo quit >&3
	exec 3>&-
	wait "$child" || true
	child=
}

look_at_pixels='screendump pixels'
read_pixels() {
	"$screen" picture "$build/font.psf" "$out/pixels"
}
look_at_text='pmemsave 0xb8000 32768 vga
screendump pixels'
read_text() {
	"$screen" vga "$out/vga" 0
}

# Bochs 3.0 begins in its debugger only if it is told to.
debugger=
! "$bochs" -help 2>&1 | grep -q '^ *-debugger ' || debugger=-debugger

for vga_rom in /usr/share/vgabios/vgabios.bin /usr/share/bochs/VGABIOS-* /usr/local/share/bochs/VGABIOS-*; do
	[ ! -r "$vga_rom" ] || break
done

# Bochs 3.0 panics when the firmware writes to read-only pages, with CR0.WP = 0; it goes on if it may (cpu0).
#
# Run Bochs until the kernel has nothing more to say; then its VGA memory, or what it has drawn, is in files.
run_bochs() {	# IMAGE ROM [LINE-OF-BOCHSRC]...
	cat >"$out/bochsrc" <<-EOF
		display_library: term
		cpu: model=$default_model, count=1, ips=1000000, reset_on_triple_fault=0
		megs: 256
		romimage: file=$2
		vgaromimage: file=$vga_rom
		pci: enabled=1, chipset=i440fx, slot1=pcivga
		boot: cdrom
		ata0-master: type=cdrom, path="$1", status=inserted
		com1: enabled=0
		com2: enabled=0
		clock: sync=none, time0=946684800
		log: bochs.log
		panic: action=fatal, term=report, cpu0=report
		error: action=ignore
		info: action=ignore
		plugin_ctrl: speaker=0
	EOF
	cat >"$out/debugger.rc" <<-EOF
		pb $(address_of power_off)
		c
		writemem "vga" 0xb8000 32768
		writemem "top" $(address_of top) 4
		writemem "framebuffer" $(address_of framebuffer) 16384
		q
	EOF
	# shellcheck disable=SC2086 # an option, or nothing
	(cd "$out" && TERM=xterm exec timeout -k 5 "$patience_s" "$bochs" -q -f bochsrc -rc debugger.rc \
		$debugger -dbglog debugger.log </dev/null >stdout 2>stderr) &
	child=$!
	drain_terminal
	wait "$child" || true
	child=
}

# Bochs paints on a terminal of its own, and waits when nobody reads that.
drain_terminal() {
	for _ in $(seq 100); do
		terminal=$(sed -n 's/.*connected to screen "\(.*\)"/\1/p' "$out/stderr")
		[ -z "$terminal" ] || break
		sleep 0.1
	done
	[ -z "$terminal" ] || cat "$terminal" >/dev/null 2>&1 || true
}

address_of() {	# SYMBOL
	nm "$elf" | awk -v "name=$1" '$3 == name { print "0x" $1 }'
}

is_line() {	# NUMBER TEXT
	[ "$(sed -n "$1p" "$out/text")" = "$2" ]
}

# The kernel's first lines, and the reason for which it stops.
says_why() {
	if ! is_line 1 "Reason 33" || ! is_line 2 "" ||
		! sed -n 3p "$out/text" | grep -q '^Reason 33 cannot run here: this processor has neither VMX (CPUID'; then
		cat "$out/text" "$out/text.error"
		return 1
	fi
}

# In text mode QEMU's picture has VGA's 720 by 400 pixels: GRUB has switched to no other mode.
is_in_text_mode() {
	says_why && [ "$(head -c 10 "$out/pixels" | sed -n 2p)" = "720 400" ]
}

# The last lines on the screen.
ends_with() {	# LINE...
	printf '%s\n' "$@" >"$out/expected"
	tail -n $# "$out/text" | diff "$out/expected" - && return
	tail -n 3 "$out/stderr"
	return 1
}
stays_on='Done. The machine stays on: switch it off, or end the emulator.'

uefi_cd() {
	watch_qemu read_pixels "$look_at_pixels" -bios "$ovmf" -m 256 -cdrom "$image" \
		-serial file:com1 -serial file:com2
	check "QEMU, UEFI, CD: the kernel's first lines and \"neither VMX\" are on the screen" says_why
	check "QEMU, UEFI: GRUB finds in the kernel's header that it can use a framebuffer" no_warning
}

# Without the header's tag GRUB 2.06 warns, and gives one all the same.
no_warning() {
	grep -aq "Booting .Reason 33: all labs" "$out/com1" && ! grep -a "no console will be available" "$out/com1"
}

uefi_usb() {
	watch_qemu read_pixels "$look_at_pixels" -M q35 -bios "$ovmf" -m 4096 \
		-drive "if=none,id=stick,format=raw,readonly=on,file=$image" \
		-device qemu-xhci -device usb-storage,drive=stick -serial none -parallel none
	check "QEMU, UEFI, USB stick, no serial port, 4 GiB: they are on the screen" says_why
}

bios_cd() {
	watch_qemu read_text "$look_at_text" -m 64 -cdrom "$image" -serial none -parallel none
	check "QEMU, BIOS, CD, no serial port: they are on the screen, in text mode" is_in_text_mode
}

bios_disk() {
	watch_qemu read_text "$look_at_text" -m 64 -drive "format=raw,snapshot=on,file=$image" \
		-serial file:com1 -serial file:com2
	check "QEMU, BIOS, disk: they are on the screen, in text mode" is_in_text_mode
	check "QEMU, BIOS: GRUB is told to keep the text mode, and looks for no other" looks_for_no_mode
}

looks_for_no_mode() {
	grep -aq "Booting .Reason 33: all labs" "$out/com1" && ! grep -a "suitable video mode" "$out/com1"
}

# All labs' skeletons: 218 cases scroll by, the last screen says it all.
bochs_bios() {
	run_bochs "$image" "\$BXSHARE/BIOS-bochs-latest, options=fastboot"
	"$screen" vga "$out/vga" "$(od -An -tu4 "$out/top" | tr -d ' ')" >"$out/text" 2>&1 || true
	check "Bochs, BIOS, no serial port: after all labs the screen has the points of each" summary_of_all
}
summary_of_all() {
	ends_with "Total: 0 of $((100 * $(find labs -maxdepth 1 -name '[1-9]-*' | wc -l))) points" "$stays_on" ||
		return 1
	for lab in labs/[1-9]-*; do
		number=${lab#labs/}
		number=${number%%-*}
		grep -q "^Lab $number:   0 of 100 points, 0 of [0-9]* cases passed; lost:$" "$out/text" ||
			{ echo "no lab $number:"; cat "$out/text"; return 1; }
	done
	grep -q '^ *enter-64-bit .* and [0-9]* more$' "$out/text" || { cat "$out/text"; return 1; }
}

# Lab 1 with the right answers: the guests are entered on a machine that UEFI has started.
bochs_uefi() {
	run_bochs "$graded" "$ovmf"
	"$screen" cells "$out/framebuffer" >"$out/text" 2>&1 || true
	check "Bochs, UEFI, no serial port: lab 1 is graded, its verdicts and points are on the screen" \
		graded_by_uefi
}
graded_by_uefi() {
	cases=$(find tests/cases -path '*/1-*' -name '[0-9]*.c' | wc -l)
	ends_with "Lab 1: 100 of 100 points, $cases of $cases cases passed" "Total: 100 of 100 points" \
		"$stays_on" || return 1
	[ "$(grep -c '^[a-z0-9-]* *ok$' "$out/text")" -ge 10 ] || { cat "$out/text"; return 1; }
}

if [ "${1-}" = --item ]; then
	out=$work/$2
	mkdir -p "$out"
	"$2"
	exit 0
fi

mkdir -p "${screen%/*}"
"${HOST_CC:-cc}" -Ikernel -o "$screen" tests/e2e/screen.c

make_iso() {
	make iso BUILD="$BUILD" >"$work/make.log" 2>&1 || { cat "$work/make.log"; return 1; }
	[ -s "$image" ]
}
check "make iso makes an image" make_iso
iso/make-hybrid.sh --plain "lab=1 hold=1 bochs=any" "$graded" "$elf" "lab1=$build/reference.elf" \
	"reference=$build/reference.elf"

# Where there is no GRUB for UEFI.
only_bios() {
	mkdir -p "$work/bios-only"
	cp iso/*.sh iso/grub.cfg "$work/bios-only"
	sed -i 's/^UEFI=.*/UEFI=no-such-platform/' "$work/bios-only/make-hybrid.sh"
	"$work/bios-only/make-hybrid.sh" "$work/bios-only.iso" "$elf" 2>"$work/bios-only.log" || return 1
	[ "$(wc -l <"$work/bios-only.log")" -eq 1 ] &&
		grep -q 'BIOS only.*grub-efi-amd64-bin' "$work/bios-only.log" &&
		! xorriso -indev "$work/bios-only.iso" -report_el_torito plain 2>/dev/null | grep UEFI
}
check "without GRUB for UEFI the image is made all the same, and one line says what it lacks" only_bios

items='bios_cd bios_disk'
bochs_items=bochs_bios
if [ -z "$ovmf" ] || [ ! -d /usr/lib/grub/x86_64-efi ]; then
	skip "the image boots by UEFI" "the packages ovmf and grub-efi-amd64-bin are not installed"
else
	items="$items uefi_cd uefi_usb"
	bochs_items="bochs_uefi $bochs_items"
fi
if "$bochs" -help 2>&1 | grep -q -e -dbglog; then
	items="$bochs_items $items"
else
	skip "cases are graded without serial ports" "this Bochs has no debugger to look at its memory"
fi
for item in $items; do
	echo "$item"
done | in_parallel
finish
