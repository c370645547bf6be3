/*
 * All fields are wrong, so the rule that is asked for must be among those that are broken.
 *
 * lab: 8
 * instead of: break_link_current
 * outcome: wrong-state
 * loses: break-link-current
 * part: 0
 */
enum decision
break_link_current(void)
{
	for (uint32_t field = GUEST_ES_SELECTOR; field <= GUEST_TR_SELECTOR; field += 2)
		vmwrite(field, 0xffff);
	for (uint32_t field = GUEST_ES_LIMIT; field <= GUEST_TR_ACCESS_RIGHTS; field += 2)
		vmwrite(field, 0x12345678);
	for (uint32_t field = GUEST_CR0; field <= GUEST_RFLAGS; field += 2)
		vmwrite(field, 0x123456789abcdef);
	return solve();
}
