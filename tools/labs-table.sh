#!/bin/sh
# Prints docs/labs.md: what the solution of each lab earns on each processor model, and why cases
# are skipped there.
#
#	labs-table.sh              grades the solutions on every model of docs/models.md
#	labs-table.sh DIRECTORY    takes the reports from DIRECTORY/MODEL/report.tap
#	labs-table.sh --models     prints the models
#
# Exit status: 0 done, 3 a model could not be graded.
set -eu
LC_ALL=C
export LC_ALL
cd "${0%/*}/.."

# shellcheck disable=SC2016 # backquotes of Markdown
models=$(sed -n 's/^| `\([a-z0-9_]*\)` |.*/\1/p' docs/models.md)
case ${1-} in
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
done | awk '
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
		print "# What the solutions earn"
		print ""
		print "Points of 100 of the complete solution of each lab on each model of"
		print "[models.md](models.md), and, in parentheses, how many cases the model cannot pose. These are"
		print "skipped, do not count, and the rest is scaled to 100. This page is generated: `make docs`."
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
		print "## Skipped, and why"
		print ""
		for (lab = 1; lab <= last; lab++)
			for (i = 1; i <= count; i++)
				if (index(notes[i], "lab " lab ",") == 1)
					print "- " notes[i] ". On " where[notes[i]] "."
	}'
