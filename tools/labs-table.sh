#!/bin/sh
# Prints what the solution of each lab earns on each processor model of the installed Bochs, and why
# cases are skipped there: docs/labs/bochs-VERSION.md.
#
#	labs-table.sh              grades the solutions on every model that has VMX
#	labs-table.sh DIRECTORY    takes the reports from DIRECTORY/MODEL/report.tap
#	labs-table.sh --models     prints the models: those of docs/engines/bochs-VERSION.txt
#	labs-table.sh --version    prints the version of the installed Bochs
#	labs-table.sh --page       prints docs/labs.md, made of docs/labs/
#
# Exit status: 0 done, 3 a model could not be graded, or Bochs does not report its version.
set -eu
LC_ALL=C
export LC_ALL
cd "${0%/*}/.."

page() {
	cat <<-'E'
		# What the solutions earn

		Points of 100 of the complete solution of each lab on each model of
		[models.md](models.md), and, in parentheses, how many cases the model cannot pose. These are
		skipped, do not count, and the rest is scaled to 100. This page is generated: `make docs`.
	E
	printf '%s\n' docs/labs/bochs-*.md | sort -V | while read -r section; do
		echo
		cat "$section"
	done
}

version=$({ bochs-bin --help || bochs --help; } </dev/null 2>&1 |
	sed -n 's/.*Bochs x86 Emulator \([0-9.]*\).*/\1/p' | head -n 1)
results=docs/engines/bochs-$version.txt
# A version that has not been measured: the models of the newest that has.
[ -e "$results" ] || results=$(printf '%s\n' docs/engines/bochs-*.txt | sort -V | tail -n 1)
models=$(sed -n 's/^model \([^ ]*\) .*/\1/p' "$results")
case ${1-} in
--page)
	page
	exit 0
	;;
--version)
	[ -n "$version" ] || {
		echo "labs-table.sh: Bochs is not installed or does not report its version:" \
			"install the package bochs (make setup)" >&2
		exit 3
	}
	echo "$version"
	exit 0
	;;
--models)
	echo "$models"
	exit 0
	;;
'')
	reports=$(mktemp -d)
	trap 'rm -rf "$reports"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	for model in $models; do
		mkdir "$reports/$model"
		"${R33:-build/r33}" grade --submission solutions --lab all --cpu "$model" \
			--format tap -o "$reports/$model/report.tap" </dev/null || [ $? -eq 1 ] || exit 3
	done
	;;
*) reports=$1 ;;
esac

for model in $models; do
	[ -s "$reports/$model/report.tap" ] || {
		echo "labs-table.sh: there is no report for $model" >&2
		exit 3
	}
	echo "model $model"
	cat "$reports/$model/report.tap"
done | awk -v "version=$version" '
	/^model / { model = $2; order[++models] = model; next }
	/^# case / {
		id = $4; gsub(/"/, "", id)
		split($5, field, "="); lab = field[2]
		split($6, field, "="); points = field[2]
		if (!(lab in seen)) { seen[lab] = 1; if (lab > last) last = lab }
		next
	}
	/^ok .* # SKIP / {
		reason = $0; sub(/.* # SKIP /, "", reason)
		note = "lab " lab ", `" id "`: " reason
		if (!(note in where)) notes[++count] = note
		where[note] = where[note] (where[note] ? ", " : "") "`" model "`"
		skipped[model, lab]++
		next
	}
	/^ok / { earned[model, lab] += points; possible[model, lab] += points }
	/^not ok / { possible[model, lab] += points }
	/^  earned: / { earned[model, lab] += $2 }
	END {
		print "## Bochs " version
		print ""
		row = "| model |"; rule = "| --- |"
		for (lab = 1; lab <= last; lab++) if (lab in seen) { row = row " lab " lab " |"; rule = rule " ---: |" }
		print row; print rule
		for (i = 1; i <= models; i++) {
			row = "| `" order[i] "` |"
			for (lab = 1; lab <= last; lab++) if (lab in seen) {
				all = possible[order[i], lab]
				cell = all ? int(earned[order[i], lab] * 100 / all) : "-"
				if (skipped[order[i], lab]) cell = cell " (" skipped[order[i], lab] ")"
				row = row " " cell " |"
			}
			print row
		}
		print ""
		print "### Skipped on Bochs " version ", and why"
		print ""
		for (lab = 1; lab <= last; lab++)
			for (i = 1; i <= count; i++)
				if (index(notes[i], "lab " lab ",") == 1)
					print "- " notes[i] ". On " where[notes[i]] "."
	}'
