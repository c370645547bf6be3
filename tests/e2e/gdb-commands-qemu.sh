#!/bin/sh
# gdb-commands.sh on QEMU.
TEST_ENGINE=qemu exec "${0%/*}/gdb-commands.sh"
