/*
 * Enters the guest with its own hands.
 *
 * lab: 8
 * instead of: diagnose_new_page_tables
 * outcome: lab-violation
 * loses: new-page-tables
 * part: 0
 */
enum rule_name
diagnose_new_page_tables(void)
{
	__asm__ volatile("vmlaunch" : : : "memory", "cc");
	return solve();
}
