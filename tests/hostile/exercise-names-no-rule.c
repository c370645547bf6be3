/*
 * A number that has the right one in its lower half is not the right one.
 *
 * lab: 8
 * instead of: diagnose_new_page_tables
 * outcome: lab-garbage
 * loses: new-page-tables
 * part: 0
 */
enum rule_name
diagnose_new_page_tables(void)
{
	long service = 0;

	__asm__ volatile("int $0x33" : : "a"(service), "D"(1ul << 32 | RULE_CR3_MAXPHY) : "memory");
	return solve();
}
