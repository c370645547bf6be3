/*
 * Repairs the state, and links the guest to memory of the kernel.
 *
 * lab: 8
 * instead of: diagnose_new_page_tables
 * outcome: wrong-state
 * loses: new-page-tables
 * part: 2
 */
enum rule_name
diagnose_new_page_tables(void)
{
	vmwrite(VMCS_LINK_POINTER, 0x100000);
	return solve();
}
