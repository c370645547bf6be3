# From `nm -n`: a table of the kernel's functions for backtraces (kernel/cpu/fault.c reads it).
BEGIN {
	print "\t.section .symbols, \"a\""
	print "\t.balign 8"
}
$2 ~ /^[tT]$/ {
	print "\t.quad 0x" $1
	print "\t.quad 1f"
	print "\t.section .symbols.names, \"aMS\", @progbits, 1"
	print "1:\t.asciz \"" $3 "\""
	print "\t.section .symbols, \"a\""
}
END {
	print "\t.section .note.GNU-stack, \"\", @progbits"
}
