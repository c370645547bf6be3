# What the server that gdb talks to, and r33 itself, can say.

import os
import subprocess

import gdb

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
R33 = os.path.join(ROOT, "build", "r33")
DUMP_HEADER = "# reason33 dump 1\n"


# Answer of a monitor command of r33 gdb.  A server without it (QEMU's own, with KVM) is an error for
# the user, who must know which one can do it.
def monitor(command):
    try:
        answer = gdb.execute("monitor " + command, to_string=True)
    except gdb.error:
        answer = None
    if answer is None or answer.startswith("unknown command"):
        raise gdb.GdbError(
            "only r33's own server knows this: start with make gdbN, and on QEMU without KVM")
    if answer.startswith("r33: "):
        raise gdb.GdbError(answer[5:].strip())
    return answer


# The fields of a dump (docs/dump-format.md): name -> (value, words), in their order.
def parse_dump(text):
    fields = {}
    for line in text.splitlines():
        name, equals, rest = line.partition(" = ")
        if not equals or line.startswith("#"):
            continue
        value, _, words = rest.partition("  # ")
        try:
            fields[name] = (int(value, 16), words)
        except ValueError:
            continue  # CPU, TITLE: not a field
    return fields


# The current VMCS: name -> (value, words).
def current_vmcs():
    fields = parse_dump(monitor("vmcs"))
    if not fields:
        raise gdb.GdbError("there is no current VMCS yet")
    return fields


# What `monitor guest` says: vmx, performer, bits, cpl, vmcs, launched, image -> text.
def mode():
    return dict(line.split(" ", 1) for line in monitor("guest").splitlines() if " " in line)


# What is in a field with that value, in the SDM's words; "" for a plain number.
def words(name, value):
    dump = DUMP_HEADER + "%s = 0x%x\n" % (name, value)
    done = subprocess.run([R33, "decode", "-"], input=dump, capture_output=True, text=True)
    if done.returncode != 0:
        raise gdb.GdbError("there is no field " + name)
    fields = parse_dump(done.stdout)
    if name not in fields:
        raise gdb.GdbError("%s cannot be 0x%x, or there is no such field" % (name, value))
    return fields[name][1]


# Address of a symbol of the kernel, of assembly too.
def address_of(symbol):
    return int(gdb.parse_and_eval("(unsigned long)&" + symbol))
