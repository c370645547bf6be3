# Writes x86 assembly for 16-, 32- and 64-bit code: instructions at which guests leave and others that access
# memory, and what each of them means.
#
# Section .text gets the instructions, one after the other; section .records gets one record per instruction
# (struct record in guest_instruction_test.c).  The assembler says how an instruction is encoded, this list says
# what was meant, and the decoder must find its way from the one to the other.
#
#   awk -f guest_instruction_forms.awk </dev/null >guest_instruction_forms.S

# One instruction and its record.  Global: code, address_bytes, base, index_, scale, segment, relative, offset.
function form(name, text, reg, is_memory, rm) {
	printf ".text\n1: %s\n2: .section .records\n", text
	printf ".ascii \"%s\"\n.skip %d\n", name, 16 - length(name)
	printf ".byte 2b - 1b, %d, %d, %d, %d, ", code, reg, is_memory, rm
	if (is_memory)
		printf "%d, %d, %d, %d, %d, %d\n", base, index_, scale, segment, address_bytes, relative
	else
		printf "%d, %d, 1, 255, 0, 0\n", NONE, NONE
	printf ".skip 5\n.quad %s\n", is_memory ? offset : 0
}

# Instructions that access the memory operand written as "operand", in turn: all of them are too many for each.
function memory_forms(operand,    reg, list, i, pair, text) {
	reg = ++rotating % (code == 64 ? 16 : 8)
	for (i = 1; i <= memory_count; i++) {
		if ((i + rotating) % 4 != 0)
			continue
		split(memory_list[i], pair, "=")
		text = pair[2]
		gsub(/~/, " ", text)
		gsub(/MEM/, operand, text)
		gsub(/REG/, "%" (code == 64 ? name64[reg] : name32[reg]), text)
		form(pair[1], text, pair[3] == "reg" ? reg : pair[3], 1, 0)
	}
}

function make_memory_list(    list) {
	list = "VMREAD=vmread~REG,MEM=reg VMWRITE=vmwrite~MEM,REG=reg VMCLEAR=vmclear~MEM=6 VMPTRLD=vmptrld~MEM=6 " \
		"VMPTRST=vmptrst~MEM=7 VMXON=vmxon~MEM=6 INVEPT=invept~MEM,REG=reg INVVPID=invvpid~MEM,REG=reg " \
		"INVPCID=invpcid~MEM,REG=reg INVLPG=invlpg~MEM=7 SGDT=sgdt~MEM=0 SIDT=sidt~MEM=1 LGDT=lgdt~MEM=2 " \
		"LIDT=lidt~MEM=3 LLDT=lldt~MEM=2 LTR=ltr~MEM=3 SLDT=sldt~MEM=0 STR=str~MEM=1 LMSW=lmsw~MEM=6 " \
		"SMSW=smsw~MEM=4 MOV_TO_SS=mov~MEM,%ss=2 UD=ud0~MEM,REG=reg UD=ud1~MEM,REG=reg " \
		"OTHER=mov~REG,MEM=reg OTHER=mov~MEM,REG=reg OTHER=movb~$0x12,MEM=0 OTHER=movw~$0x1234,MEM=0 " \
		"OTHER=movl~$0x12345678,MEM=0 OTHER=addl~$1,MEM=0 OTHER=addl~$0x1000,MEM=0 OTHER=testb~$1,MEM=0 " \
		"OTHER=testl~$1,MEM=0 OTHER=notl~MEM=2 OTHER=incl~MEM=0 OTHER=imul~$0x1000,MEM,REG=reg " \
		"OTHER=shrl~$3,MEM=5 OTHER=shld~$3,REG,MEM=reg OTHER=btsl~$3,MEM=5 OTHER=cmpxchg8b~MEM=1 " \
		"OTHER=movups~MEM,%xmm3=3 OTHER=pshufd~$1,MEM,%xmm2=2 OTHER=pshufb~MEM,%xmm1=1 " \
		"OTHER=palignr~$1,MEM,%xmm7=7 OTHER=vpaddd~MEM,%xmm1,%xmm2=2 OTHER=vpalignr~$1,MEM,%xmm1,%xmm5=5 " \
		"OTHER=andn~MEM,REG,REG=reg OTHER=fldt~MEM=5 OTHER=mov~%ds,MEM=3"
	memory_count = split(list, memory_list, " ")
}

# The text of base + index * scale + offset, with a segment prefix in turn; sets segment to what is in force.
function address(text, b, i, s,    names, prefix, operand) {
	prefix = ++prefixes % 7
	segment = prefix < 6 && (code != 64 || prefix >= 4) ? prefix : b == 4 || b == 5 ? 2 : 3
	operand = (prefix < 6 ? "%" segment_name[prefix] ":" : "") text "("
	if (b != NONE)
		operand = operand "%" register(b)
	if (i != NONE)
		operand = operand ",%" register(i) (address_bytes == 2 ? "" : "," s)
	else if (b == NONE)
		return substr(operand, 1, length(operand) - 1)
	return operand ")"
}

