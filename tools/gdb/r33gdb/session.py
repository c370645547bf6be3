# The prefix command r33, whose help is the list of all, and what is done when a session begins.

import gdb

from . import vmcs


class R33(gdb.Command):
    """Commands of Reason 33, the teaching kernel for VMX guest state.

vmcs             the guest-state area, each field in words
vmcs GROUP       control-registers, entry-point, segments, tables, state, links; or all
vmcs NAME        fields whose names contain NAME
vmcs diff        what your function has changed so far
vmcheck          the rules of VM entry that the guest-state area violates
guest            whether the processor is in the guest, and in which mode
break-entry      stop before each VM entry, at VMLAUNCH or VMRESUME
break-exit       stop at each VM exit, at the kernel's first instruction
break-fail       stop when a VM entry fails
print *guest     the wish, in words
print $words("GUEST_CR0", 0x31)    any value of a field, in words

`stepi' at VMLAUNCH goes to the guest's first instruction.  docs/debugging.md has a session from
start to end."""

    def __init__(self):
        super().__init__("r33", gdb.COMMAND_USER, gdb.COMPLETE_NONE, True)

    def invoke(self, argument, from_tty):
        gdb.execute("help r33")


# The machine is at the student's first line.
class Begin(gdb.Command):
    """What `r33 gdb' does when your function is reached: remember the VMCS, for `vmcs diff'."""

    def __init__(self):
        super().__init__("r33 begin", gdb.COMMAND_USER)

    def invoke(self, argument, from_tty):
        vmcs.remember_at_first_line()


def define():
    R33()
    Begin()
