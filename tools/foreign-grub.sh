#!/bin/sh
# Unpacks GRUB packages that Debian and Ubuntu have for amd64 only, for setup.sh on other hosts.
#
#	foreign-grub.sh DIRECTORY PACKAGE...
#
# What a package has in /usr/lib/grub comes into DIRECTORY: files for GRUB to put together, which
# this machine never runs.  They come by apt-get, from the sources that this system has and with its
# keys, so they are as trusted as any package; but it keeps its lists for amd64 in a place of its own, and
# the system is not told of another architecture (dpkg --add-architecture would be for all packages).
# Exit status: 0 done, 2 wrong usage, 3 they cannot be had or written.
set -eu
umask 022

die() {
	echo "${0##*/}: $*" >&2
	exit 3
}

[ $# -ge 2 ] || {
	echo "usage: foreign-grub.sh DIRECTORY PACKAGE..." >&2
	exit 2
}
directory=$1
shift

stage=
new=
trap 'rm -rf "$stage" "$new"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
stage=$(mktemp -d) || die "cannot make a directory in ${TMPDIR:-/tmp}"

# Ubuntu keeps other architectures than amd64 in an archive of their own.
sources=${APT_SOURCES:-/etc/apt}
mkdir -p "$stage/lists/partial" "$stage/cache/archives/partial" "$stage/packages" "$stage/sources.list.d"
: >"$stage/sources.list"
for file in "$sources/sources.list" "$sources"/sources.list.d/*.list "$sources"/sources.list.d/*.sources; do
	[ ! -r "$file" ] ||
		sed 's#https\{0,1\}://[^ ]*/ubuntu-ports/\{0,1\}#http://archive.ubuntu.com/ubuntu/#' \
			"$file" >"$stage/${file#"$sources"/}"
done

# As root, apt-get downloads as another user, who must get there.
chmod 711 "$stage"
[ "$(id -u)" -ne 0 ] || chown _apt "$stage/packages" 2>/dev/null || true

foreign_apt() {
	(cd "$stage/packages" && env DEBIAN_FRONTEND=noninteractive apt-get -q \
		-o APT::Architecture=amd64 -o APT::Architectures=amd64 \
		-o Dir::Etc::SourceList="$stage/sources.list" -o Dir::Etc::SourceParts="$stage/sources.list.d" \
		-o Dir::State::Lists="$stage/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$stage/cache" \
		-o Acquire::Languages=none -o Acquire::Retries=3 "$@")
}

# A third-party source may not have amd64: what matters is whether the packages come.
foreign_apt update || echo "${0##*/}: apt-get update failed; using the lists that are here" >&2
foreign_apt download "$@" ||
	die "apt-get could not download $* for amd64 (see above); with the network up, run it again"

for package in "$stage"/packages/*.deb; do
	dpkg-deb -x "$package" "$stage/root" || die "cannot unpack $package"
done
mkdir -p "$directory" || die "cannot make $directory"
for platform in "$stage"/root/usr/lib/grub/*/; do
	[ -d "$platform" ] || die "there is no GRUB in $*"
	name=${platform%/}
	name=${name##*/}
	# It appears under its name in one step.
	new=$(mktemp -d "$directory/.new.XXXXXX") || die "cannot write to $directory"
	cp -R "$platform." "$new" || die "cannot write to $directory"
	chmod 755 "$new"
	rm -rf "${directory:?}/$name"
	mv "$new" "$directory/$name"
	new=
done
