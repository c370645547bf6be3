#!/bin/sh
# How the sources look, one test for each kind of check.  What is wrong is shown, and is in
# $BUILD/test/lint/CHECK.log; "PASSED FAILED SKIPPED" go to $BUILD/test/lint/summary.
# Exit status: 0 if nothing is wrong.
set -eu
LC_ALL=C
export LC_ALL
cd "${0%/*}/.."
logs=${BUILD:-build}/test/lint
mkdir -p "$logs"
jobs=$(nproc)

longest_file=500     # lines; more than 400 only for what is one idea
largest_kernel=5000  # lines of code
largest_svm=5000     # ... of kernel/vmx/svm/, which the above does not count
longest_function=60  # lines between the braces; tables may be longer

# The files of the repository that match the patterns, also new ones.
files() {	# PATTERN...
	git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@" |
		while IFS= read -r file; do
			[ ! -f "$file" ] || echo "$file"
		done
}

formatting() {
	files '*.c' '*.h' | xargs clang-format-19 --dry-run -Werror
}

shell_scripts() {
	files '*.sh' .ci/run | xargs shellcheck -x -P SCRIPTDIR
}

# cppcheck does not look into the libraries' headers: their loops have to be explained to it.
cppcheck_all() {
	cppcheck -q -j "$jobs" --std=c11 --enable=warning,portability,performance \
		--inline-suppr --error-exitcode=1 -Ikernel -Ilabs/include -Itools/r33 \
		--suppress=missingIncludeSystem --suppress=arrayIndexThenCheck \
		--suppress=comparePointers --suppress=subtractPointers \
		--suppress=normalCheckLevelMaxBranches --suppress=nullPointerOutOfMemory \
		'-DUNIT_BUILD=""' '-Djson_array_foreach(array,i,v)=while((v=json_array_get(array,i=0)))' \
		'-Djson_object_foreach(object,key,v)=while((v=json_next(object,key="")))' \
		kernel labs solutions tests/cases tests/front-end tests/unit tools
}

# Left out: what is wrong too often, and what takes longer than the compiler.
tidy_checks='-*,bugprone-*,misc-redundant-expression,readability-misleading-indentation,
-bugprone-assignment-in-if-condition,-bugprone-branch-clone,-bugprone-easily-swappable-parameters,
-bugprone-implicit-widening-of-multiplication-result,-bugprone-macro-parentheses,
-bugprone-multi-level-implicit-pointer-conversion,-bugprone-narrowing-conversions,-bugprone-not-null-terminated-result,
-bugprone-reserved-identifier,-bugprone-sizeof-expression,
-bugprone-switch-missing-default-case'

clang_tidy() {
	# shellcheck disable=SC2016 # the inner shell expands
	files 'kernel/*.c' 'tools/*.c' 'solutions/*.c' |
		xargs -P "$jobs" -n 8 sh -c 'clang-tidy-19 --quiet --warnings-as-errors="*" \
			--checks="$0" "$@" -- -std=gnu11 -D_GNU_SOURCE -Ikernel -Ilabs/include \
			-Itools/r33 -Itests/rules -I/usr/include/libxml2' "$tidy_checks"
}

file_lengths() {
	files '*.c' '*.h' '*.S' '*.sh' '*.awk' '*.mk' Makefile .ci/run | xargs wc -l | awk -v "limit=$longest_file" '
		$2 != "total" && $1 > limit { print $2 " has " $1 " lines, more than " limit; bad = 1 }
		END { exit bad }'
}

