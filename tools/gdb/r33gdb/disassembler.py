# Disassembly of 16-bit and 32-bit code: gdb's own is told x86-64 by the target and takes all code for
# 64-bit code.  Bochs knows the mode of the processor, so for code near its RIP it is asked.

import gdb

from . import machine

NEAR_BYTES = 0x10000  # a 16-bit segment


# The width of the code the processor executes; 64 where it is not known.
def code_bits():
    try:
        return int(gdb.selected_frame().read_register("code_bits"))
    except (gdb.error, ValueError):
        return 64


def define():
    try:
        import gdb.disassembler
    except ImportError:
        return  # gdb before 13

    class ByMode(gdb.disassembler.Disassembler):
        def __init__(self):
            super().__init__("reason33")

        def __call__(self, info):
            if code_bits() == 64 or abs(info.address - gdb.newest_frame().pc()) > NEAR_BYTES:
                return None  # gdb's own
            try:
                text = machine.monitor("disassemble 0x%x 1" % info.address)
            except gdb.error:
                return None
            # "0x0000000001010000 mov %ax, %bx   ; 89c3"
            instruction, _, code = text.strip().rpartition(";")
            return gdb.disassembler.DisassemblerResult(
                len(code.strip()) // 2, instruction.partition(" ")[2].strip())

    gdb.disassembler.register_disassembler(ByMode())
