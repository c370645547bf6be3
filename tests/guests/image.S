/* One guest's image as the kernel carries it: name, first and last byte, where it is linked
 * (struct guest_image in kernel/grade/guest_memory.h). */
#define STRING_(name) #name
#define STRING(name) STRING_(name)

	.section .guest_bytes, "a"
1:	.incbin GUEST_BYTES
2:
3:	.asciz STRING(GUEST_NAME)

	.section .guest_images, "a"
	.balign 8
	.quad 3b, 1b, 2b, GUEST_ADDRESS

	.section .note.GNU-stack, "", @progbits
