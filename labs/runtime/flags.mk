# How lab code is compiled: the same flags for the tree's own modules and, by r33, for submissions.

LAB_CC ?= $(CROSS)gcc
LAB_CFLAGS := $(strip $(file <labs/runtime/compile.flags))
LAB_LDFLAGS := $(strip $(file <labs/runtime/link.flags))
