# guest, break-entry, break-exit, break-fail: the way into the guest and back.

import gdb

from . import machine

ENTRY_FAILURE = 1 << 31  # of the exit reason
REASONS = {33: "invalid guest state", 34: "MSR loading", 41: "machine-check event"}
MODES = {"64": "64-bit", "32": "32-bit", "16": "16-bit"}


class Guest(gdb.Command):
    """Say whether the processor is in the guest, in which mode, and from which file the guest comes.

Disassembly (x/i, disassemble, display/i) follows the mode: 16-bit code is shown as 16-bit code."""

    def __init__(self):
        super().__init__("guest", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        mode = machine.mode()
        code = "%s code at CPL %s" % (MODES.get(mode.get("bits"), "?"), mode.get("cpl", "?"))
        if mode.get("vmx") == "guest":
            print("In the guest (VMX non-root operation): %s." % code)
        elif mode.get("vmx") == "root":
            print("In the host (VMX root operation): %s." % code)
        else:
            print("Not in VMX operation: %s." % code)
        if "vmcs" in mode:
            launched = "launched" if mode.get("launched") == "yes" else "clear"
            print("The current VMCS is at %s, its launch state is %s." % (mode["vmcs"], launched))
        if "image" in mode:
            print("The test guest is %s." % mode["image"])


class Stop(gdb.Breakpoint):
    def __init__(self, symbol, says):
        super().__init__("*0x%x" % machine.address_of(symbol), gdb.BP_BREAKPOINT)
        self.says = says

    # Says why it stops; nothing: goes on.
    def stop(self):
        text = self.says()
        if text:
            gdb.write(text + "\n")
        return bool(text)


def at_entry():
    return "VM entry: stepi goes to the guest's first instruction."


# VMRUN: the first is the VM entry, by the others the kernel lets a guest go on.
def at_vmrun():
    return at_entry() if int(gdb.parse_and_eval("svm_shown.vmruns")) == 1 else None


def tell_exit(registers):
    fields = machine.current_vmcs()
    reason = fields["EXIT_REASON"][0]
    return "VM exit: reason %d, qualification 0x%x.  %s" % (
        reason & 0xffff, fields["EXIT_QUALIFICATION"][0], registers)


def at_exit():
    return tell_exit("The guest's registers are still there.")


def at_kernel_exit():
    return tell_exit("The guest's registers: print/x *registers.")


def at_failure():
    fields = machine.current_vmcs()
    reason = fields["EXIT_REASON"][0]
    if not reason & ENTRY_FAILURE:
        return None
    basic = reason & 0xffff
    return "VM entry failed: exit reason %d (%s), qualification %d.  vmcheck names the rule." % (
        basic, REASONS.get(basic, "?"), fields["EXIT_QUALIFICATION"][0])


def at_refusal():
    error = machine.current_vmcs()["VM_INSTRUCTION_ERROR"][0]
    return "VM entry failed: the instruction itself, VM-instruction error %d." % error


# A command that sets breakpoints, once: at some places where the processor performs VMX, at others
# where the kernel does.
class BreakCommand(gdb.Command):
    def __init__(self, name, processor, software):
        super().__init__(name, gdb.COMMAND_BREAKPOINTS)
        self.processor = processor
        self.software = software
        self.breakpoints = []

    def invoke(self, argument, from_tty):
        self.breakpoints = [one for one in self.breakpoints if one.is_valid()]
        if self.breakpoints:
            print("It is already set; `delete %d' removes it." % self.breakpoints[0].number)
            return
        by_kernel = machine.mode().get("performer") == "kernel"
        places = self.software if by_kernel else self.processor
        self.breakpoints = [Stop(symbol, says) for symbol, says in places]


class BreakEntry(BreakCommand):
    """Stop before each VM entry, the guest's general registers loaded.

That is at VMLAUNCH or VMRESUME, and on QEMU at the VMRUN that stands for it."""

    def __init__(self):
        super().__init__(
            "break-entry", (("vmx_launch", at_entry), ("vmx_resume", at_entry)),
            (("svm_vmrun", at_vmrun),))


class BreakExit(BreakCommand):
    """Stop at each VM exit, and failed VM entry: at the kernel's first instruction after it.

On QEMU it stops when the kernel has made a VM exit of what ended VMRUN."""

    def __init__(self):
        super().__init__(
            "break-exit", (("vmx_exit_point", at_exit),), (("svm_exit_point", at_kernel_exit),))


class BreakFail(BreakCommand):
    """Stop when a VM entry fails, and only then.  `vmcheck' names the rule.

A case that must be refused is entered as well, to prove that it must: it stops there, too."""

    def __init__(self):
        super().__init__(
            "break-fail", (("vmx_exit_point", at_failure), ("vmx_failed", at_refusal)),
            (("svm_exit_point", at_failure), ("svm_entry_refused", at_refusal)))


def define():
    Guest()
    BreakEntry()
    BreakExit()
    BreakFail()
