/*
 * The same with the activity state that a triple fault leads to.
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
	vmwrite(GUEST_ACTIVITY_STATE, 2);
	return solve();
}