function register(number) {
	return address_bytes == 8 ? name64[number] : address_bytes == 4 ? name32[number] : name16[number]
}

# Every base, index and scale of 32- and 64-bit addressing.
function all_addresses(text,    registers, b, i, s) {
	registers = code == 64 ? 16 : 8
	offset = text == "" ? 0 : text
	for (b = 0; b <= registers; b++)
		for (i = 0; i <= registers; i++)
			for (s = 1; s <= 8; s *= 2) {
				base = b < registers ? b : NONE
				index_ = i < registers ? i : NONE
				scale = s
				# RSP is no index; the assembler writes addresses alone as it likes.
				if (i == 4 || (index_ == NONE && s > 1) || (base == NONE && index_ == NONE && (text == "" || text ~ "^-" || address_bytes != code / 8)))
					continue
				memory_forms(address(text, base, index_, s))
			}
}

function all_addresses_16(text,    i, pair, list) {
	split("3,6 3,7 5,6 5,7 6," NONE " 7," NONE " 5," NONE " 3," NONE, list, " ")
	scale = 1
	offset = text == "" ? 0 : text
	for (i = 1; i <= 8; i++) {
		split(list[i], pair, ",")
		base = pair[1] + 0; index_ = pair[2] + 0
		for (turn = 0; turn < 30; turn++)
			memory_forms(address(text, base, index_, 1))
	}
	base = index_ = NONE
	for (turn = 0; turn < 30 && code == 16 && text ~ "^0x"; turn++)
		memory_forms(address(text, NONE, NONE, 1))
}

function relative_addresses() {
	base = index_ = NONE; scale = 1; relative = 1
	for (offset = -70000; offset < 123456789; offset = offset > 0 ? offset * 3 : offset + 7001) {
		segment = 3
		memory_forms(offset "(%" (address_bytes == 8 ? "rip" : "eip") ")")
	}
	relative = 0
}

function register_forms(    r, other, registers, name) {
	registers = code == 64 ? 16 : 8
	for (r = 0; r < registers; r++) {
		name = "%" (code == 64 ? name64[r] : name32[r])
		for (other = 0; other < registers; other++) {
			form("VMREAD", "vmread %" (code == 64 ? name64[other] : name32[other]) ", " name, other, 0, r)
			form("VMWRITE", "vmwrite " name ", %" (code == 64 ? name64[other] : name32[other]), other, 0, r)
			if (other < 5 && other != 1 || other == 8) {
				form("MOV_FROM_CR", "mov %cr" other ", " name, other, 0, r)
				form("MOV_TO_CR", "mov " name ", %cr" other, other, 0, r)
			}
			if (other < 8) {
				form("MOV_FROM_DR", "mov %db" other ", " name, other, 0, r)
				form("MOV_TO_DR", "mov " name ", %db" other, other, 0, r)
			}
		}
		form("LLDT", "lldt %" name16[r], 2, 0, r)
		form("LTR", "ltr %" name16[r], 3, 0, r)
		form("SLDT", "sldt " name, 0, 0, r)
		form("STR", "str " name, 1, 0, r)
		form("LMSW", "lmsw %" name16[r], 6, 0, r)
		form("SMSW", "smsw " name, 4, 0, r)
		form("MOV_TO_SS", "mov " name ", %ss", 2, 0, r)
		form("RDRAND", "rdrand " name, 6, 0, r)
		form("RDSEED", "rdseed " name, 7, 0, r)
	}
}

