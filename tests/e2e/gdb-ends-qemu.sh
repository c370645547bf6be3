#!/bin/sh
# gdb-ends.sh on QEMU.
TEST_ENGINE=qemu exec "${0%/*}/gdb-ends.sh"
