/*
 * Linear addresses.
 *
 *   0 - 1 GiB     the kernel: linear = physical, supervisor only, page 0 absent, W^X
 *   1 - 2 GiB     the module that runs (user pages); another one in each address space
 *   3 - 4 GiB     the framebuffer, where there is one: supervisor only, never executed, write-combining
 *
 * SDM 3A, chapter "Paging", 4-level paging.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USER_SPACE_LOW  0x40000000ull
#define USER_SPACE_HIGH 0x80000000ull

#define DEVICE_SPACE_LOW   0xc0000000ull
#define DEVICE_SPACE_BYTES (1ull << 30)

/* Of a linear address with 4-level paging, whatever more the processor could have (CR4.LA57). */
#define LINEAR_ADDRESS_BITS 48

/* Can it be an address at all?  IRETQ to one that cannot faults in the kernel. */
static inline bool
linear_is_canonical(uint64_t address)
{
	const unsigned shift = 64 - LINEAR_ADDRESS_BITS;

	return (uint64_t)((int64_t)(address << shift) >> shift) == address;
}

/* Rights of a user page; all are readable. */
enum page_rights { MAP_READ_ONLY, MAP_WRITABLE, MAP_EXECUTABLE };

struct address_space {
	uint64_t *pml4; /* physical = linear; what goes into CR3 */
};

/* Build and load the kernel's page tables; sets EFER.NXE and CR0.WP.  NULL, or one sentence when the
 * processor cannot protect pages from execution. */
const char *paging_init(void);

/* Map size bytes of a device's memory from physical on, wherever that is, into this and later address
 * spaces, at once: also before paging_init(), which withdraws the right to execute there.  Once only; needs
 * frames_init().  Returns where, NULL when it does not fit or the processor has no such addresses. */
void *paging_map_device(uint64_t physical, uint64_t size_bytes);

/* Map size bytes of registers (at most 2 MiB, not across a multiple of 2 MiB) of a device in the last GiB below
 * 4 GiB to where they are, uncached, into this and later address spaces; needs paging_init().  NULL when there is
 * something else. */
void *paging_map_registers(uint64_t physical, uint64_t size_bytes);

/* A new address space with the kernel in it and no user page. */
struct address_space address_space_create(void);

/* Map one user page at linear address (page aligned, in user space) to the frame at physical. */
void address_space_map(
        struct address_space space, uint64_t linear, uint64_t physical, enum page_rights rights);

/* Switch to the address space, or back to the kernel's own. */
void address_space_load(struct address_space space);
void address_space_load_kernel(void);

/* Where the user page that holds linear lies in physical memory; 0 when there is none, or when
 * write is asked for and it is read-only.  With write the page counts as written. */
uint64_t address_space_translate(struct address_space space, uint64_t linear, bool write);

/* Was the mapped user page written since it was mapped or last taken?  (SDM 3A, "Accessed and
 * Dirty Flags": the processor learns of the latter when the address space is loaded again.) */
bool address_space_is_dirty(struct address_space space, uint64_t linear);
bool address_space_take_dirty(struct address_space space, uint64_t linear);

/* Copy from and to user memory; false when any byte of it is not the user's.  Page by page: no
 * fault can happen. */
bool copy_from_user(struct address_space space, void *to, uint64_t from, size_t size_bytes);
bool copy_to_user(struct address_space space, uint64_t to, const void *from, size_t size_bytes);
