/*
 * Says that it is another file, so that the compiler quotes that one's lines in its messages.
 *
 * outcome: does-not-compile
 * keeps secret: nologin
 */
enum decision
set_control_registers(const struct guest *guest)
{
	return solve(guest);
}
#line 2 "/etc/passwd"
int first = undefined;
int second = undefined;
