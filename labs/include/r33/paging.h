/* Entries of page tables (SDM 3A, chapter "Paging") and of extended page tables (SDM 3C, "The Extended Page Table
 * Mechanism (EPT)"), for C and for assembly. */
#pragma once

#include <r33/bits.h>

#define PAGE_BYTES         BIT(12)
#define LARGE_PAGE_BYTES   BIT(21)
#define PAGE_TABLE_ENTRIES 512 /* of 8 bytes */

#define PAGE_PRESENT       BIT(0)
#define PAGE_WRITABLE      BIT(1)
#define PAGE_USER          BIT(2)
#define PAGE_CACHE_DISABLE BIT(4)
#define PAGE_DIRTY         BIT(6)
#define PAGE_LARGE         BIT(7)  /* in a page-directory entry: it maps a page */
#define PAGE_LARGE_PAT     BIT(12) /* ... whose memory type is one of the upper four of IA32_PAT */
#define PAGE_NO_EXECUTE    BIT(63)

/* A page-directory-pointer-table entry of PAE paging. */
#define PDPTE_PRESENT BIT(0)

#define EPT_READ               BIT(0)
#define EPT_WRITE              BIT(1)
#define EPT_EXECUTE            BIT(2)
#define EPT_READ_WRITE_EXECUTE (EPT_READ | EPT_WRITE | EPT_EXECUTE)
#define EPT_WRITE_BACK         (6 * BIT(3)) /* memory type */
#define EPT_LARGE              BIT(7)       /* in a page-directory entry: it maps a page */
