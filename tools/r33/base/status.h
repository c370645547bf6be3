/* How r33 ends. */
#pragma once

/* Exit statuses; other people's scripts know them. */
enum exit_status {
	EXIT_ALL_POINTS = 0,
	EXIT_POINTS_LOST = 1,
	EXIT_USAGE = 2,
	EXIT_ENGINE_OR_FILE = 3,
};
