#!/bin/sh
# gdb on an engine: stops in the lab, steps through its traps, into the guest and back out.  Each session
# is a script that gdb reads.
. "${0%/*}/gdb-lib.sh"

solution=solutions/1-control-registers/control_registers.c
first=$(line_of "$solution" 'uint64_t cr0 = guest->cr0')
writes=$(line_of "$solution" '!vmwrite(GUEST_CR0')
# Where the processor leaves the guest its registers are still there; the kernel has put them aside.
# shellcheck disable=SC2016 # gdb expands it
case $TEST_ENGINE in
bochs) last_rax='$rax' ;;
qemu) last_rax='registers->general[0]' ;;
esac

session first-line --lab 1 --submission solutions --case enter-64-bit <<-'E'
	info registers cs
	info registers vmx
	bt
	monitor vmcs
	break vmwrite
	continue
	delete
	next
	echo ----\n
	monitor vmcs
E
is "a session in batch mode ends with 0" "$status" 0
says "gdb stops at the student's first line, at CPL 3, in VMX root operation" \
	"^set_control_registers .* at labs/1-control-registers/control_registers.c:$first" \
	'^cs .*0x23 ' '^vmx .*root' '^#1 .* lab_dispatch'
says "the field is 0 before the VMWRITE is stepped over, and written behind it" \
	'^GUEST_CR0 = 0x0000000000000000' 'vmwrite \(field=26624' '^GUEST_CR0 = 0x0000000080000021 .*PG'
check "stepping over a VMWRITE stays in the lab" says_nothing_of 'trap_|front_end'

session trap --lab 1 --submission solutions --case enter-64-bit <<-'E'
	break perform_vmwrite
	continue
	bt
E
says "a backtrace in the kernel leads through the trap to the student's line" \
	'^#0 +perform_vmwrite' '^#[34] +<signal handler called>' '^#5 .*vmwrite .*field=26624' \
	"^#6 .* set_control_registers .*control_registers.c:$writes" '^#7 .*lab_dispatch'

session context --lab 7 --submission solutions --case launch <<-'E'
	set $launch = 0
	while $launch == 0
	  next
	  if *(unsigned char *)$pc == 0x0f && *(unsigned short *)($pc + 1) == 0xc201
	    set $launch = 1
	  end
	end
	info registers cs
	next
	info registers vmx
	info symbol $pc
	continue
E
says "next over the student's own VMLAUNCH goes through trap, guest and exit to HOST_RIP" \
	'^cs .*0x23' '^vmx .*root' '^vm_exit in .*lab7.elf' '^r33: case launch: passed'

session entry --lab 1 --submission solutions --case enter-64-bit <<-E
	tbreak $enters
	continue
	set \$launch = 0
	while \$launch == 0
	  stepi
	  if *(unsigned char *)\$pc == 0x0f && *(unsigned short *)(\$pc + 1) == $opcode
	    set \$launch = \$pc
	  end
	end
	info registers vmx
	stepi
	echo guest\n
	info registers rip rsp vmx cr0 cs code_bits
	stepi
	tbreak $exit_point
	continue
	print/x $last_rax
	info registers vmx
	tbreak $returned
	continue
	bt 1
	print/x (unsigned long)vmcs_read(0x681e)
	continue
E
says "stepi goes through VMLAUNCH to the guest's first instruction, with the guest's registers" \
	'^vmx .*root' '^_start \(\) at tests/guests/observe64.S:8' '^guest' \
	'^rip .*0x1010000 .*<_start>' '^rsp .*0x1038000 ' '^vmx .*guest' '^cr0 .*PG' '^cs .*0x8 ' \
	'^code_bits .*64'
says "and the next one through the guest's instructions" '^9.*mov %rax, REPORT_ADDRESS'
says "a breakpoint at the exit stops in the host again, with the guest's last RAX" \
	"$exit_point \\(" '^\$[0-9]+ = 0x600d' '^vmx .*root'
says "the kernel goes on to its end, and the case has passed" \
	"^#0 .*$returned" '^r33: case enter-64-bit: passed' 'exited normally'
says "... also behind a function of the kernel that gdb has called: VMREAD of the guest's RIP" \
	'^\$[0-9]+ = 0x10100[0-9a-f]+$' 'exited normally'

if [ "$TEST_ENGINE" = qemu ]; then
	session vmrun --lab 1 --submission solutions --case enter-64-bit <<-'E'
		tbreak svm_vmrun
		continue
		bt
	E
	says "a backtrace at VMRUN leads through the kernel" '^#0 +svm_vmrun' '^#1 .* run_with_interrupts ' \
		'^#[0-9]+ .* kernel_main ' '^#[0-9]+ .* entry64 '
	check "and ends where the kernel begins" says_nothing_of ' in \?\? '
fi

session guest --lab 1 --submission solutions --case enter-real <<-'E'
	break _start
	continue
	info registers rip cs cs_base code_bits
	monitor guest
	monitor disassemble 0x10000 2
	monitor disassemble 0x10000 1 intel
	stepi
	stepi
	info registers ds
	watch *(unsigned *)0x1000
	continue
E
says "a breakpoint in the guest by symbol, here in real mode: the PC is linear, the code 16 bits wide" \
	'^Breakpoint 1, _start \(\) at tests/guests/observe16.S' '^rip .*0x10000 ' '^cs .*0x1000 ' \
	'^cs_base .*0x10000 ' '^code_bits .*0x10 ' '^vmx guest' '^bits 16' '^case enter-real' \
	'^image .*/guests/observe16.elf'
