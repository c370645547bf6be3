# Values in words: the guest's description as `print *guest' shows it, and $words().

import gdb
import gdb.printing

from . import machine

# Members of struct guest that hold what a field of the VMCS will hold.
FIELDS = {
    "cr0": "GUEST_CR0",
    "cr4": "GUEST_CR4",
    "cr4_optional": "GUEST_CR4",
    "rflags": "GUEST_RFLAGS",
    "injected_event": "VM_ENTRY_INTERRUPTION_INFORMATION",
    "dr7": "GUEST_DR7",
    "debugctl": "GUEST_IA32_DEBUGCTL",
    "pat": "GUEST_IA32_PAT",
    "efer": "GUEST_IA32_EFER",
    "s_cet": "GUEST_IA32_S_CET",
}
SCALARS = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_BOOL)


# A member as gdb is to show it: a text, or the value as it is.
def in_words(name, value):
    kind = value.type.strip_typedefs()
    if kind.code in SCALARS:
        number = int(value)
        if name in FIELDS and number:
            return "0x%x (%s)" % (number, machine.words(FIELDS[name], number))
        return "0x%x" % number
    if kind.code == gdb.TYPE_CODE_ARRAY and kind.target().strip_typedefs().code in SCALARS:
        first, last = kind.range()
        return "{%s}" % ", ".join("0x%x" % int(value[i]) for i in range(first, last + 1))
    return value


# struct guest: numbers in hexadecimal, with words where they have parts.
class GuestPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "the requested guest"

    def children(self):
        for member in self.value.type.fields():
            yield member.name, in_words(member.name, self.value[member.name])


# struct segment_wish.
class SegmentPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        text = "selector 0x%04x, descriptor 0x%016x" % (
            int(self.value["selector"]), int(self.value["descriptor"]))
        upper = int(self.value["base_63_32"])
        return text + ", base bits 63:32 0x%x" % upper if upper else text


class Words(gdb.Function):
    """$words("FIELD", VALUE): what that value means in that field of the VMCS, in the SDM's words.

print $words("GUEST_CS_ACCESS_RIGHTS", 0xa09b)
print $words("GUEST_INTERRUPTIBILITY_STATE", 3)"""

    def __init__(self):
        super().__init__("words")

    def invoke(self, name, value):
        return machine.words(name.string(), int(value) & (1 << 64) - 1)


def define():
    Words()
    printers = gdb.printing.RegexpCollectionPrettyPrinter("reason33")
    printers.add_printer("guest", "^guest$", GuestPrinter)
    printers.add_printer("segment_wish", "^segment_wish$", SegmentPrinter)
    gdb.printing.register_pretty_printer(None, printers, replace=True)
