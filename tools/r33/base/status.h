/* How r33 ends. */
#pragma once

/* Exit statuses; other people's scripts know them. */
enum exit_status {
	STATUS_ALL_POINTS = 0,
	STATUS_POINTS_LOST = 1,
	STATUS_USAGE = 2,
	STATUS_ENGINE_OR_FILE = 3,
};
