#!/bin/sh
# gdb.sh on QEMU.
TEST_ENGINE=qemu exec "${0%/*}/gdb.sh"
