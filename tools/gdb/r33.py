# The gdb commands of Reason 33; `r33 gdb` and `make gdbN` load them.  `help r33` lists them.
#
# What they know of the machine comes from the monitor commands of `r33 gdb` (tools/r33/gdb/monitor.c),
# what a field's bits mean from `r33 decode`: here is only what gdb needs in Python.

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gdb

import r33gdb.disassembler
import r33gdb.entry
import r33gdb.printers
import r33gdb.session
import r33gdb.vmcs

for setting in ("print pretty on", "print array on", "print entry-values no"):
    gdb.execute("set " + setting)
r33gdb.session.define()
r33gdb.vmcs.define()
r33gdb.entry.define()
r33gdb.printers.define()
r33gdb.disassembler.define()
