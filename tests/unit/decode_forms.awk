# Writes x86-64 assembly: every operand the decoder can meet, and what each of them means.
#
# Section .text gets the instructions, one behind the other; section .records gets one record per
# instruction (struct record in decode_test.c), made from the names in the loops below.  So the
# assembler says how an instruction is encoded, this list says what was meant, and the decoder
# must find its way from the one to the other.
#
#   awk -f decode_forms.awk </dev/null >decode_forms.S

# One instruction and its record.  Global: base, index_, scale, segment, short_, relative, offset.
function form(name, text, reg, is_memory, rm) {
	printf ".text\n1: %s\n2: .section .records\n", text
	printf ".ascii \"%s\"\n.skip %d\n", name, 16 - length(name)
	printf ".byte 2b - 1b, %d, %d, %d, ", reg, is_memory, rm
	if (is_memory)
		printf "%d, %d, %d, %d, %d, %d\n", base, index_, scale, segment, short_, relative
	else
		printf "0, 0, 0, 0, 0, 0\n"
	printf ".skip 6\n.quad %s\n", is_memory ? offset : 0
	count++
}

# All instructions that access the memory operand written as "operand".
function memory_forms(operand) {
	rotating = (rotating + 1) % 16
	form("VMREAD", "vmread %" name64[rotating] ", " operand, rotating, 1, 0)
	form("VMWRITE", "vmwrite " operand ", %" name64[rotating], rotating, 1, 0)
	form("VMCLEAR", "vmclear " operand, 0, 1, 0)
	form("VMPTRLD", "vmptrld " operand, 0, 1, 0)
	form("VMPTRST", "vmptrst " operand, 0, 1, 0)
	form("VMXON", "vmxon " operand, 0, 1, 0)
}

# The same for the instructions that are only named.
function named_memory_forms(operand) {
	form("INVEPT", "invept " operand ", %r10", 10, 1, 0)
	form("INVVPID", "invvpid " operand ", %rbx", 3, 1, 0)
	form("INVLPG", "invlpg " operand, 0, 1, 0)
	form("LGDT", "lgdt " operand, 0, 1, 0)
	form("LIDT", "lidt " operand, 0, 1, 0)
	form("LLDT", "lldt " operand, 0, 1, 0)
	form("LTR", "ltr " operand, 0, 1, 0)
	form("LMSW", "lmsw " operand, 0, 1, 0)
	form("UD", "ud0 " operand ", %r9", 9, 1, 0)
	form("UD", "ud1 " operand ", %r9", 9, 1, 0)
}

# The text of base + index * scale + offset, with a segment prefix if any.
function address(b, i, s,    names, text) {
	text = segment_name[segment] offset "("
	if (b != NONE)
		text = text "%" (short_ ? name32[b] : name64[b])
	if (i != NONE)
		text = text ",%" (short_ ? name32[i] : name64[i]) "," s
	else if (b == NONE)
		text = text ",%" (short_ ? "eiz" : "riz") ",1"
	return text ")"
}

