#!/bin/sh
# Tries the README on a fresh machine: makes a minimal Debian with nothing but make, git and sudo,
# clones this tree's last commit into it, runs commands there as an ordinary user, and removes it.
#
#	fresh-machine.sh [--keep] SUITE [COMMAND...]
#
# SUITE is a Debian release: bookworm, trixie.  Without COMMANDs: README's two, `make setup demo` and
# `make test`.  --keep: leave the machine there and say where (chroot into it to look around).
#
# Needs root (it mounts, in a mount namespace of its own) and debootstrap.  Packages come from the
# mirror that this machine's apt uses, and are checked with its keyring.  Exit status: 0 all commands
# succeeded, 1 one failed, 2 wrong usage, 3 the machine could not be made.
set -eu
LC_ALL=C
export LC_ALL
here=$(cd "${0%/*}" && pwd)
tree=${here%/tools}
user=student
home=/home/$user

usage() {
	echo "fresh-machine.sh: $*" >&2
	echo 'usage: fresh-machine.sh [--keep] SUITE [COMMAND...]' >&2
	exit 2
}

die() {
	echo "fresh-machine.sh: $*" >&2
	exit 3
}

seconds_since() {	# START
	echo $(($(date +%s) - $1))
}

# The site of the main archive, and the file with its keys, as apt knows them.
find_mirror() {
	# shellcheck disable=SC2016 # apt-get expands them
	site=$(apt-get indextargets --format '$(SITE) $(ORIGIN) $(LABEL)' 'Created-By: Packages' |
		awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
	[ -n "$site" ] || die "this machine's apt knows no mirror of Debian: run apt-get update"
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$keys" ] || die "$keys is missing: apt-get install debian-archive-keyring"
	# debootstrap takes a proxy from the environment, the new apt from its own configuration.
	proxy=
	eval "$(apt-config shell proxy Acquire::http::Proxy)"
	[ -z "$proxy" ] || export http_proxy="$proxy"
}

make_machine() {
	debootstrap --variant=minbase --include=make,git,sudo --keyring="$keys" \
		"$suite" "$root" "$site" >"$machine/debootstrap.log" 2>&1 || {
		tail -n 20 "$machine/debootstrap.log" >&2
		die "debootstrap failed"
	}
	[ -z "$proxy" ] ||
		echo "Acquire::http::Proxy \"$proxy\";" >"$root/etc/apt/apt.conf.d/00proxy"
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	chroot "$root" useradd --create-home --shell /bin/sh "$user"
	echo "$user ALL=(ALL) NOPASSWD: ALL" >"$root/etc/sudoers.d/$user"
	# The user of the machine may not be the owner of the tree.
	git -c safe.directory='*' -C "$tree" bundle create -q "$root$home/tree.bundle" HEAD ||
		die "cannot read the last commit of $tree"
	chroot "$root" su - "$user" -c "git clone -q tree.bundle reason33" ||
		die "git clone failed"
}

# In namespaces of its own: what is mounted and what runs here ends with this shell.
mount_and_run() {	# COMMAND...
	mount -t proc proc "$root/proc"
	mount -t tmpfs -o mode=755 dev "$root/dev"
	mkdir "$root/dev/pts" "$root/dev/shm"
	for device in null zero full random urandom tty; do
		: >"$root/dev/$device"
		mount --bind "/dev/$device" "$root/dev/$device"
	done
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
	mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
	ln -s pts/ptmx "$root/dev/ptmx"
	ln -s /proc/self/fd "$root/dev/fd"
	ln -s fd/0 "$root/dev/stdin"
	ln -s fd/1 "$root/dev/stdout"
	ln -s fd/2 "$root/dev/stderr"
	mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null || true

	for command; do
		echo "fresh-machine.sh: $suite: $command"
		start=$(date +%s)
		chroot "$root" su - "$user" -c "cd reason33 && $command" </dev/null || {
			echo "fresh-machine.sh: $suite: failed after $(seconds_since "$start") s: $command" >&2
			exit 1
		}
		echo "fresh-machine.sh: $suite: $(seconds_since "$start") s: $command"
	done
}

if [ "${1-}" = --in-namespace ]; then
	suite=$2
	root=$3
	shift 3
	mount_and_run "$@"
	exit 0
fi

keep=
[ "${1-}" != --keep ] || {
	keep=yes
	shift
}
case ${1-} in
'' | -* | *[!a-z]*) usage "which release of Debian?" ;;
esac
suite=$1
shift
[ $# -gt 0 ] || set -- 'make setup demo' 'make test'

[ "$(id -u)" -eq 0 ] || die "run this as root: it mounts and changes its root directory"
for program in debootstrap unshare git; do
	command -v "$program" >/dev/null || die "$program is missing: apt-get install $program"
done
find_mirror

machine=$(mktemp -d "${TMPDIR:-/var/tmp}/r33-$suite.XXXXXX")
root=$machine/root
trap '[ -n "$keep" ] || rm -rf --one-file-system "$machine"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$machine"

echo "fresh-machine.sh: making a minimal $suite from $site"
start=$(date +%s)
make_machine
echo "fresh-machine.sh: $suite: made in $(seconds_since "$start") s"
status=0
unshare --mount --pid --fork --kill-child -- "$0" --in-namespace "$suite" "$root" "$@" || status=$?
[ -z "$keep" ] || echo "fresh-machine.sh: $suite stays in $root"
exit "$status"