# A function is what lies between { and } in the first column.
function_lengths() {
	# shellcheck disable=SC2016 # braces and dollars for awk
	files '*.c' '*.h' | xargs awk -v "limit=$longest_function" '
		/^[a-z_].*\(/ { name = $0 }
		/^\{$/ { begin = FNR }
		/^\}$/ && begin {
			if (FNR - begin - 1 > limit) {
				print FILENAME ":" begin ": " name " has " FNR - begin - 1 " lines, more than " limit
				bad = 1
			}
			begin = 0
		}
		END { exit bad }'
}

# Lines of C and assembly in the files on standard input, without comments and blank lines.
lines_of_code() {	# LIMIT WHAT
	while IFS= read -r file; do
		gcc -w -x c -fpreprocessed -dD -E -P "$file"
	done | awk -v "limit=$1" -v "what=$2" 'NF { lines++ }
		END { print what " has " lines " lines, at most " limit; exit lines > limit }'
}

# The cases and the rules are not counted.
kernel_size() {
	files 'kernel/*.c' 'kernel/*.h' 'kernel/*.S' | grep -vE '^kernel/(rules|grade|vmx/svm)/' |
		lines_of_code "$largest_kernel" "the kernel"
}

svm_size() {
	files 'kernel/vmx/svm/*.[chS]' | lines_of_code "$largest_svm" "VMX on AMD-V"
}

# What a header in labs/include/r33/ names is named nowhere else: by no #define, and in no enum.  The VMCS
# fields count, too: X(NAME, encoding).
vocabulary() {
	# shellcheck disable=SC2016 # braces and dollars for awk
	{ files 'labs/include/r33/*.h'; files '*.c' '*.h' '*.S' '*.inc' ':!labs/include/r33'; } | xargs awk '
		function define(name) {
			sub(/[^A-Z0-9_].*/, "", name)
			if (name in where && where[name] != FILENAME && where[name] ~ /^labs\/include\/r33\//) {
				print FILENAME ":" FNR ": " name " is defined in " where[name] ": include that"
				bad = 1
			}
			if (FILENAME ~ /^labs\/include\/r33\//)
				where[name] = FILENAME
		}
		FNR == 1 { in_enum = 0 }
		/^[ \t]*#[ \t]*define[ \t]+[A-Z]/ { sub(/^[ \t]*#[ \t]*define[ \t]+/, ""); define($0); next }
		/^[ \t]*X\([A-Z0-9_]+, 0x/ { sub(/^[ \t]*X\(/, ""); define($0); next }
		/(^|[ \t])enum( [a-z_0-9]+)? \{/ { in_enum = 1; sub(/^[^{]*\{/, "") }
		in_enum {
			last = /\}/
			gsub(/\/\*[^*]*\*\/|\}.*/, "")
			count = split($0, members, ",")
			for (i = 1; i <= count; i++) {
				sub(/^[ \t]+/, "", members[i])
				if (members[i] ~ /^[A-Z0-9_]+[ \t]*(=|$)/)
					define(members[i])
			}
			if (last)
				in_enum = 0
		}
		END { exit bad }'
}

# sizeof(x), and COUNT(array) of <r33/array.h>.
sizes_of_things() {
	! files 'kernel/*.[ch]' 'tools/*.[ch]' 'solutions/*.[ch]' 'labs/*.[ch]' 'tests/cases/*.[ch]' 'tests/unit/*.[ch]' |
		grep -v 'include/r33/array.h' | xargs grep -nE '\<sizeof [^(]|sizeof\(([^()]*)\) / sizeof'
}

blanks_at_line_ends() {
	! files '*.c' '*.h' '*.S' '*.sh' '*.awk' '*.mk' '*.ld' Makefile .ci/run | xargs grep -nE '[[:blank:]]+$'
}

layers() {
	tools/layers.sh
}

# Wrong solutions are patches against the right ones, those of lab 9 against all of them.
patches() {
	bad=0
	for patch in tests/wrong/*/*.patch; do
		lab=${patch#tests/wrong/}
		case $lab in
		9-*) under=solutions ;;
		*) under=solutions/${lab%/*} ;;
		esac
		patch --dry-run -s -d "$under" -p 1 <"$patch" || { echo "$patch"; bad=1; }
	done
	return "$bad"
}

passed=0
failed=0
skipped=0
lint() {	# CHECK SENTENCE [PROGRAM]
	if [ -n "${3-}" ] && ! command -v "$3" >/dev/null; then
		skipped=$((skipped + 1))
		echo "skipped - $2: $3 is not installed; run: make setup"
	elif "$1" >"$logs/$1.log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok - $2"
		grep -v 'warnings generated' "$logs/$1.log" | head -n 40 | sed 's/^/    /'
	fi
}

lint formatting "clang-format would change nothing" clang-format-19
lint shell_scripts "shellcheck has nothing to say" shellcheck
lint cppcheck_all "cppcheck has nothing to say" cppcheck
lint clang_tidy "clang-tidy has nothing to say" clang-tidy-19
lint file_lengths "no file has more than $longest_file lines"
lint function_lengths "no function has more than $longest_function lines"
lint layers "rooms and layers use what is below them, and no files use each other in a circle" nm
lint kernel_size "the kernel without rules, grader and VMX on AMD-V has at most $largest_kernel lines of code"
lint svm_size "VMX on AMD-V has at most $largest_svm lines of code"
lint patches "the wrong solutions are patches against the solutions of today" patch
lint vocabulary "what labs/include/r33/ names is defined nowhere else"
lint sizes_of_things "sizeof has brackets, and COUNT is the length of an array"
lint blanks_at_line_ends "no line ends in a blank"

echo "lint: $passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
echo "$passed $failed $skipped" >"$logs/summary"
[ "$failed" -eq 0 ]
