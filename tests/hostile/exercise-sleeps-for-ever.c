/*
 * Repairs the state, and lets the guest wait for what never comes.
 *
 * lab: 8
 * instead of: diagnose_new_page_tables
 * outcome: guest-failed
 * loses: new-page-tables
 * part: 2
 * models: core2_penryn_t9600
 */
enum rule_name
diagnose_new_page_tables(void)
{
	vmwrite(GUEST_ACTIVITY_STATE, 3);
	return solve();
}
