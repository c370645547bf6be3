/*
 * A module that would not fit beside the machine's memory: 1 GiB of zeros, in no byte of the file.
 *
 * outcome: module-malformed
 */
static char room[1 << 30];

enum decision
set_control_registers(const struct guest *guest)
{
	room[guest->cr0 % sizeof room] = 1;
	return solve(guest);
}
