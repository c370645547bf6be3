#!/bin/sh
# The documentation that is generated is what would be generated now.
. "${0%/*}/lib.sh"

"$r33" rules --format markdown >"$work/rules.md"
check "docs/rules.md is as the rules say (else: make docs)" \
	cmp "$work/rules.md" docs/rules.md

"$r33" rules --format header >"$work/rules.h"
check "labs/include/r33/rules.h has a name for each rule (else: make docs)" \
	cmp "$work/rules.h" labs/include/r33/rules.h

# Every rule has a row, and every row is of a rule.
"$r33" rules | awk '/^  / { print $1 }' | sort >"$work/rules"
awk -F '[|`]' '/^[|] .[A-Z]/ { print $3 }' docs/rules.md | sort >"$work/rows"
check "docs/rules.md has a row for each rule" diff "$work/rules" "$work/rows"
check "rule identifiers are unique" sh -c "[ -z \"\$(uniq -d '$work/rules')\" ]"

finish
