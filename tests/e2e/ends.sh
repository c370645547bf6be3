#!/bin/sh
# How a run can end badly: each way is told apart from the others, none is taken for a verdict.
. "${0%/*}/lib.sh"

# A tree that is this one but for the kernel's command line, which gets WORDS added: $tree.
tree_with() {	# NAME WORDS
	tree=$work/$1.tree
	mkdir -p "$tree/iso"
	for entry in labs solutions build tools kernel; do
		ln -s "$root/$entry" "$tree/$entry"
	done
	for entry in iso/*; do
		[ "$entry" = iso/make-image.sh ] || ln -s "$root/$entry" "$tree/$entry"
	done
	cat >"$tree/iso/make-image.sh" <<EOF
#!/bin/sh
out=\$1 line=\$2
shift 2
R33_ISO=\${R33_ISO:-$build/iso} exec '$root/iso/make-image.sh' "\$out" "\$line $2" "\$@"
EOF
	chmod +x "$tree/iso/make-image.sh"
}

# Status 3, the word in the JSON report, a message that matches, no case passed or lost in silence.
ended() {	# WORD PATTERN
	[ "$status" -eq 3 ] || { echo "exit status $status"; cat "$out/stderr"; return 1; }
	grep -q "^    \"word\": \"$1\"" "$out/report.json" ||
		{ sed -n '/^  "end"/,/^  }/p' "$out/report.json"; return 1; }
	grep -q "$2" "$out/stderr" || { cat "$out/stderr"; return 1; }
	no_control_characters "$out/stderr" "$out/report.txt" && left_nothing "$out/tmp"
}

bad_end() {	# END WORD PATTERN [OPTION]...
	name=$1
	word=$2
	pattern=$3
	shift 3
	tree_with "$name" "end=$name"
	grade "$name" --submission solutions --lab 1 --root "$tree" "$@"
	check "a machine that ends by $name is reported as $word" ended "$word" "$pattern"
}

refused_words() {	# WORDS PATTERN
	tree_with "words" "$1"
	grade words --submission solutions --lab 1 --root "$tree"
	rm -rf "$tree"
	check "the kernel refuses the command line \"$1\" with a sentence" ended boot-modules "$2"
}

bad_end fault kernel-fault '#PF'
check "a kernel fault's report shows a backtrace with the names of functions" \
	grep -q 'write_to_code' "$out/report.txt"
bad_end stack-overflow kernel-fault 'the kernel faulted'
bad_end panic kernel-fault 'as the command line wanted it'
bad_end triple-fault triple-fault 'triple-faulted'
bad_end hang hang 'silent for more than' --timeout 2
bad_end cut cut-short 'cut short'

refused_words bogus=1 'accepts only'
refused_words lab=10 'lab= needs'
refused_words lab=1x 'lab= needs'
refused_words bench=0 'bench= needs'
refused_words bench=99999999999999999999 'bench= needs'
refused_words case= 'case= needs'

# A program in place of the engine.
engine() {	# NAME COMMAND
	mkdir -p "$work/$1.bin"
	printf '#!/bin/sh\n%s\n' "$2" >"$work/$1.bin/bochs-bin"
	chmod +x "$work/$1.bin/bochs-bin"
	path=$PATH
	PATH=$work/$1.bin:$PATH
	grade "$1" --submission solutions --lab 1 --timeout 3
	PATH=$path
}

# shellcheck disable=SC2016 # the engine expands it
engine crash 'kill -SEGV $$'
check "an engine that crashes is reported as that" ended engine-crashed 'signal 11'
engine exit 'echo "no such luck" >&2; exit 7'
check "an engine that ends before the kernel runs is reported, with its last words" \
	ended no-boot 'status 7'
check "the report of an engine that ended shows its last words" grep -q 'no such luck' "$out/report.txt"
engine silence 'exec sleep 1000'
check "an engine that does nothing is ended" ended no-boot 'silent for more than'
engine daemon 'sleep 1000 & setsid sleep 1000 & exit 0'
check "an engine's children end with it" ended no-boot 'status 0'

no_engine() {
	seen=0
	env PATH=/nonexistent "$r33" grade --lab 1 </dev/null 2>"$work/stderr" || seen=$?
	[ "$seen" -eq 3 ] && grep 'bochs.*install' "$work/stderr"
}
check "without Bochs r33 names the package to install, with status 3" no_engine

# QEMU whose processor has neither VMX nor AMD-V: the kernel says its sentence.
mkdir -p "$work/programs-without-svm"
cat >"$work/programs-without-svm/qemu-system-x86_64" <<E
#!/bin/sh
for word; do
	shift
	case \$word in
	max,*) word=\$word,-svm ;;
	esac
	set -- "\$@" "\$word"
done
exec $(command -v qemu-system-x86_64) "\$@"
E
chmod +x "$work/programs-without-svm/qemu-system-x86_64"
old_path=$PATH
PATH=$work/programs-without-svm:$PATH
grade qemu-without-svm --submission solutions --lab 1 --engine qemu --accel tcg
PATH=$old_path
qemu_sentence() {
	ended unsuitable-processor 'this processor has neither VMX .* nor AMD-V .*use Bochs, or QEMU'
}
check "QEMU without VMX and AMD-V boots, and says in one sentence what to use" qemu_sentence
grade qemu --submission solutions --lab 1 --engine qemu
check "QEMU: the solution earns all points" [ "$(points "$out/cases")" -eq 100 ]

# The report names the engine and the model that labs see.
qemu_in_report() {
	version=$(qemu-system-x86_64 --version | sed -n 's/.*version \([0-9.]*\).*/\1/p')
	tr -d ' \n' <"$out/report.json" >"$out/report.line"
	for word in '"name":"qemu"' "\"version\":\"$version\"" '"cpu":"tigerlake"'; do
		grep -qF "$word" "$out/report.line" || { echo "no $word"; sed -n '/"engine"/,/}/p' "$out/report.json"; return 1; }
	done
}
[ -r /sys/module/kvm_intel/parameters/nested ] ||
	check "a report from QEMU has its version and the model that labs see" qemu_in_report