# Every base, index and scale with the displacement "text" ("" for none).
function all_addresses(text,    b, i, s) {
	offset = text
	for (b = 0; b <= NONE; b++)
		for (i = 0; i <= NONE; i++)
			for (s = 1; s <= 8; s *= 2) {
				if (i == 4 || (i == NONE && s > 1))
					continue # RSP is no index
				base = b; index_ = i; scale = s
				offset = text == "" ? 0 : text
				operand = address(b, i, s)
				if (text == "")
					sub(/0\(/, "(", operand)
				memory_forms(operand)
			}
}

# What the assembler writes only when asked: long displacements, SIB without index.
function unusual_encodings(    b, s) {
	segment = NONE; short_ = 0; relative = 0; index_ = NONE; scale = 1
	for (b = 0; b < NONE; b++) {
		base = b
		for (s = 1; s <= 8; s *= 2) {
			offset = 68
			memory_forms("68(%" name64[b] ",%riz," s ")")
		}
		offset = 4
		form("VMWRITE", "{disp32} vmwrite 4(%" name64[b] "), %rdx", 2, 1, 0)
		offset = 0
		form("VMREAD", "{disp8} vmread %rdx, 0(%" name64[b] ")", 2, 1, 0)
		form("VMPTRLD", "rex vmptrld (%" name64[b] ")", 0, 1, 0)
		for (s = 0; s < 4; s++) # prefixes that mean nothing
			form("VMWRITE", "vmwrite %" substr("csdsesss", 2 * s + 1, 2) ":(%" \
				name64[b] "), %r11", 11, 1, 0)
		named_memory_forms("(%" name64[b] ")")
	}
}

# RIP-relative: "offset" is the target's distance from the first instruction of the list.
function relative_addresses(    i) {
	base = NONE; index_ = NONE; scale = 1; relative = 1
	for (offset = 0; offset <= 123456789; offset = offset * 5 + 7) {
		memory_forms(segment_name[segment] "forms + " offset "(%" (short_ ? "eip" : "rip") ")")
		named_memory_forms(segment_name[segment] "forms + " offset "(%" (short_ ? "eip" : "rip") ")")
	}
	relative = 0
}

function register_forms(    r, other) {
	for (r = 0; r < NONE; r++) {
		for (other = 0; other < NONE; other++) {
			form("VMREAD", "vmread %" name64[other] ", %" name64[r], other, 0, r)
			form("VMWRITE", "vmwrite %" name64[r] ", %" name64[other], other, 0, r)
			if (other < 5 && other != 1 || other == 8) {
				form("MOV from CR", "mov %cr" other ", %" name64[r], other, 0, r)
				form("MOV to CR", "mov %" name64[r] ", %cr" other, other, 0, r)
			}
			if (other < 8) {
				form("MOV from DR", "mov %db" other ", %" name64[r], other, 0, r)
				form("MOV to DR", "mov %" name64[r] ", %db" other, other, 0, r)
			}
		}
		form("LLDT", "lldt %" name16[r], 0, 0, r)
		form("LTR", "ltr %" name16[r], 0, 0, r)
		form("LMSW", "lmsw %" name16[r], 0, 0, r)
	}
}

function plain_forms(    i, n, list, pair) {
	n = split("VMLAUNCH VMRESUME VMXOFF VMCALL RDMSR WRMSR CLTS INVD WBINVD HLT CLI STI " \
		"SYSRET=sysretq SYSRET=sysretl SYSRET=sysexitq SYSRET=sysexitl SYSENTER SYSCALL " \
		"SWAPGS XSETBV IRET=iretw IRET=iretl IRET=iretq UD=ud2 INT=int3 INT=int1 " \
		"INT=int~$0x80 INT=int~$3 " \
		"IN=inb~$0x80,%al IN=inw~$1,%ax IN=inl~$1,%eax IN=inb~%dx,%al IN=inw~%dx,%ax " \
		"IN=inl~%dx,%eax IN=insb IN=insw IN=insl IN=rep~insb IN=rep~insl " \
		"OUT=outb~%al,$0x80 OUT=outw~%ax,$1 OUT=outl~%eax,$1 OUT=outb~%al,%dx " \
		"OUT=outw~%ax,%dx OUT=outl~%eax,%dx OUT=outsb OUT=outsw OUT=outsl OUT=rep~outsl",
		list, " ")
	for (i = 1; i <= n; i++) {
		if (split(list[i], pair, "=") == 1)
			pair[2] = tolower(pair[1])
		gsub("~", " ", pair[2])
		form(pair[1], pair[2], 0, 0, 0)
	}
}

BEGIN {
	NONE = 16
	split("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15", name, " ")
	for (i = 0; i < NONE; i++) {
		name64[i] = name[i + 1]
		name32[i] = i < 8 ? "e" substr(name[i + 1], 2) : name[i + 1] "d"
		name16[i] = i < 8 ? substr(name[i + 1], 2) : name[i + 1] "w"
	}
	segment_name[4] = "%fs:"
	segment_name[5] = "%gs:"
	segment_name[NONE] = ""

	print ".allow_index_reg # RIZ, EIZ: a SIB byte without index"
	print ".text\nforms:"
	plain_forms()
	register_forms()
	unusual_encodings()
	for (short_ = 0; short_ <= 1; short_++) {
		for (segment = 4; segment <= NONE; segment += segment == 5 ? NONE - 5 : 1) {
			relative_addresses()
			all_addresses(segment == NONE ? "" : 305419896)
			all_addresses(segment == 4 ? "" : -128)
		}
		segment = NONE
		all_addresses(127)
		all_addresses(128)
		all_addresses(-2128394904)
	}
}