# shellcheck disable=SC2016 # no shell expands this
says "it is disassembled as 16-bit code, in either syntax" \
	'^0x0000000000010000 movw? \$0x3f00, ?%ax ' '^0x0000000000010000 mov ax, ?0x3f00 '
says "a watchpoint in the guest stops it" '^ds .*0x3f00 ' '^Hardware watchpoint 2' '^New value'

session unmapped --lab 1 --submission solutions --case enter-64-bit <<-'E'
	x/x 0x90000000
E
says "memory that is not mapped is an error, not zeros" 'Cannot access memory at address 0x90000000'
session registers --lab 1 --submission solutions --case enter-64-bit <<-'E'
	set $rax = 0xfedcba9876543210
	print/x $rax
	set var *(unsigned *)0x7feff000 = 0xfeedface
	print/x *(unsigned *)0x7feff000
	print/x *(unsigned char *)0x7feff001
	set $eflags = $eflags ^ 0x401
	info registers eflags
	set $cr3 = 0
E
says "registers, memory and flags can be written" '= 0xfedcba9876543210' '= 0xfeedface' '= 0xfa' \
	'^eflags .*CF.*DF'
says "what cannot be written is refused" 'Could not write register "cr3"'

# In the kernel gdb says so itself; of files that were added it thinks they may come later.
# Outside of 64-bit code Bochs knows the registers by their names of 32 bits only.
session registers-16 --lab 1 --submission solutions --case enter-real <<-'E'
	tbreak _start
	continue
	set $rax = 0x12345678
	print/x $rax
	set $rsp = 0x1000
	print/x $rsp
	set $rip = $rip + 3
	print/x $rip
	stepi
	info registers rip rax
	python
	for register, value in ("r8", "1"), ("rax", "0x100000000"), ("ds", "0x10"), ("cr3", "0"):
	    try:
	        gdb.execute("set $%s = %s" % (register, value))
	    except gdb.error as error:
	        print(str(error).split(";")[0])
	end
	info registers eflags ds
E
says "in 16-bit code, too" '= 0x12345678$' '= 0x1000$' '= 0x10003$' '^rip .*0x10005 ' '^rax .*0x12345678 '
says "and what it cannot be told is refused: it would have no effect, or another" \
	'Could not write register "r8"' 'Could not write register "rax"' \
	'Could not write register "ds"' 'Could not write register "cr3"' '^eflags .*IF ' '^ds +0x5678 '
# Bochs does not change IF, QEMU does.
session interrupt-flag --lab 1 --submission solutions --case enter-64-bit <<-'E'
	info registers eflags
	set $eflags = $eflags ^ 0x200
	print $eflags & 0x200
E
case $TEST_ENGINE in
bochs) says "IF cannot be written" '^eflags .* IF ' 'Could not write register "eflags"' ;;
qemu) says "IF can be written, too" '^eflags .* IF ' '^.[0-9]+ = 0$' ;;
esac
session many --lab 1 --submission solutions --case enter-64-bit <<-'E'
	python
	for offset in range(1, 21):
	    gdb.execute("break *($pc + %d)" % offset)
	end
	continue
E
case $TEST_ENGINE in
bochs)
	says "gdb's user is told when Bochs has no room for a breakpoint" \
		'^r33: Bochs has room for 13 breakpoints' '^Breakpoint'
	;;
qemu) says "QEMU has room for twenty breakpoints" '^Breakpoint 20 at' '^Breakpoint [0-9]+, ' ;;
esac

loop_in_lab1 "$work/loops"
session loop --lab 1 --submission "$work/loops" --case enter-64-bit <<-E
	python
	import os, signal, threading
	threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
	end
	continue
	info registers vmx
	list $first,$((first + 2))
E
says "Ctrl-C stops an endless loop, which no limit ends" 'SIGINT, Interrupt' \
	'^set_control_registers .*control_registers.c:[0-9]' '^vmx .*root'
says "gdb shows the source that was compiled, not the one of this tree" '^[0-9]+[[:space:]].*const volatile uint64_t'

session ticks --lab 1 --submission "$work/loops" --case enter-64-bit <<-'E'
	python
	outside = 0
	for _ in range(12000):
	    gdb.execute("stepi", to_string=True)
	    outside += int(gdb.parse_and_eval("$pc")) < 0x40000000
	print("outside", outside)
	end
E
says "stepping a loop for more than a tick of the timer never shows the timer's interrupt" '^outside 0$'

session reference --lab 1 --submission solutions <<-'E'
	info symbol 0x40000000
	info symbol 0x40200000
	break set_entry_point
	continue
	info symbol $pc
	info registers cs
	finish
E
says "the reference, elsewhere in memory, has breakpoints of its own" \
	'^[a-z_0-9]+ in .*lab1.elf' '^[a-z_0-9]+ in .*reference.elf' \
	'^Breakpoint 1, .*set_entry_point' '^set_entry_point .*reference.elf' '^cs .*0x23'

session no-case --lab 1 --submission solutions --case no-such-case </dev/null
is "a case that is not there is wrong usage" "$status" 2
says "... and named" "^r33: lab 1 has no case 'no-such-case'"
session skipped --lab 3 --submission solutions --case real-mode --cpu "$without_ept" </dev/null
says "a case that the processor cannot pose is said to be skipped" 'is skipped on this processor: .*unrestricted'
session no-lab --submission solutions </dev/null
is "without a lab gdb is wrong usage" "$status" 2

finish