# Those without operands, or with operands that are no ModRM byte's.  "=reg.rm": the ModRM byte is opcode.
function plain_forms(    n, i, list, pair) {
	list = "CPUID=cpuid HLT=hlt RDTSC=rdtsc RDPMC=rdpmc RDMSR=rdmsr WRMSR=wrmsr CLTS=clts INVD=invd " \
		"WBINVD=wbinvd WBINVD=wbnoinvd GETSEC=getsec RSM=rsm SYSENTER=sysenter SYSCALL=syscall UD=ud2 " \
		"VMCALL=vmcall=0.1 VMLAUNCH=vmlaunch=0.2 VMRESUME=vmresume=0.3 VMXOFF=vmxoff=0.4 VMFUNC=vmfunc=2.4 " \
		"MONITOR=monitor=1.0 MWAIT=mwait=1.1 XGETBV=xgetbv=2.0 XSETBV=xsetbv=2.1 RDTSCP=rdtscp=7.1 " \
		"VMMCALL=vmmcall=3.1 SVM=vmrun=3.0 SVM=vmload=3.2 SVM=vmsave=3.3 SVM=stgi=3.4 SVM=clgi=3.5 " \
		"SVM=skinit=3.6 SVM=invlpga=3.7 " \
		"IN=inb~$0x80,%al IN=inw~$1,%ax IN=inl~$1,%eax IN=inb~%dx,%al IN=inw~%dx,%ax IN=inl~%dx,%eax " \
		"OUT=outb~%al,$0x80 OUT=outw~%ax,$1 OUT=outl~%eax,$1 OUT=outb~%al,%dx OUT=outw~%ax,%dx " \
		"OUT=outl~%eax,%dx INS=insb INS=insw INS=insl INS=rep~insb INS=rep~insl OUTS=outsb OUTS=outsw " \
		"OUTS=outsl OUTS=rep~outsl INT_N=int~$0x80 INT_N=int~$4 INT3=int3 INT1=int1 IRET=iretw IRET=iretl " \
		"PUSHF=pushfw POPF=popfw PUSHF=pushf POPF=popf PAUSE=pause STI=sti CLI=cli OTHER=nop OTHER=rep~movsb " \
		"OTHER=movsl OTHER=stosb OTHER=lodsw OTHER=cld OTHER=rdpkru=5.6 OTHER=vzeroupper OTHER=emms OTHER=wait " \
		"OTHER=ret OTHER=ret~$8 OTHER=lretl OTHER=lretw~$4 OTHER=enter~$16,$1 OTHER=leave OTHER=push~$1 " \
		"OTHER=push~$0x1000 OTHER=jmp~.+4 OTHER=jmp~.+4000 OTHER=je~.+4 OTHER=je~.+4000 OTHER=call~.+5 " \
		"OTHER=loop~.+4 OTHER=mov~$0x12,%al OTHER=mov~$0x1234,%cx OTHER=mov~$0x12345678,%edx " \
		"OTHER=add~$0x12,%al OTHER=add~$0x1234,%ax OTHER=add~$0x12345678,%eax OTHER=test~$0x12345678,%eax "
	if (code == 64)
		list = list "IRET=iretq SYSCALL=rex.w~syscall OTHER=movabs~$0x123456789abcdef0,%r9 OTHER=push~%r12 " \
			"OTHER=add~$0x12345678,%rax OTHER=sysretq OTHER=swapgs=7.0 OTHER=stosq OTHER=cdqe"
	else
		list = list "INTO=into POP_SS=pop~%ss OTHER=push~%ss OTHER=pop~%ds OTHER=pusha OTHER=popa OTHER=aam " \
			"OTHER=daa OTHER=inc~%ax OTHER=dec~%esi OTHER=ljmp~$8,$0x1234 OTHER=lcall~$8,$0x1234"
	n = split(list, forms, " ")
	for (i = 1; i <= n; i++) {
		delete pair
		split(forms[i], pair, "=")
		gsub(/~/, " ", pair[2])
		form(pair[1], pair[2], substr(pair[3], 1, 1) + 0, 0, substr(pair[3], 3, 1) + 0)
	}
}

# MOV to and from an address in the instruction.
function memory_offsets(text,    mnemonic) {
	mnemonic = code == 64 ? "movabs" : "mov"
	base = index_ = NONE; scale = 1; segment = 3; offset = text
	form("OTHER", mnemonic " " text ", %al", 0, 1, 0)
	form("OTHER", mnemonic " %eax, " text, 0, 1, 0)
	segment = 5
	form("OTHER", mnemonic " %gs:" text ", %ax", 0, 1, 0)
}

BEGIN {
	NONE = 16
	split("eax ecx edx ebx esp ebp esi edi r8d r9d r10d r11d r12d r13d r14d r15d", list, " ")
	for (r = 0; r < 16; r++) {
		name32[r] = list[r + 1]
		name64[r] = r < 8 ? "r" substr(list[r + 1], 2) : "r" r
		name16[r] = r < 8 ? substr(list[r + 1], 2) : "r" r "w"
	}
	split("es cs ss ds fs gs", list, " ")
	for (r = 0; r < 6; r++)
		segment_name[r] = list[r + 1]
	make_memory_list()

	for (code = 16; code <= 64; code *= 2) {
		print ".text\n.code" code
		address_bytes = code / 8
		plain_forms()
		register_forms()
		memory_offsets(code == 16 ? "0x1234" : code == 32 ? "0x12345678" : "0x123456789abcdef0")
		for (address_bytes = code == 64 ? 4 : 2; address_bytes <= (code == 64 ? 8 : 4); address_bytes *= 2) {
			split(",0x12,-0x80," (address_bytes == 2 ? "0x1234" : "0x12345678"), texts, ",")
			for (t = 1; t <= 4; t++)
				if (address_bytes == 2)
					all_addresses_16(texts[t])
				else
					all_addresses(texts[t])
			if (code == 64)
				relative_addresses()
		}
	}
}
