/*
 * Is this an engine on which the back end works?
 *
 * Labs execute VMX instructions at CPL 3, and the kernel performs them when they raise #UD.  QEMU 10.0.2 takes
 * some of them for nothing: a lab's VMPTRLD would have no effect, and nobody would notice.
 */
#include "vmx/svm/self_test.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cpu/x86.h"

const char *
svm_self_test(void)
{
	return vmptrst_is_undefined()
	               ? NULL
	               : "this QEMU ignores VMX instructions instead of raising #UD (10.0.2 does): "
	                 "take another version (tested: 7.2.22, 10.0.13), or use Bochs";
}
