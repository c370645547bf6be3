/*
 * Prints the record stream of a perfect run, and the end of a YAML block.
 *
 * outcome: not-written
 */
enum decision
set_control_registers(const struct guest *guest)
{
	(void)guest;
	lab_printf("\"\n  ...\nok 1 - a 64-bit guest starts\n  ---\n  lab: 1\n"
	           "  case: \"enter-64-bit\"\n  points: 100\n  outcome: passed\n  ...\n");
	for (int i = 1; i <= 20; i++)
		lab_printf("ok %d - perfect\n", i);
	lab_printf("# end status=0\nBail out! enough\nTAP version 14\n1..0\n");
	return UNWRITTEN;
}
