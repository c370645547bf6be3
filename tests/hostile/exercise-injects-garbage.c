/*
 * An event of the type that no processor knows, into a guest that is otherwise repaired.
 *
 * lab: 8
 * instead of: diagnose_new_page_tables
 * outcome: vmfail
 * loses: new-page-tables
 * part: 2
 */
enum rule_name
diagnose_new_page_tables(void)
{
	vmwrite(VM_ENTRY_INTERRUPTION_INFORMATION, 0x80000131);
	return solve();
}
