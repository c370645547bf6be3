# How fast gdb is, for r33 bench: lines "r33-bench NAME NUMBER".  Stopped at the student's first line.
import time

import gdb

ROUNDS = 8
STEPS = 3000


def clock():
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def timed(command):
    begin = clock()
    gdb.execute(command, to_string=True)
    return clock() - begin


def middle(samples):
    return sorted(samples)[len(samples) // 2]


print("r33-bench attached_s", clock())

# A line that calls: stepped over, and run to a breakpoint behind it.  Each round is another case.
place = gdb.newest_frame().find_sal()
lines = {entry.line for entry in place.symtab.linetable() if entry.line > place.line}
first = gdb.Breakpoint("*%#x" % gdb.newest_frame().pc())
first.silent = True
stepped, run = [], []
for _ in range(ROUNDS):
    stepped.append(timed("next"))
    gdb.execute("continue", to_string=True)
    behind = gdb.Breakpoint("%s:%d" % (place.symtab.filename, min(lines)), temporary=True)
    run.append(timed("continue"))
    gdb.execute("continue", to_string=True)
print("r33-bench next_by_run", middle(stepped) / middle(run))
print("r33-bench steps_per_s", STEPS / timed("stepi %d" % STEPS))
gdb.execute("kill", to_string=True)
