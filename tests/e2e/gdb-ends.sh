#!/bin/sh
# Whoever dies in a session with gdb, the others end and nothing is left; and a gdb that somebody
# else starts can connect.
. "${0%/*}/gdb-lib.sh"

loop_in_lab1 "$work/loops"

# For gdb's scripts: the process of the engine, a child of r33 as gdb is.
FIND_ENGINE=$work/engine.py
ENGINE_PROCESS=$engine_process
export FIND_ENGINE ENGINE_PROCESS
cat >"$FIND_ENGINE" <<'E'
import glob, os

def engine():
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as file:
                words = file.read().replace(")", "(").split("(")
        except OSError:
            continue
        if words[1].startswith(os.environ["ENGINE_PROCESS"]) and int(words[2].split()[1]) == os.getppid():
            return int(words[0])
    raise RuntimeError("there is no engine")
E

session engine-dies --lab 1 --submission solutions --case enter-64-bit <<-'E'
	python
	import os
	exec(open(os.environ["FIND_ENGINE"]).read())
	os.kill(engine(), 9)
	end
	continue
E
says "when the engine dies, the session ends" 'exited with code 01'
check "... with a sentence that says how it died" \
	grep -q "^r33: $engine_name was killed by signal 9" "$out/said"
check "... and nothing is left" left_nothing "$out/tmp"

session engine-dies-while-running --lab 1 --submission "$work/loops" <<-'E'
	python
	import os, threading
	exec(open(os.environ["FIND_ENGINE"]).read())
	threading.Timer(1.0, lambda: os.kill(engine(), 9)).start()
	end
	continue
E
says "also when it dies while it runs" 'exited with code 01'
check "... with the same sentence" grep -q "^r33: $engine_name was killed by signal 9" "$out/said"

session gdb-dies --lab 1 --submission solutions --case enter-64-bit <<-'E'
	python
	import os
	os.kill(os.getpid(), 9)
	end
E
is "r33 says that gdb has died" "$status" 3
check "when gdb dies, the engine ends and nothing is left" left_nothing "$out/tmp"

session gdb-dies-while-running --lab 1 --submission "$work/loops" <<-'E'
	python
	import os, threading
	threading.Timer(1.0, lambda: os.kill(os.getpid(), 9)).start()
	end
	continue
E
is "r33 notices that while the machine runs" "$status" 3
check "... and nothing is left" left_nothing "$out/tmp"

session r33-dies --lab 1 --submission solutions --case enter-64-bit <<-'E'
	python
	import os
	os.kill(os.getppid(), 9)
	end
	shell sleep 2
	continue
E
# gdb, which nobody waits for any more, takes its time on a busy machine.
waited=0
until left_nothing "$out/tmp" >/dev/null || [ "$waited" -ge 30 ]; do
	waited=$((waited + 1))
	sleep 1
done
check "when r33 is killed, nothing is left" left_nothing "$out/tmp"

session kill --lab 1 --submission solutions --case enter-64-bit <<-'E'
	kill
E
is "kill ends the run" "$status" 0
check "... and nothing is left" left_nothing "$out/tmp"
# What gdb starts itself is a process of the host's: the kernel as a program, with the user's rights.
session no-native-process --lab 1 --submission solutions --case enter-64-bit <<-'E'
	kill
	python
	import os
	for command in "run", "start", "starti", "attach %d" % os.getppid():
	    try:
	        gdb.execute(command)
	    except gdb.error as error:
	        print(command.split()[0] + ": " + str(error))
	    print("%d processes" % sum(inferior.pid != 0 for inferior in gdb.inferiors()))
	end
E
says "after kill, gdb makes no process of the host's: not by run, start, starti nor attach" \
	"^run: Don't know how to run" '^0 processes' "^start: Don't know how to run" '^0 processes' \
	"^starti: Don't know how to run" '^0 processes' "^attach: Don't know how to attach" '^0 processes'
session detach --lab 1 --submission solutions --case enter-64-bit <<-'E'
	detach
E
says "detach, too" 'detached'
check "... and nothing is left" left_nothing "$out/tmp"

# A gdb of one's own, on a pipe and on a port.  On the pipe it loses patience before the machine has booted.
out=$work/server
rm -rf "$out"
mkdir -p "$out/tmp"
server="$r33 gdb --engine $TEST_ENGINE --server --lab 1 --submission solutions --case enter-64-bit"
TMPDIR=$out/tmp timeout -k 10 "$patience_s" gdb -nx -batch "$build/kernel.elf" \
	-ex "target remote | sleep 3; $server" -ex 'info registers rip' -ex "break $enters" -ex continue \
	-ex 'bt 1' </dev/null >"$out/said" 2>&1 || true
says "somebody else's gdb can use the server on a pipe" '^rip .*0x4' \
	"^Breakpoint 1, $enters" "^#0 .*$enters"
check "... and nothing is left" left_nothing "$out/tmp"
port=$((20000 + $$ % 20000))
# shellcheck disable=SC2086 # words
TMPDIR=$out/tmp timeout -k 10 "$patience_s" $server --port "$port" </dev/null >"$out/served" 2>&1 &
waited=0
until grep -q 'connect with' "$out/served" || [ "$waited" -ge 300 ]; do
	waited=$((waited + 1))
	sleep 0.1
done
timeout -k 10 "$patience_s" gdb -nx -batch -x "$out"/tmp/r33-*/gdb.init \
	-ex "target remote localhost:$port" -ex 'info registers vmx' </dev/null >"$out/said" 2>&1 || true
wait
says "... and on a port" '^set_control_registers' '^vmx .*root'
check "... and nothing is left" left_nothing "$out/tmp"

[ "$TEST_ENGINE" = bochs ] || {
	finish
	exit
}

# A release that nobody knows: nothing depends on which one it is.
mkdir -p "$work/bochs-9.9"
real=$(command -v bochs-bin || command -v bochs)
cat >"$work/bochs-9.9/bochs-bin" <<E
#!/bin/sh
[ "\$1" != -help ] || { $real "\$@" 2>&1 | sed 's/\(Emulator\) [0-9.]*\$/\1 9.9/'; exit 0; }
exec $real "\$@"
E
chmod +x "$work/bochs-9.9/bochs-bin"
old_path=$PATH
PATH=$work/bochs-9.9:$PATH
session other-bochs --lab 1 --submission solutions --case enter-64-bit <<-'E'
	info registers vmx
	vmcs GUEST_TR_LIMIT
	guest
	vmcheck
E
PATH=$old_path
says "a Bochs that calls itself 9.9 is asked and measured as any other" '^vmx .*root' \
	'^GUEST_TR_LIMIT +0x88$' 'launch state is clear' '^invalid guest state: '

# A debugger that answers everything, but nothing that was asked for.
mkdir -p "$work/bochs-other"
cat >"$work/bochs-other/bochs-bin" <<E
#!/bin/sh
[ "\$1" != -help ] || { exec $real "\$@"; }
while read -r command number; do
	[ "\$command" != calc ] || printf 'calc %u\n0x%x %u\n' "\$number" "\$number" "\$number" >&5
done
E
chmod +x "$work/bochs-other/bochs-bin"
PATH=$work/bochs-other:$PATH
session other-debugger --lab 1 --submission solutions --case enter-64-bit </dev/null
PATH=$old_path
is "a debugger that answers otherwise ends r33 gdb" "$status" 3
says "... with a sentence that says so" "^r33: r33 gdb does not understand the debugger of this Bochs"

finish
