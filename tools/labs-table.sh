#!/bin/sh
# Prints what the solution of each lab earns on each processor model, and why cases are skipped there:
# docs/labs/bochs-VERSION.md and docs/labs/qemu.md.
#
#	labs-table.sh [ENGINE] --grade DIRECTORY   grades the solutions: DIRECTORY/MODEL/report.tap
#	labs-table.sh [ENGINE] DIRECTORY           prints the page of these reports
#	labs-table.sh [ENGINE] --models            prints the models that have VMX
#	labs-table.sh --version                    prints the version of the installed Bochs
#	labs-table.sh --page                       prints docs/labs.md, made of docs/labs/
#	labs-table.sh --points                     prints docs/models.md with the table of points made of docs/labs/
#
# ENGINE is bochs (default) or qemu.  Bochs has the models of docs/engines/bochs-VERSION.txt; QEMU, whose
# processor is made of a capability file, has those of all versions of Bochs.
#
# Exit status: 0 done, 3 a model could not be graded, or Bochs does not report its version.
set -eu
LC_ALL=C
export LC_ALL
cd "${0%/*}/.."

# The pages of docs/labs/, in the order of the columns: Bochs by version, QEMU.
sections() {
	printf '%s\n' docs/labs/bochs-*.md | sort -V
	echo docs/labs/qemu.md
}

page() {
	cat <<-'E'
		# What the solutions earn

		Points of 100 of the complete solution of each lab on each model of
		[models.md](models.md), and, in parentheses, how many cases the model cannot pose. These are
		skipped, do not count, and the rest is scaled to 100. The last column is what can be earned
		in all labs together without them, of 900 points. This page is generated: `make docs`.
	E
	sections | while read -r section; do
		echo
		cat "$section"
	done
}

# The table between the marks in docs/models.md: model, engine, points that can be earned, skipped cases by lab.
points() {
	# shellcheck disable=SC2046 # words are what is wanted
	awk '
		function cells(line) { count = split(line, cell, / *\| */); return count }
		FNR == 1 { file++ }
		/^## / && file <= files { engine[file] = substr($0, 4); next }
		/^\| `/ && file <= files {
			cells($0)
			if (!(cell[2] in seen)) { seen[cell[2]] = 1; order[++models] = cell[2] }
			points[cell[2], file] = cell[count - 1]
			next
		}
		file <= files { next }
		/^<!-- points: begin/ {
			print
			row = "| model |"; rule = "| --- |"
			for (i = 1; i <= files; i++) { row = row " " engine[i] " |"; rule = rule " ---: |" }
			print row; print rule
			for (i = 1; i <= models; i++) {
				row = "| " order[i] " |"
				for (j = 1; j <= files; j++)
					row = row " " ((order[i], j) in points ? points[order[i], j] : "-") " |"
				print row
			}
			inside = 1
		}
		/^<!-- points: end/ { inside = 0 }
		!inside { print }' "files=$(sections | wc -l)" $(sections) docs/models.md
}

engine=bochs
case ${1-} in
bochs | qemu)
	engine=$1
	shift
	;;
esac
version=$({ bochs-bin --help || bochs --help; } </dev/null 2>&1 |
	sed -n 's/.*Bochs x86 Emulator \([0-9.]*\).*/\1/p' | head -n 1)
if [ "$engine" = qemu ]; then
	heading=QEMU
	models=$(printf '%s\n' docs/engines/bochs-*.txt | sort -V | xargs sed -n 's/^model \([^ ]*\) .*/\1/p' |
		awk '!seen[$0]++')
else
	heading="Bochs $version"
	results=docs/engines/bochs-$version.txt
	# A version that has not been measured: the models of the newest that has.
	[ -e "$results" ] || results=$(printf '%s\n' docs/engines/bochs-*.txt | sort -V | tail -n 1)
	models=$(sed -n 's/^model \([^ ]*\) .*/\1/p' "$results")
fi
case ${1-} in
--page)
	page
	exit 0
	;;
--points)
	points
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
--grade)
	for model in $models; do
		mkdir -p "$2/$model"
		"${R33:-build/r33}" grade --engine "$engine" --submission solutions --lab all --cpu "$model" \
			--format tap -o "$2/$model/report.tap" </dev/null || [ $? -eq 1 ] || exit 3
	done
	exit 0
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
done | awk -v "heading=$heading" '
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
	/^ok / { earned[model, lab] += points; possible[model, lab] += points; total[model] += points }
	/^not ok / { possible[model, lab] += points; total[model] += points }
	/^  earned: / { earned[model, lab] += $2 }
	END {
		print "## " heading
		print ""
		row = "| model |"; rule = "| --- |"
		for (lab = 1; lab <= last; lab++) if (lab in seen) { row = row " lab " lab " |"; rule = rule " ---: |" }
		print row " all |"; print rule " ---: |"
		for (i = 1; i <= models; i++) {
			row = "| `" order[i] "` |"
			for (lab = 1; lab <= last; lab++) if (lab in seen) {
				all = possible[order[i], lab]
				cell = all ? int(earned[order[i], lab] * 100 / all) : "-"
				if (skipped[order[i], lab]) cell = cell " (" skipped[order[i], lab] ")"
				row = row " " cell " |"
			}
			print row " " total[order[i]] " |"
		}
		print ""
		print "### Skipped on " heading ", and why"
		print ""
		for (lab = 1; lab <= last; lab++)
			for (i = 1; i <= count; i++)
				if (index(notes[i], "lab " lab ",") == 1)
					print "- " notes[i] ". On " where[notes[i]] "."
	}'
