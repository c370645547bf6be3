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


attached = clock()
steps_per_s = STEPS / timed("stepi %d" % STEPS)

# The line that calls grade_case(), which is a whole case: stepped over, and run to a breakpoint after
# it.  Each round is another case.
gdb.execute("tbreak grade_case", to_string=True)
gdb.execute("continue", to_string=True)
place = gdb.newest_frame().older().find_sal()
behind = min(entry.line for entry in place.symtab.linetable() if entry.line > place.line)
gdb.Breakpoint("%s:%d" % (place.symtab.filename, place.line))
stepped, run = [], []
for _ in range(ROUNDS):
    gdb.execute("continue", to_string=True)
    stepped.append(timed("next"))
    gdb.execute("continue", to_string=True)
    gdb.Breakpoint("%s:%d" % (place.symtab.filename, behind), temporary=True)
    run.append(timed("continue"))
gdb.execute("kill", to_string=True)
print("r33-bench attached_s", attached)
print("r33-bench steps_per_s", steps_per_s)
print("r33-bench next_by_run", middle(stepped) / middle(run))
