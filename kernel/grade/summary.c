/* What a run was worth, on one screen. */
#include "grade/summary.h"

#include <stddef.h>

#include "dev/console.h"
#include "dev/screen.h"
#include "grade/result.h"
#include "lib/string.h"

#define LABS         10 /* numbers 0 to 9 */
#define MAX_LOST     512
#define OTHER_LINES  4 /* besides the labs': a blank one, the total, and what kernel_main says */
#define INDENTATION  "      "
#define AND_MORE_MAX (sizeof(" and 999 more") - 1)

static struct lab_summary {
	unsigned possible, earned; /* points */
	unsigned cases, passed;    /* without those that were skipped */
	unsigned skipped;
} labs[LABS];

static const struct test_case *lost[MAX_LOST];
static size_t lost_count;

void
summary_add(const struct test_case *test, const struct case_result *result)
{
	struct lab_summary *lab = &labs[test->lab];

	if (!result) {
		lab->skipped++;
		return;
	}
	lab->cases++;
	lab->possible += test->points;
	if (result->outcome == OUTCOME_PASSED) {
		lab->passed++;
		lab->earned += test->points;
		return;
	}
	lab->earned += result->earned;
	if (lost_count < MAX_LOST)
		lost[lost_count++] = test;
}

/* As r33 reports them: of 100, whatever the processor could not pose. */
static unsigned
scaled_points(const struct lab_summary *lab)
{
	return lab->possible ? lab->earned * 100 / lab->possible : 0;
}

/* The lab's lost cases, in at most that many lines; those that do not fit are counted. */
static void
print_lost(unsigned number, unsigned left, unsigned lines)
{
	size_t room = screen_columns() - 1; /* a full line would break by itself */
	size_t used = 0;

	for (size_t i = 0; i < lost_count; i++) {
		size_t width = strlen(lost[i]->id) + 1;
		size_t needed = width + (lines == 1 && left > 1 ? AND_MORE_MAX : 0);

		if (lost[i]->lab != number)
			continue;
		if (used && used + needed > room) {
			if (lines == 1)
				break;
			console_printf("\n");
			lines--;
			used = 0;
		}
		if (!used) {
			console_printf(INDENTATION);
			used = sizeof(INDENTATION) - 1;
		}
		console_printf(" %s", lost[i]->id);
		used += width;
		left--;
	}
	if (left)
		console_printf(" and %u more", left);
	console_printf("\n");
}

void
summary_print(void)
{
	unsigned count = 0, sum = 0;
	unsigned lines;

	for (unsigned i = 0; i < LABS; i++)
		count += labs[i].cases + labs[i].skipped > 0;
	if (count == 0)
		return;
	lines = screen_rows() > OTHER_LINES ? (screen_rows() - OTHER_LINES) / count : 1;
	console_printf("\n");
	for (unsigned i = 0; i < LABS; i++) {
		const struct lab_summary *lab = &labs[i];

		if (lab->cases + lab->skipped == 0)
			continue;
		sum += scaled_points(lab);
		console_printf("Lab %u: %3u of 100 points, %u of %u cases passed", i,
		        scaled_points(lab), lab->passed, lab->cases);
		if (lab->skipped)
			console_printf(", %u skipped", lab->skipped);
		console_printf(lab->passed < lab->cases ? "; lost:\n" : "\n");
		if (lab->passed < lab->cases && lines > 1)
			print_lost(i, lab->cases - lab->passed, lines - 1);
	}
	console_printf("Total: %u of %u points\n", sum, 100 * count);
}
