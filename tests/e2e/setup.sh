#!/bin/sh
# make setup on machines that this one is not: what it would install, and where GRUB comes from when the
# distribution has it for other processors only.  apt-get is a stand-in; nothing is installed.
. "${0%/*}/lib.sh"

tools=$work/tools
fake=$work/bin
path=$PATH
mkdir -p "$tools" "$fake"
cp tools/setup.sh tools/check-tools.sh tools/foreign-grub.sh "$tools/"
sed -n '/^#/!{s/\(.*\t.*\t\).*\(\t\)/\1no-such-program\2/p;}' tools/packages.txt >"$tools/packages.txt"
printf '#!/bin/sh\nexit 0\n' >"$fake/apt-get"
printf '#!/bin/sh\necho "$@"\n' >"$fake/sudo"
chmod +x "$fake"/*
printf 'ID=debian\n' >"$work/os-release"
printf 'ID=fedora\n' >"$work/other-release"

# What setup.sh would run on a machine that has nothing.
plan() {	# OPTION...
	PATH=$fake:$path OS_RELEASE=$work/os-release "$tools/setup.sh" --dry-run "$@" >"$work/plan" 2>&1 ||
		{ cat "$work/plan"; return 1; }
	install=$(grep 'install --no-install-recommends' "$work/plan")
	cat "$work/plan"
}
here() {
	plan --build && case "$install " in
	*x86-64-linux-gnu*) return 1 ;;
	*' grub-pc-bin '*' bochs '*) ! grep -q foreign-grub "$work/plan" ;;
	*) return 1 ;;
	esac
}
check "setup on x86-64 installs GRUB as any package, and no cross compiler" here
elsewhere() {
	ARCHITECTURE=arm64 plan --build --cross && case "$install " in
	*' grub-pc-bin '*) return 1 ;;
	*' gcc-x86-64-linux-gnu '*) grep 'foreign-grub.sh /usr/local/lib/grub grub-pc-bin$' "$work/plan" ;;
	*) return 1 ;;
	esac
}
check "setup --cross installs the cross compiler, and has GRUB unpacked" elsewhere
cross_here() {
	ARCHITECTURE=amd64 plan --build --cross && case "$install " in
	*' grub-pc-bin '*) ! grep foreign-grub "$work/plan" ;;
	*) return 1 ;;
	esac
}
check "setup --cross on x86-64 installs GRUB as any package" cross_here
listed() {
	! OS_RELEASE=$work/other-release "$tools/setup.sh" --cross >"$work/list" 2>&1 || return 1
	cat "$work/list"
	grep -q '^gcc-x86-64-linux-gnu	' "$work/list" && ! tools/setup.sh --list | grep gcc-x86-64-linux-gnu
}
check "where there is no apt-get, setup --cross names the cross compiler" listed

# make knows which processor it was built for.
host() {	# MAKE_HOST TARGET
	make -n BUILD="$work/build" MAKE_HOST="$1" "$2" >"$work/make.log" 2>&1 || { cat "$work/make.log"; return 1; }
}
for host in aarch64-unknown-linux-gnu arm-unknown-linux-gnueabihf riscv64-unknown-linux-gnu; do
	check "make on $host takes the cross compiler" eval \
		"host $host machine && grep -q '^x86_64-linux-gnu-gcc .*kernel/' '$work/make.log' && ! grep '^gcc .*kernel/' '$work/make.log'"
	check "make on $host looks for it first" eval \
		"host $host check-build && grep -q 'check-tools.sh build image cross' '$work/make.log'"
	check "make setup on $host installs it" eval \
		"host $host setup && grep -q 'setup.sh --cross' '$work/make.log'"
done
check "make on x86_64-pc-linux-gnu does not" eval \
	"host x86_64-pc-linux-gnu check-build && ! grep cross '$work/make.log'"

# The unpacker, with a package of its own and an apt-get that hands it out.
make_package() {	# VERSION
	rm -rf "$work/package"
	mkdir -p "$work/package/DEBIAN" "$work/package/usr/lib/grub/i386-pc" "$work/package/usr/share/doc/grub"
	echo "$1" >"$work/package/usr/lib/grub/i386-pc/kernel.img"
	echo text >"$work/package/usr/share/doc/grub/file"
	printf 'Package: grub-pc-bin\nVersion: %s\nArchitecture: amd64\nMaintainer: nobody\nDescription: none\n' \
		"$1" >"$work/package/DEBIAN/control"
	dpkg-deb --root-owner-group -b "$work/package" "$work/package.deb" >/dev/null
}
cat >"$fake/apt-get" <<EOF
#!/bin/sh
for word; do
	case \$word in
	Dir::Etc::SourceList=*) cat "\${word#*=}" >"$work/sources" ;;
	Dir::Etc::SourceParts=*) cat "\${word#*=}"/* >>"$work/sources" 2>/dev/null || true ;;
	download)
		[ ! -e "$work/no-network" ] || exit 100
		[ ! -e "$work/interrupt" ] || kill -INT \$PPID
		cp "$work/package.deb" grub-pc-bin.deb
		;;
	esac
	echo "\$word" >>"$work/words"
done
EOF
mkdir -p "$work/etc/sources.list.d" "$work/tmp"
echo 'deb http://ports.ubuntu.com/ubuntu-ports jammy main' >"$work/etc/sources.list"
cat >"$work/etc/sources.list.d/ubuntu.sources" <<'EOF'
Types: deb
URIs: https://fr.ports.ubuntu.com/ubuntu-ports/
Suites: noble
EOF
echo 'deb http://deb.example.org/debian trixie main' >"$work/etc/sources.list.d/debian.list"
unpack() {
	: >"$work/words"
	seen_status=0
	PATH=$fake:$path APT_SOURCES=$work/etc TMPDIR=$work/tmp \
		"$tools/foreign-grub.sh" "$work/grub" grub-pc-bin >"$work/unpack.log" 2>&1 || seen_status=$?
	cat "$work/unpack.log"
	[ -z "$(ls -A "$work/tmp")" ] || { ls -A "$work/tmp"; return 1; }
	return "$seen_status"
}
unpacked() {	# VERSION
	[ "$(cat "$work/grub/i386-pc/kernel.img")" = "$1" ] && [ "$(ls -A "$work/grub")" = i386-pc ]
}
make_package 1
check "GRUB is unpacked" unpack
check "GRUB is there, and nothing else" unpacked 1
check "it is asked for as a package for amd64" grep -qx 'APT::Architecture=amd64' "$work/words"
check "from Ubuntu's archive for amd64, and any other source as it is" eval \
	"[ \"\$(grep -c '[ :] *http://archive.ubuntu.com/ubuntu/\( jammy main\)\?\$' '$work/sources')\" -eq 2 ] &&
	 grep -q '^deb http://deb.example.org/debian trixie main\$' '$work/sources' && ! grep ports '$work/sources'"
check "every user can read it" test "$(stat -c %a "$work/grub/i386-pc")" = 755
make_package 2
check "a newer GRUB takes its place" eval 'unpack && unpacked 2'
touch "$work/no-network"
check "without a network it ends with status 3 and says what to do" eval \
	"! unpack && [ \$seen_status -eq 3 ] && grep -q 'with the network up' '$work/unpack.log'"
check "and GRUB stays as it was" unpacked 2
rm "$work/no-network"
touch "$work/interrupt"
check "when it is interrupted, nothing is left behind" eval \
	"! unpack && [ \$seen_status -eq 130 ] && unpacked 2"
# The fresh machine: what it refuses, before it makes anything.
fresh() {	# STATUS SENTENCE [ARGUMENT]...
	wanted=$1
	sentence=$2
	shift 2
	seen=0
	$unprivileged tools/fresh-machine.sh "$@" >"$work/fresh" 2>&1 || seen=$?
	[ "$seen" -eq "$wanted" ] && grep -q "$sentence" "$work/fresh" && return
	cat "$work/fresh"
	return 1
}
unprivileged=
[ "$(id -u)" -ne 0 ] || unprivileged='setpriv --reuid=65534 --regid=65534 --clear-groups'
check "fresh-machine.sh wants a release" fresh 2 '^usage: '
check "fresh-machine.sh takes no path for a release" fresh 2 '^usage: ' ../trixie
check "fresh-machine.sh knows its options" fresh 2 '^usage: ' --fast trixie
check "fresh-machine.sh says that it needs root" fresh 3 'as root' trixie
finish
