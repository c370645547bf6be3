# vmcs and vmcheck: the guest-state area of the current VMCS.

import gdb

from . import machine

SEGMENTS = ("ES", "CS", "SS", "DS", "FS", "GS", "LDTR", "TR")

# The labs' parts of the guest-state area; segments has a table of its own.
GROUPS = {
    "control-registers": ("GUEST_CR0", "GUEST_CR3", "GUEST_CR4"),
    "entry-point": ("GUEST_RIP", "GUEST_RSP", "GUEST_RFLAGS"),
    "segments": (),
    "tables": (
        "GUEST_GDTR_BASE", "GUEST_GDTR_LIMIT", "GUEST_IDTR_BASE", "GUEST_IDTR_LIMIT", "GUEST_DR7",
        "GUEST_IA32_DEBUGCTL", "GUEST_IA32_SYSENTER_CS", "GUEST_IA32_SYSENTER_ESP",
        "GUEST_IA32_SYSENTER_EIP", "GUEST_IA32_PAT", "GUEST_IA32_EFER",
        "GUEST_IA32_PERF_GLOBAL_CTRL", "GUEST_IA32_S_CET", "GUEST_SSP",
        "GUEST_IA32_INTERRUPT_SSP_TABLE_ADDR"),
    "state": (
        "GUEST_ACTIVITY_STATE", "GUEST_INTERRUPTIBILITY_STATE", "GUEST_PENDING_DEBUG_EXCEPTIONS"),
    "links": (
        "VMCS_LINK_POINTER", "VMX_PREEMPTION_TIMER_VALUE", "GUEST_PDPTE0", "GUEST_PDPTE1",
        "GUEST_PDPTE2", "GUEST_PDPTE3", "GUEST_INTERRUPT_STATUS", "GUEST_PML_INDEX"),
}

# All of these: what a VM entry checks, and a VM exit saves.
GUEST_STATE = {name for names in GROUPS.values() for name in names} | {
    "GUEST_%s_%s" % (register, kind) for register in SEGMENTS
    for kind in ("SELECTOR", "BASE", "LIMIT", "ACCESS_RIGHTS")}

_before = None  # the VMCS when the student's function began


# Called at the student's first line, and whenever another case brings the machine there.
def remember_at_first_line():
    remember()
    AtCall()


def remember():
    global _before
    _before = machine.current_vmcs()


# Stops at the code that calls the student's function, and continues: each case has a VMCS of its own.
# Not in the function: a loop in it would stop there again and again.
class AtCall(gdb.Breakpoint):
    def __init__(self):
        pc = gdb.selected_frame().pc()
        # The reference has such code, too.
        places = [place.pc for place in gdb.decode_line("lab_start")[1]]
        place = min(places, key=lambda place: abs(place - pc))
        super().__init__("*0x%x" % place, gdb.BP_BREAKPOINT, internal=True)
        self.silent = True

    def stop(self):
        try:
            remember()
        except (gdb.error, gdb.GdbError):
            pass  # the machine is gone, which gdb will notice
        return False


def describe(name, value, words):
    text = "%-28s 0x%x" % (name, value)
    return "%-48s %s" % (text, words) if words else text


def show_fields(fields, names):
    for name in names:
        if name in fields:
            print(describe(name, *fields[name]))


def show_segments(fields):
    print("%-5s %-8s %-18s %-10s access rights" % ("", "selector", "base", "limit"))
    for register in SEGMENTS:
        part = {kind: fields["GUEST_%s_%s" % (register, kind)]
                for kind in ("SELECTOR", "BASE", "LIMIT", "ACCESS_RIGHTS")}
        rights, words = part["ACCESS_RIGHTS"]
        print("%-5s 0x%04x   0x%016x 0x%08x 0x%05x  %s" % (
            register, part["SELECTOR"][0], part["BASE"][0], part["LIMIT"][0], rights, words))


def show_group(fields, group):
    if group == "segments":
        show_segments(fields)
    else:
        show_fields(fields, GROUPS[group])


def show_all_groups(fields):
    for index, group in enumerate(GROUPS):
        if index:
            print()
        print(group + ":")
        show_group(fields, group)


def show_matching(fields, pattern):
    wanted = pattern.upper()
    if wanted in SEGMENTS:
        wanted = "GUEST_%s_" % wanted
    exact = [name for name in fields if name == wanted]
    names = exact or [name for name in fields if wanted in name]
    if not names:
        raise gdb.GdbError("no field's name contains %s; the groups are %s" % (
            pattern, ", ".join(GROUPS)))
    show_fields(fields, names)


def show_diff(fields):
    if _before is None:
        raise gdb.GdbError("there is nothing to compare with: `r33 begin' remembers the VMCS as it is now")
    changed = [name for name in fields
               if name in GUEST_STATE and fields[name][0] != _before[name][0]]
    if not changed:
        print("Nothing has changed since your function began.")
    for name in changed:
        value, words = fields[name]
        print("%-28s 0x%x -> 0x%x%s" % (
            name, _before[name][0], value, "  " + words if words else ""))


class Vmcs(gdb.Command):
    """Print the guest-state area of the current VMCS, each field in words.

vmcs             all groups
vmcs GROUP       control-registers, entry-point, segments, tables, state or links
vmcs NAME        the field of that name, or all whose names contain NAME
vmcs all         every field, controls and exit information too
vmcs diff        what your function has changed since its first line

In the guest the values are the processor's, where it holds them: the VMCS in memory has those of
the last VM exit."""

    def __init__(self):
        super().__init__("vmcs", gdb.COMMAND_DATA)

    def complete(self, text, word):
        names = list(GROUPS) + ["all", "diff"]
        try:
            names += list(machine.current_vmcs())
        except gdb.error:
            pass
        return [name for name in names if name.lower().startswith(word.lower())]

    def invoke(self, argument, from_tty):
        wanted = argument.strip()
        fields = machine.current_vmcs()
        if not wanted:
            show_all_groups(fields)
        elif wanted in GROUPS:
            show_group(fields, wanted)
        elif wanted == "all":
            show_fields(fields, fields)
        elif wanted == "diff":
            show_diff(fields)
        else:
            show_matching(fields, wanted)


class Vmcheck(gdb.Command):
    """Judge the guest-state area by the rules of VM entry, and print those that it violates.

Says the same as `r33 explain' about a dump.  Before VM entry it says why the entry will fail."""

    def __init__(self):
        super().__init__("vmcheck", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        print(machine.monitor("vmcheck"), end="")


def define():
    Vmcs()
    Vmcheck()