# Without Bochs QEMU is the engine, and r33 says so.
without_bochs() {
	rm -rf "$work/programs"
	mkdir -p "$work/programs"
	ln -s -t "$work/programs" /usr/bin/* /usr/local/bin/* 2>"$work/links"
	rm -f "$work/programs"/bochs*
	path=$PATH
	PATH=$work/programs:/nonexistent
	expected=$status
	seen=0
	"$r33" grade --submission solutions --lab 1 --format json -o "$work/report.json" \
		</dev/null >"$work/stdout" 2>"$work/stderr" || seen=$?
	PATH=$path
	rm -rf "$work/programs"
	[ "$seen" -eq "$expected" ] || { echo "exit status $seen"; cat "$work/stderr"; return 1; }
	[ "$(sed -n 1p "$work/stderr")" = 'r33: Bochs is not installed: QEMU is the engine' ] ||
		{ cat "$work/stderr"; return 1; }
	grep -q '"name": "qemu"' "$work/report.json"
}
check "without Bochs QEMU grades, and one line says so" without_bochs

# With a display to paint on (here one that nobody sees) it goes as far.
qemu_with_display() {
	seen=0
	timeout -k 10 "$patience_s" "$r33" run --submission solutions --lab 1 --engine qemu --display none \
		</dev/null >"$work/stdout" 2>"$work/stderr" || seen=$?
	[ "$seen" -eq "$status" ] || { cat "$work/stderr"; return 1; }
}
check "QEMU with a display ends as it does without" qemu_with_display

# QEMU wants as many descriptors as it may have, and may not raise the limit itself.
qemu_with_few_descriptors() {
	(
		# shellcheck disable=SC3045 # every Debian's sh has -S
		ulimit -S -n 256
		qemu_with_display
	)
}
check "... and where the shell's limit of open files is low" qemu_with_few_descriptors
finish
