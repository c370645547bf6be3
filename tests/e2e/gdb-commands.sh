#!/bin/sh
# gdb's commands for this project (tools/gdb/): what they print of a VMCS, and where they stop.
. "${0%/*}/gdb-lib.sh"

session vmcs --lab 1 --submission solutions --case enter-64-bit <<-'E'
	vmcs segments
	vmcs GUEST_CS_ACCESS_RIGHTS
	vmcs TR
	vmcs diff
	tbreak can_be_entered
	continue
	print *guest
	finish
	print $words("GUEST_INTERRUPTIBILITY_STATE", 3)
	next
	next
	next
	next
	vmcs diff
	help r33
	vmcs nonsense
E
says "vmcs segments is a table of the eight registers" \
	'^ +selector +base +limit +access rights' '^ES ' \
	'^CS +0x0008 +0x0{16} 0xffffffff 0x0a09b  type 11 \(code, readable, accessed\), S = 1, DPL 0, P, L, G$' \
	'^TR '
says "vmcs NAME decodes a field, vmcs REGISTER all of a register" \
	'^GUEST_CS_ACCESS_RIGHTS +0xa09b +type 11 .*, L, G$' '^GUEST_TR_SELECTOR +0x20 ' \
	'^GUEST_TR_LIMIT +0x88$' '^GUEST_TR_ACCESS_RIGHTS +0x8b +type 11 \(TSS, busy\)' '^GUEST_TR_BASE '
says "vmcs diff says what the student's function has changed, nothing at its first line" \
	'^Nothing has changed since your function began' \
	'^GUEST_CR0 +0x0 -> 0x80000021  PE, NE, PG$' '^GUEST_CR3 +0x0 -> 0x1003000$'
says "the description of the guest is printed in words" \
	'cr0 = 0x80000001 \(PE, PG\),' 'cr4 = 0x20 \(PAE\),' 'selector 0x0018, descriptor 0x00cf93000000ffff' \
	'efer = 0x500 \(LME, LMA\)' '= "blocking by STI, blocking by MOV SS"'
says "help r33 lists the commands" '^vmcheck ' '^break-fail '
says "a name that no field has is an error that names the groups" \
	"no field's name contains nonsense; the groups are control-registers"

session stops --lab 1 --submission solutions --case enter-64-bit <<-'E'
	guest
	break-entry
	break-exit
	break-entry
	continue
	guest
	stepi
	guest
	continue
	guest
	vmcs EXIT_REASON
E
says "break-entry stops before the entry, stepi goes into the guest, break-exit stops behind it" \
	'^In the host .*64-bit code at CPL 3' '^It is already set' '^VM entry: ' "$entry\$" \
	'^In the host .*64-bit code at CPL 0' '_start \(\) at tests/guests/observe64.S' \
	'^In the guest .*64-bit code at CPL 0' '^The test guest is .*/observe64.elf' \
	'^VM exit: reason 18, ' "$exit_point" '^In the host' '^EXIT_REASON +0x12'

session real-mode --lab 1 --submission solutions --case enter-real <<-'E'
	break-entry
	continue
	stepi
	guest
	x/3i $pc
	disassemble $pc,+6
E
says "code of a 16-bit guest is disassembled as 16-bit code" \
	'^In the guest .*16-bit code' '=> 0x10000 <_start>:.*mov.*%ax' '0x10003 <_start\+3>:.*%ds' \
	'0x10005 <_start\+5>:' '^Dump of assembler code' '0x0*10003 <.*%ds'

session protected-mode --lab 1 --submission solutions --case enter-32-bit <<-'E'
	break-entry
	continue
	stepi
	guest
	x/2i $pc
	stepi
	print $pc
E
says "code of a 32-bit guest is disassembled as 32-bit code, and stepped" \
	'^In the guest .*32-bit code' '=> 0x1010000 <_start>:.*mov.*%cr0, ?%eax' \
	'0x1010003 <_start\+3>:.*mov.*%eax' '0x1010003 <_start\+3>'

# Whatever engine it is: VMREAD by the kernel itself, after the exit of a guest.
for model in tigerlake core2_penryn_t9600; do
	session "vmread-$model" --lab 1 --submission solutions --case enter-64-bit --cpu "$model" <<-E
		tbreak $exit_point
		continue
		$to_stack
		python
		import r33gdb.machine
		different = []
		fields = r33gdb.machine.current_vmcs()
		for name, (value, words) in fields.items():
		    if name == "CURRENT_VMCS":
		        continue
		    read = int(gdb.parse_and_eval("(unsigned long)vmcs_read((unsigned)%s)" % name))
		    if read != value:
		        different.append("%s: %#x, VMREAD %#x" % (name, value, read))
		print("%d fields, reason %d" % (len(fields), fields["EXIT_REASON"][0]))
		print("different: %s" % (different or "none"))
		end
	E
	says "vmcs shows what VMREAD reads, on $model" '^(9[0-9]|1[0-9]+) fields, reason (1|18)$' '^different: none$'
done

# The first case of a solution that forgets CR0.NE fails to enter.
mkdir -p "$work/forgets-ne"
cp solutions/1-control-registers/control_registers.c "$work/forgets-ne/"
patch -s -d "$work/forgets-ne" -p 1 <tests/wrong/1-control-registers/forgets-ne.patch
session failure --lab 1 --submission "$work/forgets-ne" --case enter-64-bit <<-'E'
	break-fail
	continue
	vmcheck
	continue
E
says "break-fail stops at the failed entry, and vmcheck names the rule that forgets NE" \
	'^VM entry failed: exit reason 33 \(invalid guest state\), qualification 0' "$exit_point" \
	'^invalid guest state: 1 rule violated: CR0-FIXED0' 'at fault +NE \(bit 5\)' 'case enter-64-bit: '

session success --lab 1 --submission solutions --case enter-64-bit <<-'E'
	break-fail
	continue
E
check "break-fail does not stop where no entry fails" says_nothing_of 'VM entry failed'
says "and the run goes on to its end" 'exited normally'

# Lab 8 asks for the name.
session diagnosis --lab 8 --submission solutions --case idles <<-'E'
	vmcheck
	next
	vmcheck
	continue
E
says "vmcheck does not name the rule that lab 8 asks for, and says when it is broken no more" \
	'^invalid guest state: 1 rule violated$' '^no violated rule found' 'case idles: passed'
check "neither the rule nor the field is told" says_nothing_of '^(ACT-STI|  field)'

session breaking --lab 8 --submission solutions --case break-idtr-limit-hi <<-'E'
	next
	vmcheck
E
says "it names the rule that the student broke" '^invalid guest state: 1 rule violated: IDTR-LIMIT-HI'
finish
