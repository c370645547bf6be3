#!/bin/sh
# Makes the tarball for students.
#
#	make-handout.sh OUT.tar.gz CASES.o REFERENCE.elf
#
# It has the tree except for what is under "withheld"; skeletons are made from the solutions, whatever
# lies in labs/.  Before OUT appears, check-handout.sh has searched it for solutions.  The same tree
# gives the same bytes.  gzip and not xz: every machine can unpack it before anything is installed.
# Exit status: 0 done, 2 wrong usage, 3 something cannot be written, or a solution would get out.
set -eu
unset TAR_OPTIONS POSIXLY_CORRECT GZIP
LC_ALL=C
export LC_ALL
umask 022
here=$(dirname "$0")
. "$here/../../iso/stage.sh"

[ $# -eq 3 ] || {
	echo "usage: make-handout.sh OUT.tar.gz CASES.o REFERENCE.elf" >&2
	exit 2
}
out=$1
cases=$2
reference=$3
name=reason33-handout

stage_beside "$out"
tree=$stage/$name
mkdir "$tree"

# What a student builds and reads.  Of tests/ only the guests: all the rest tells answers.
# Withheld: documents for instructors, what only the whole tree can do, and an editor's remains.
find .devcontainer Makefile LICENSE docs iso kernel labs tools tests/guests -type f \
	! -path 'tools/handout/*' ! -path tools/lint.sh ! -path tools/labs-table.sh ! -path tools/fresh-machine.sh \
	! -path labs/skeleton.awk ! -path docs/teaching.md ! -path docs/build.mk \
	! -path 'labs/[1-9]-*/*.[cS]' ! -path '*/.*' ! -name '*~' ! -name '*.orig' ! -name '*.rej' \
	! -name '*.new' ! -name '*.bak' >"$stage/files"
tar -c --files-from="$stage/files" | tar -x -C "$tree"

for file in labs/[1-9]-*/*.[cS]; do
	[ -e "$file" ] || continue
	[ -e "solutions/${file#labs/}" ] || die "$file has no solution to make the skeleton from"
	mkdir -p "$tree/${file%/*}"
	awk -f labs/skeleton.awk "solutions/${file#labs/}" >"$tree/$file"
done

mkdir "$tree/prebuilt" "$tree/tests/rules"
cp "$cases" "$tree/prebuilt/cases.o"
cp "$reference" "$tree/prebuilt/reference.elf"
cp "$here/prebuilt.mk" "$tree/prebuilt/build.mk"
cp tests/rules/*.h "$here/no_rule_cases.c" "$tree/tests/rules/"
sed 's,](../../,](,g' "$here/README.md" >"$tree/README.md"

find "$tree" -type f | while IFS= read -r file; do
	mode=644
	case $file in *.sh) mode=755 ;; esac
	chmod "$mode" "$file"
done
"$here/check-handout.sh" "$tree" || die "no handout was made"

tar --sort=name --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner \
	-C "$stage" -c "$name" | gzip -9n >"$stage/archive" || die "cannot write the tarball"
mv -f "$stage/archive" "$out"
