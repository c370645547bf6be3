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
umask 022
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin # which su does not always add
export LC_ALL PATH
tree=$(cd "${0%/*}/.." && pwd)
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

say() {
	echo "fresh-machine.sh: $suite: $*"
}

seconds_since() {	# START
	echo $(($(date +%s) - $1))
}

# The site of the main archive, and the file with its keys, as apt knows them.
find_mirror() {
	# shellcheck disable=SC2016 # apt-get expands them
	site=$(apt-get indextargets --format '$(SITE) $(ORIGIN) $(LABEL)' 'Created-By: Packages' |
		awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
	[ -n "$site" ] || die "apt on this machine has no Debian mirror: run apt-get update"
	case $site in
	mirror+file:*) site=$(awk '!/^#/ && NF { print $1; exit }' "${site#mirror+file:}") ;;
	esac
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
	# This tree may belong to another user, and be itself a clone without history.
	printf '[safe]\n\tdirectory = *\n' >"$machine/gitconfig"
	GIT_CONFIG_GLOBAL=$machine/gitconfig git clone -q --depth 1 "file://$tree" "$root$home/reason33" ||
		die "git clone failed"
	chroot "$root" chown -R "$user:" "$home/reason33"
}

mount_all() {
	mount -t proc proc "$root/proc" || return 1
	mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null || true
	mount -t tmpfs -o mode=755 dev "$root/dev" || return 1
	mkdir "$root/dev/pts" "$root/dev/shm"
	for device in null zero full random urandom tty; do
		: >"$root/dev/$device"
		mount --bind "/dev/$device" "$root/dev/$device" || return 1
	done
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts" || return 1
	mount -t tmpfs -o mode=1777 shm "$root/dev/shm" || return 1
	ln -s pts/ptmx "$root/dev/ptmx"
	ln -s /proc/self/fd "$root/dev/fd"
	ln -s fd/0 "$root/dev/stdin"
	ln -s fd/1 "$root/dev/stdout"
	ln -s fd/2 "$root/dev/stderr"
}

run() {	# COMMAND
	say "$1"
	start=$(date +%s)
	chroot "$root" su - "$user" -c "cd reason33 && $1" </dev/null || {
		say "failed after $(seconds_since "$start") s: $1" >&2
		exit 1
	}
	say "$(seconds_since "$start") s: $1"
}

# In namespaces of its own: what is mounted and what runs ends with this shell.
if [ "${1-}" = --in-namespace ]; then
	suite=$2
	machine=$3
	root=$machine/root
	shift 3
	find_mirror
	say "making a minimal system from $site"
	start=$(date +%s)
	make_machine
	mount_all || die "cannot mount what a system needs"
	say "made in $(seconds_since "$start") s"
	for command; do
		run "$command"
	done
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

child=
machine=$(mktemp -d "${TMPDIR:-/var/tmp}/r33-$suite.XXXXXX") || die "cannot make a directory"
# shellcheck disable=SC2317 # trap calls it
end() {
	[ -z "$child" ] || {
		kill "$child" 2>/dev/null || true
		wait "$child" || true
	}
	[ -n "$keep" ] || rm -rf --one-file-system "$machine"
}
trap end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$machine"

unshare --mount --pid --fork --kill-child --mount-proc -- "$0" --in-namespace "$suite" "$machine" "$@" &
child=$!
status=0
wait "$child" || status=$?
child=
[ -z "$keep" ] || say "it is kept in $machine/root"
exit "$status"
