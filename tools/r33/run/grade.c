/* Cases and points of a run: see grade.h. */
#include "grade.h"

#include <stdlib.h>
#include <string.h>

/* The lab's number in the list, or NULL. */
static const struct lab *
find_lab(const struct labs *labs, int number)
{
	for (int i = 0; i < labs->count; i++) {
		if (labs->labs[i].number == number)
			return &labs->labs[i];
	}
	return NULL;
}

/* The one case of a lab that could not be built. */
static struct reported_case
not_built_case(const struct lab *lab)
{
	struct reported_case result = {
		.status = CASE_FAILED,
		.announced = true,
		.lab = lab->number,
		.points = NOT_BUILT_POINTS,
		.id = copy_string("build"),
		.title = copy_string("the submission compiles"),
		.outcome = build_state_word(lab->state),
	};

	result.details = json_pack("{s:i, s:s, s:i, s:s, s:o}", record_keys[KEY_LAB].word,
	        lab->number, record_keys[KEY_CASE].word, result.id, record_keys[KEY_POINTS].word,
	        result.points, record_keys[KEY_OUTCOME].word, result.outcome,
	        record_keys[KEY_MESSAGE].word,
	        text_json(lab->state == BUILD_NO_SUBMISSION
	                          ? lab->message
	                          : "the compiler or the linker rejected it"));
	if (lab->state == BUILD_DOES_NOT_COMPILE)
		json_object_set_new(result.details, "compiler", text_json(lab->message));
	return result;
}

/* Lab first, then the order of the stream. */
static int
compare_cases(const void *left, const void *right)
{
	const struct reported_case *a = *(const struct reported_case *const *)left;
	const struct reported_case *b = *(const struct reported_case *const *)right;

	return a->lab != b->lab ? a->lab - b->lab : a->number - b->number;
}

void
grade_assemble(struct grade *grade)
{
	int planned = grade->stream && grade->stream->planned > 0 ? grade->stream->planned : 0;
	int lab = grade->labs.labs[0].number;

	grade->cases = allocate((size_t)planned + LABS, sizeof(*grade->cases));
	for (int i = 0; i < planned; i++) {
		struct reported_case *result = &grade->stream->cases[i];
		const struct lab *found;

		/* A case the stream said nothing of is of the lab before it. */
		lab = result->lab = result->lab ? result->lab : lab;
		found = find_lab(&grade->labs, lab);
		if (!found || lab_is_gradable(found))
			grade->cases[grade->case_count++] = result;
	}
	for (int i = 0; i < grade->labs.count; i++) {
		if (lab_is_gradable(&grade->labs.labs[i]))
			continue;
		grade->not_built[i] = not_built_case(&grade->labs.labs[i]);
		grade->cases[grade->case_count++] = &grade->not_built[i];
	}
	qsort(grade->cases, (size_t)grade->case_count, sizeof(*grade->cases), compare_cases);
}

void
grade_free(struct grade *grade)
{
	for (int i = 0; i < LABS; i++) {
		free(grade->not_built[i].id);
		free(grade->not_built[i].title);
		json_decref(grade->not_built[i].details);
	}
	free(grade->cases);
	free(grade->end_message);
	free(grade->raw);
	stream_free(grade->stream);
	labs_free(&grade->labs);
}

/* All points of a passed case, of a failed one those that the kernel gave. */
int
case_earned(const struct reported_case *result)
{
	return result->status == CASE_PASSED   ? result->points
	       : result->status == CASE_FAILED ? result->earned
	                                       : 0;
}

struct points
grade_points(const struct grade *grade, int lab)
{
	struct points points = { 0 };

	for (int i = 0; i < grade->case_count; i++) {
		const struct reported_case *result = grade->cases[i];

		if (lab && result->lab != lab)
			continue;
		points.cases++;
		points.passed += result->status == CASE_PASSED;
		points.failed += result->status == CASE_FAILED;
		points.skipped += result->status == CASE_SKIPPED;
		points.missing += result->status == CASE_MISSING;
		points.earned += case_earned(result);
		if (result->status != CASE_SKIPPED)
			points.possible += result->points;
	}
	if (points.possible > 0)
		points.scaled = (int)((long)points.earned * 100 / points.possible);
	return points;
}

#define NO_EPT \
	"this processor has no EPT, so guests are not confined to their memory: do not grade " \
	"code you do not trust on it"
#define UNCONFINED \
	"this machine lacks Landlock, or seccomp with user notification, so the compiler and the " \
	"engine were not confined: do not grade code you do not trust on it"

/* Without EPT a guest can write to all memory, the grader's as well. */
const char *
grade_warning(const struct grade *grade)
{
	static const char *const warnings[2][2] = {
		{ NULL, UNCONFINED },
		{ NO_EPT, NO_EPT "; " UNCONFINED },
	};
	bool has_ept = !grade->stream || !grade->stream->machine ||
	               !strstr(grade->stream->machine, " ept=0");
	bool is_confined = grade->confinement.landlock > 0 && grade->confinement.watch;

	return warnings[!has_ept][!is_confined];
}

/* 3 unless the run is done and every case has reported; then 0 for all points, else 1. */
enum exit_status
grade_status(const struct grade *grade)
{
	struct points points = grade_points(grade, 0);

	if (grade->end != RUN_DONE || points.missing > 0 || points.possible == 0)
		return STATUS_ENGINE_OR_FILE;
	return points.earned == points.possible ? STATUS_ALL_POINTS : STATUS_POINTS_LOST;
}

int
grade_unwritten_cases(const struct grade *grade, int lab)
{
	int count = 0;

	for (int i = 0; i < grade->case_count; i++) {
		const struct reported_case *result = grade->cases[i];

		/* One that this processor cannot pose was not asked. */
		if (result->lab != lab || result->status == CASE_SKIPPED)
			continue;
		if (result->status != CASE_FAILED || !case_has_outcome(result, OUTCOME_NOT_WRITTEN))
			return 0;
		count++;
	}
	return count;
}
