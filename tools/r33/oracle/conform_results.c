/*
 * The results of one engine as a text that is kept: a line for each model, one for each rule with a sign
 * for each model, and one with the reason for each rule that no model can be brought to break.
 *
 *	# reason33 conformance 1
 *	engine Bochs 2.7
 *	model tigerlake 850
 *	rule CR0-FIXED0 =
 *	why BNDCFGS-RSVD no model has MPX
 */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "conform.h"

static const char header[] = "# reason33 conformance 1";

const char *
conform_sign(unsigned found)
{
	static char sign[8];

	if (found & CONFORM_UNTRIED)
		return "?";
	if (found == CONFORM_POSED)
		return "=";
	snprintf(sign, sizeof(sign), "%s%s%s%s", found & CONFORM_LENIENT ? "+" : "",
	        found & CONFORM_STRICT ? "!" : "", found & CONFORM_QUALIFICATION ? "q" : "",
	        found == 0 ? "." : "");
	return sign;
}

/* The bits of a sign; false: it is none. */
static bool
read_sign(const char *sign, unsigned char *found)
{
	*found = strcmp(sign, ".") == 0 ? 0 : CONFORM_POSED;
	if (strcmp(sign, "=") == 0 || strcmp(sign, ".") == 0)
		return true;
	for (const char *c = sign; *c; c++) {
		if (!strchr("+!q", *c))
			return false;
		*found |= *c == '+'   ? CONFORM_LENIENT
		          : *c == '!' ? CONFORM_STRICT
		                      : CONFORM_QUALIFICATION;
	}
	return *sign != '\0';
}

/* Why no model can be brought to break the rule: what the table says, or what the newest model said. */
static const char *
reason_of(const struct conform_results *results, const struct rule *rule)
{
	const char *detail =
	        results->version < BOCHS_VERSIONS ? rule->bochs_detail[results->version] : NULL;
	const char *reason = detail;

	for (unsigned i = 0; i < results->count; i++) {
		if (results->models[i].found[rule_index(rule)])
			return NULL;
		if (!detail && results->models[i].reasons[rule_index(rule)])
			reason = results->models[i].reasons[rule_index(rule)];
	}
	return reason;
}

void
conform_results_write(FILE *out, const struct conform_results *results)
{
	fprintf(out, "%s\nengine %s\n", header, results->engine);
	for (unsigned i = 0; i < results->count; i++)
		fprintf(out, "model %s %u\n", results->models[i].name, results->models[i].states);
	for (const struct rule_group *const *group = rule_groups; *group; group++) {
		for (size_t i = 0; i < (*group)->count; i++) {
			const struct rule *rule = &(*group)->rules[i];
			const char *reason = reason_of(results, rule);

			fprintf(out, "rule %s", rule->id);
			for (unsigned j = 0; j < results->count; j++)
				fprintf(out, " %s",
				        conform_sign(results->models[j].found[rule_index(rule)]));
			fprintf(out, reason ? "\nwhy %s %s\n" : "\n", rule->id, reason);
		}
	}
}

/* "model tigerlake 850" */
static const char *
read_model(struct conform_results *results, char *line)
{
	struct conform_model *model = &results->models[results->count];
	char *name = strtok(line, " "), *states = strtok(NULL, " ");

	if (!name || !states)
		return "a model has a name and a number of states";
	if (results->count == CONFORM_MODELS)
		return "there are too many models";
	model->name = copy_string(name);
	model->states = (unsigned)strtoul(states, NULL, 10);
	memset(model->found, CONFORM_UNTRIED, sizeof(model->found));
	results->count++;
	return NULL;
}

/* "rule CR0-FIXED0 = = +" */
static const char *
read_rule(struct conform_results *results, char *line)
{
	const char *id = strtok(line, " ");
	const struct rule *rule = id ? rule_find(id) : NULL;

	if (!rule)
		return "there is no such rule";
	for (unsigned i = 0; i < results->count; i++) {
		const char *sign = strtok(NULL, " ");

		if (!sign || !read_sign(sign, &results->models[i].found[rule_index(rule)]))
			return "a rule has one of the signs for each model";
	}
	return NULL;
}

/* "why BNDCFGS-RSVD no model has MPX" */
static const char *
read_reason(struct conform_results *results, char *line)
{
	char *reason = strchr(line, ' ');
	const struct rule *rule;

	if (!reason || results->count == 0)
		return "a reason is one of a rule, after the models";
	*reason++ = '\0';
	rule = rule_find(line);
	if (!rule || results->models[0].reasons[rule_index(rule)])
		return "there is no such rule, or it has a reason already";
	results->models[0].reasons[rule_index(rule)] = copy_string(reason);
	return NULL;
}

static const char *
read_line(struct conform_results *results, char *line)
{
	if (strncmp(line, "engine ", 7) == 0)
		return snprintf(results->engine, sizeof(results->engine), "%s", line + 7) <
		                       (int)sizeof(results->engine)
		               ? NULL
		               : "the engine's name is too long";
	if (strncmp(line, "model ", 6) == 0)
		return read_model(results, line + 6);
	if (strncmp(line, "rule ", 5) == 0)
		return read_rule(results, line + 5);
	if (strncmp(line, "why ", 4) == 0)
		return read_reason(results, line + 4);
	return "expected 'engine', 'model', 'rule' or 'why'";
}

char *
conform_results_read(struct conform_results *results, char *text)
{
	const char *wrong = NULL;
	unsigned number = 1;
	char *end;

	*results = (struct conform_results){ .version = BOCHS_NONE,
		.models = allocate(CONFORM_MODELS, sizeof(*results->models)) };
	if (strncmp(text, header, strlen(header)) != 0 || text[strlen(header)] != '\n')
		return new_string(
		        "these are not results of r33 conform: the first line is not '%s'", header);
	for (text += strlen(header) + 1; *text && !wrong; text = end) {
		end = strchr(text, '\n');
		if (end)
			*end++ = '\0';
		else
			end = text + strlen(text);
		number++;
		wrong = read_line(results, text);
	}
	if (!wrong && (!results->engine[0] || results->count == 0))
		wrong = "there is no engine, or it has no model";
	return wrong ? new_string("line %u: %s", number, wrong) : NULL;
}

void
conform_results_free(struct conform_results *results)
{
	for (unsigned i = 0; i < results->count; i++) {
		for (unsigned j = 0; j < CONFORM_RULES; j++)
			free(results->models[i].reasons[j]);
		free(results->models[i].name);
	}
	free(results->models);
	*results = (struct conform_results){ .count = 0 };
}
