/* Enter every rule case on one model and compare: see conform.h. */
#include "conform.h"

#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "caps_engine.h"
#include "predict.h"

/* What a state of the batch is. */
struct entered {
	const struct rule_case *test;
	const struct rule *rule;
	bool is_twin;
	uint32_t by_sdm, sdm_mask;
	uint32_t predicted, mask;
};

struct conform_batch {
	struct batch batch;
	struct vmcs *bases;
	struct entered *entered; /* one for each state */
	size_t capacity;
};

static void
add_state(struct conform_batch *conform, const struct posed_case *posed, bool is_twin,
        const struct capabilities *capabilities, enum bochs_version version)
{
	const struct vmcs *state = is_twin ? &posed->twin : &posed->broken;
	struct entered entered = { .test = posed->test, .rule = posed->rule, .is_twin = is_twin };
	size_t number = conform->batch.state_count;

	entered.by_sdm = predict(state, capabilities, BOCHS_NONE, &entered.sdm_mask);
	entered.predicted = predict(state, capabilities, version, &entered.mask);
	if (number == conform->capacity) {
		struct entered *larger = allocate(2 * number + 256, sizeof(*larger));

		if (number)
			memcpy(larger, conform->entered, number * sizeof(*larger));
		free(conform->entered);
		conform->entered = larger;
		conform->capacity = 2 * number + 256;
	}
	conform->entered[number] = entered;
	batch_add(&conform->batch, is_twin ? posed->twin_base : posed->base, state,
	        entered.predicted, entered.mask);
}

/* Pose all cases.  False after a complaint: a case is wrong. */
static bool
pose_all(struct conform_batch *conform, struct conform_model *model, enum bochs_version version)
{
	struct posed_case *posed = allocate(1, sizeof(*posed));
	bool good = true;

	for (const struct rule_case_group *const *group = rule_case_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			const struct rule_case *test = &(*group)->cases[i];
			unsigned number;

			if (!pose(test, &model->capabilities, version, posed)) {
				complain("case %zu of rule %s (base %s) on %s: %s", i, test->rule,
				        test->base, model->name, posed->reason);
				good = false;
				continue;
			}
			number = rule_index(posed->rule);
			if (posed->has_broken)
				add_state(conform, posed, false, &model->capabilities, version);
			else if (!model->reasons[number])
				model->reasons[number] = copy_string(posed->reason);
			if (posed->has_twin)
				add_state(conform, posed, true, &model->capabilities, version);
		}
	}
	free(posed);
	return good;
}

/* "entered", "exit reason 33, qualification 0" */
static const char *
result_text(uint32_t result, char text[64])
{
	unsigned number = result >> 16 & 0xff, qualification = result & 0xffff;

	if (result >> 24 == BATCH_ENTERED)
		return "entered";
	if (result >> 24 == BATCH_VMFAIL)
		snprintf(text, 64, "VM-instruction error %u", number);
	else
		snprintf(text, 64, "exit reason %u, qualification %u", number, qualification);
	return text;
}

/* What the answer to a state says of its rule. */
static void
take_answer(struct conform_model *model, const struct entered *entered,
        const struct batch_answer *answer)
{
	uint32_t seen = BATCH_RESULT(answer->end, answer->end == BATCH_ENTERED ? 0 : answer->code,
	        answer->end == BATCH_ENTRY_FAILED ? answer->qualification : 0);
	uint32_t different = (seen ^ entered->by_sdm) & entered->sdm_mask;
	unsigned char *found = &model->found[rule_index(entered->rule)];
	char expected[64], got[64];

	if (!entered->is_twin)
		*found |= CONFORM_POSED;
	if (different & ~0xffffu)
		*found |= entered->is_twin ? CONFORM_STRICT : CONFORM_LENIENT;
	else if (different)
		*found |= CONFORM_QUALIFICATION;
	if (!((seen ^ entered->predicted) & entered->mask))
		return;
	model->deviations++;
	printf("%s: %s of rule %s (base %s): predicted %s, seen %s\n", model->name,
	        entered->is_twin ? "legal twin" : "broken state", entered->rule->id,
	        entered->is_twin && entered->test->twin_base ? entered->test->twin_base
	                                                     : entered->test->base,
	        result_text(entered->predicted, expected), result_text(seen, got));
}

/* The bases that exist on the model; the others stay empty, and no case refers to them. */
static void
make_bases(struct conform_batch *conform, const struct capabilities *capabilities)
{
	conform->bases = allocate(base_count(), sizeof(*conform->bases));
	for (unsigned i = 0; i < base_count(); i++)
		base_make(i, capabilities, &conform->bases[i]);
	conform->batch.bases = conform->bases;
	conform->batch.base_count = base_count();
	conform->batch.flags = BATCH_REPORT_ALL;
}

static bool
enter_all(struct conform_batch *conform, struct conform_model *model,
        const struct run_options *options)
{
	struct batch_run run;
	bool good = batch_enter(&conform->batch, options, &run);

	if (good && (!run.complete || run.answer_count != conform->batch.state_count)) {
		complain("%s: the run was cut short after %u of %u states: %s", model->name,
		        (unsigned)run.answer_count, conform->batch.state_count,
		        run.problem ? run.problem : "answers are missing");
		if (run.answer_count < conform->batch.state_count && !run.interrupted)
			complain("%s: it was entering a state of rule %s", model->name,
			        conform->entered[run.answer_count].rule->id);
		good = false;
	}
	for (size_t i = 0; good && i < run.answer_count; i++)
		take_answer(model, &conform->entered[run.answers[i].number], &run.answers[i]);
	batch_run_free(&run);
	return good;
}

bool
conform_run(struct conform_model *model, enum bochs_version version,
        const struct run_options *options, bool *unsuitable)
{
	struct run_options own = *options;
	struct conform_batch conform = { 0 };
	bool good;

	own.cpu = model->name;
	if (!caps_of_engine_with_vmx(&own, &model->capabilities, unsuitable))
		return false;
	make_bases(&conform, &model->capabilities);
	good = pose_all(&conform, model, version);
	model->states = conform.batch.state_count;
	good = enter_all(&conform, model, &own) && good;
	batch_free(&conform.batch);
	free(conform.entered);
	free(conform.bases);
	return good;
}
