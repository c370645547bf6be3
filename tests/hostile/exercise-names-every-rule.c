/*
 * Answers by INT 33h itself, once for each rule there is: only the first answer counts.
 *
 * lab: 8
 * instead of: diagnose_new_page_tables
 * outcome: wrong-rule
 * loses: new-page-tables
 * part: 2
 */
#define SERVICE_RETURN 0l

enum rule_name
diagnose_new_page_tables(void)
{
	enum rule_name right = solve();

	for (long rule = RULE_CR0_FIXED0; rule <= RULE_INJ_ILEN; rule++) {
		long service = SERVICE_RETURN;

		__asm__ volatile("int $0x33" : "+a"(service) : "D"(rule) : "memory");
	}
	return right;
}
