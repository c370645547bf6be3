/* What the guests of lab 9 ask their hypervisor for by VMCALL; for C and assembly. */
#pragma once

/* EAX = HYPERCALL_STATION + number: print a line.  EBX, ECX, EDX and ESI hold its text, at most
 * 16 characters, the first in bits 7:0 of EBX; zeros fill the rest. */
#define HYPERCALL_STATION 0x57a70000

/* EAX: the guest has come to its end. */
#define HYPERCALL_DONE 0x600d
