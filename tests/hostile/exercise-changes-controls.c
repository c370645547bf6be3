/*
 * Without the VM-entry control nothing would be wrong; but controls are the kernel's.
 *
 * lab: 8
 * instead of: diagnose_went_to_long_mode
 * outcome: lab-violation
 * loses: went-to-long-mode
 * part: 0
 */
enum rule_name
diagnose_went_to_long_mode(void)
{
	vmwrite(VM_ENTRY_CONTROLS, vmread(VM_ENTRY_CONTROLS) & ~(1ull << 15));
	return RULE_EFER_LMA_CTL;
}
