/*
 * Prints what terminals obey, what YAML, JSON and XML trip over, and every byte there is.
 *
 * outcome: not-written
 */
enum decision
set_control_registers(const struct guest *guest)
{
	lab_printf("\033[2J\033]0;all points\a\033[1;32mPASS\033[0m\r\b\b\b");
	lab_printf("</failure><![CDATA[ ]]>&lt; \"quoted\" \\ {{ %%s %%n\n--- !!python/object\n");
	if (guest->mode == GUEST_64BIT)
		for (int byte = 0; byte < 256; byte++)
			lab_printf("%c", byte);
	lab_printf("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xff");
	return UNWRITTEN;
}
