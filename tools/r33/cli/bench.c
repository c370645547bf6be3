/*
 * r33 bench: how long it takes to boot, to enter, to grade.
 *
 * Each round does one of everything, on each engine, so that a machine that is busy for a while is busy for all
 * of them: a grade of the solution, the same kernel from a plain grub-mkrescue image (in Bochs at the usual
 * ips), and a run that does nothing but VM entries and exits.  Medians are reported.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <r33/array.h>

#include "base/save.h"
#include "bench_gdb.h"
#include "bench_rules.h"
#include "commands.h"
#include "run/session.h"

enum { PLAIN_IPS = 50000000, ENGINES = 2 };

/* What is measured. */
enum metric {
	BENCH_KERNEL_ENTRY,
	BENCH_FIRST_ENTRY,
	BENCH_GRADE_TO_ENTRY,
	BENCH_PLAIN,
	BENCH_RATIO,
	BENCH_ROUND_TRIPS,
	BENCH_GRADE,
	BENCH_CASE,
	BENCH_ALL_LABS,
	BENCH_ALL_LABS_RATIO,
	BENCH_RULES,
	BENCH_GDB_ATTACH,
	BENCH_GDB_OVER_BOOT,
	BENCH_GDB_STEPS,
	BENCH_GDB_NEXT,
	METRICS,
};

static const struct {
	const char *key, *unit, *text;
	int decimals;
} metrics[METRICS] = {
	[BENCH_KERNEL_ENTRY] = { "engine_start_to_kernel_entry_ms", "ms",
	        "engine start to kernel entry", 1 },
	[BENCH_FIRST_ENTRY] = { "kernel_entry_to_first_entry_ms", "ms",
	        "kernel entry to first VM entry", 1 },
	[BENCH_GRADE_TO_ENTRY] = { "grade_start_to_first_entry_ms", "ms",
	        "r33 grade start to first VM entry", 1 },
	[BENCH_PLAIN] = { "plain_image_to_first_entry_ms", "ms",
	        "engine start to first VM entry, grub-mkrescue image", 1 },
	[BENCH_RATIO] = { "ratio", "", "ratio of the last two (must be 0.45 or less, on QEMU 0.7)",
	        3 },
	[BENCH_ROUND_TRIPS] = { "round_trips_per_s", "/s",
	        "VM entry and exit round trips (on QEMU must be 22000 or more)", 0 },
	[BENCH_GRADE] = { "grade_ms", "ms", "r33 grade, start to end", 1 },
	[BENCH_CASE] = { "case_ms", "ms", "marginal cost of a case (must be below 5)", 2 },
	[BENCH_ALL_LABS] = { "all_labs_grade_ms", "ms",
	        "r33 grade of all labs in one boot, start to end", 1 },
	[BENCH_ALL_LABS_RATIO] = { "all_labs_ratio", "",
	        "ratio of all labs to one lab (must be 3 or less)", 2 },
	[BENCH_RULES] = { "rules_states_per_s", "/s",
	        "guest states judged by the rules, one core (must be 1,000,000 or more)", 0 },
	[BENCH_GDB_ATTACH] = { "gdb_attach_ms", "ms", "r33 gdb, start to gdb's first command", 1 },
	[BENCH_GDB_OVER_BOOT] = { "gdb_attach_over_boot_ms", "ms",
	        "... more than r33 grade to first VM entry (must be 1000 or less)", 1 },
	[BENCH_GDB_STEPS] = { "gdb_steps_per_s", "/s", "stepi in gdb (must be 1000 or more)", 0 },
	[BENCH_GDB_NEXT] = { "gdb_next_by_run", "",
	        "next over the call of a case, by running it (must be 2 or less)", 2 },
};

/* Those of gdb are measured on Bochs. */
static bool
is_measured(const struct command_options *options, int metric)
{
	return metric < BENCH_GDB_ATTACH || options->run.engine == &engine_bochs;
}

/* All samples of an engine. */
struct bench {
	struct command_options options;
	double *samples[METRICS];
	int count;
	double bench_start_ms, bench_end_ms; /* of the current run */
};

/* Note when the round trips began and ended. */
static void
note_time(void *context, enum stream_event event, const struct stream *stream, const char *text)
{
	struct bench *bench = context;

	(void)stream;
	if (event != STREAM_COMMENT)
		return;
	if (strncmp(text, " bench start", 12) == 0)
		bench->bench_start_ms = (double)now_us() / 1000;
	else if (strncmp(text, " bench end", 10) == 0)
		bench->bench_end_ms = (double)now_us() / 1000;
}

/* Which image to boot, and how. */
struct boot {
	const struct command_options *options;
	const char *command_line;
	bool plain;
	int ips;
};

/* Build, image, boot.  False when the run did not end well, after a complaint. */
static bool
boot_once(struct bench *bench, const struct boot *boot, struct run_times *times, int *cases)
{
	struct session *session = allocate(1, sizeof(*session));
	bool good;

	session->listen = note_time;
	session->listen_context = bench;
	good = session_open(session, &boot->options->run) == STATUS_ALL_POINTS &&
	       (boot->plain ? session_plain_image(session, boot->command_line)
	                    : session_image(session, "image.iso", boot->command_line));
	session->machine.ips = boot->ips;
	if (good) {
		session_boot(session, boot->plain ? "plain.iso" : "image.iso");
		good = session->grade.end == RUN_DONE && session->grade.times.first_entry >= 0;
		if (session->grade.end_message)
			complain("%s", session->grade.end_message);
	}
	session_close(session);
	if (good) {
		grade_assemble(&session->grade);
		*times = session->grade.times;
		times->total = session_ms(session);
		*cases = session->grade.case_count;
	}
	grade_free(&session->grade);
	free(session);
	return good;
}

/* One of everything. */
static bool
measure(struct bench *bench, const char *grade_line, const char *bench_line)
{
	const struct command_options *options = &bench->options;
	struct command_options all_options = *options;
	const struct boot grade = { .options = options, .command_line = grade_line };
	const struct boot plain = {
		.options = options, .command_line = grade_line, .plain = true, .ips = PLAIN_IPS
	};
	const struct boot round_trips = { .options = options, .command_line = bench_line };
	const struct boot all = { .options = &all_options, .command_line = "lab=all" };
	struct run_times times;
	struct gdb_speed gdb;
	int cases, i = bench->count;
	double **samples = bench->samples;

	if (!boot_once(bench, &grade, &times, &cases) || cases == 0)
		return false;
	samples[BENCH_KERNEL_ENTRY][i] = times.kernel_entry - times.engine_start;
	samples[BENCH_FIRST_ENTRY][i] = times.first_entry - times.kernel_entry;
	samples[BENCH_GRADE_TO_ENTRY][i] = times.first_entry;
	samples[BENCH_GRADE][i] = times.total;
	samples[BENCH_CASE][i] = (times.end - times.first_entry) / cases;
	all_options.run.lab = LAB_ALL;
	if (!boot_once(bench, &all, &times, &cases))
		return false;
	samples[BENCH_ALL_LABS][i] = times.total;
	samples[BENCH_ALL_LABS_RATIO][i] = times.total / samples[BENCH_GRADE][i];
	if (!boot_once(bench, &plain, &times, &cases))
		return false;
	samples[BENCH_PLAIN][i] = times.first_entry - times.engine_start;
	samples[BENCH_RATIO][i] = samples[BENCH_GRADE_TO_ENTRY][i] / samples[BENCH_PLAIN][i];
	if (!boot_once(bench, &round_trips, &times, &cases))
		return false;
	samples[BENCH_ROUND_TRIPS][i] =
	        options->round_trips * 1000.0 / (bench->bench_end_ms - bench->bench_start_ms);
	samples[BENCH_RULES][i] = bench_rules_per_second();
	bench->count++;
	if (!is_measured(options, BENCH_GDB_ATTACH))
		return true;
	if (!bench_gdb(options, &gdb))
		return false;
	samples[BENCH_GDB_ATTACH][i] = gdb.attach_ms;
	samples[BENCH_GDB_OVER_BOOT][i] = gdb.attach_ms - samples[BENCH_GRADE_TO_ENTRY][i];
	samples[BENCH_GDB_STEPS][i] = gdb.steps_per_s;
	samples[BENCH_GDB_NEXT][i] = gdb.next_by_run;
	return true;
}

/* For qsort(). */
static int
compare_samples(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

/* The median; the samples are sorted by it. */
static double
median(double *samples, int count)
{
	qsort(samples, (size_t)count, sizeof(*samples), compare_samples);
	return count % 2 ? samples[count / 2] : (samples[count / 2 - 1] + samples[count / 2]) / 2;
}

/* A ratio's median is that of the two medians: less noise than in the ratios themselves. */
static double
middle_of(const struct bench *bench, int metric, const json_t *medians)
{
	static const struct {
		int metric, above, below;
	} ratios[] = {
		{ BENCH_RATIO, BENCH_GRADE_TO_ENTRY, BENCH_PLAIN },
		{ BENCH_ALL_LABS_RATIO, BENCH_ALL_LABS, BENCH_GRADE },
	};
	double middle = median(bench->samples[metric], bench->count);

	for (size_t i = 0; i < COUNT(ratios); i++) {
		if (ratios[i].metric == metric)
			middle = json_real_value(
			                 json_object_get(medians, metrics[ratios[i].above].key)) /
			         json_real_value(
			                 json_object_get(medians, metrics[ratios[i].below].key));
	}
	return middle;
}

/* An engine's medians and samples. */
static json_t *
engine_json(struct bench *bench)
{
	json_t *medians = json_object();
	json_t *all = json_object();

	for (int i = 0; i < METRICS; i++) {
		json_t *samples = json_array();

		if (!is_measured(&bench->options, i)) {
			json_decref(samples);
			continue;
		}
		for (int j = 0; j < bench->count; j++)
			json_array_append_new(samples, json_real(bench->samples[i][j]));
		json_object_set_new(
		        medians, metrics[i].key, json_real(middle_of(bench, i, medians)));
		json_object_set_new(all, metrics[i].key, samples);
	}
	return json_pack("{s:s, s:s, s:o, s:o}", "engine", bench->options.run.engine->name, "cpu",
	        bench->options.run.cpu, "median", medians, "samples", all);
}

/* A row for each metric, with the engines' medians side by side; of one engine also the least and the most. */
static void
print_table(struct bench *benches, int count, const json_t *engines)
{
	printf("%-66s", "");
	for (int i = 0; i < count; i++)
		printf(" %10s", count > 1 ? benches[i].options.run.engine->name : "median");
	puts(count > 1 ? "" : "        min        max");
	for (int i = 0; i < METRICS; i++) {
		printf("%-66s", metrics[i].text);
		for (int j = 0; j < count; j++) {
			const json_t *median = json_object_get(
			        json_object_get(json_array_get(engines, (size_t)j), "median"),
			        metrics[i].key);

			if (median)
				printf(" %10.*f", metrics[i].decimals, json_real_value(median));
			else
				printf(" %10s", "-");
		}
		/* middle_of() has sorted them. */
		if (count == 1 && is_measured(&benches[0].options, i))
			printf(" %10.*f %10.*f", metrics[i].decimals, benches[0].samples[i][0],
			        metrics[i].decimals, benches[0].samples[i][benches[0].count - 1]);
		printf(" %s\n", metrics[i].unit);
	}
}

/* The table, and the same as JSON. */
static json_t *
report(struct bench *benches, int count)
{
	const struct command_options *options = &benches[0].options;
	json_t *engines = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(engines, engine_json(&benches[i]));
	print_table(benches, count, engines);
	return json_pack("{s:s, s:i, s:i, s:i, s:o}", "format", "r33 bench 2", "lab",
	        options->run.lab, "runs", benches[0].count, "round_trips", options->round_trips,
	        "engines", engines);
}

/* Write the JSON.  False after a complaint. */
static bool
store_json(const struct command_options *options, const json_t *results)
{
	const char *path = options->report.outputs[0].path;

	struct save save;
	FILE *out;

	if (strcmp(path, "-") == 0)
		return true;
	out = save_begin(&save, path);
	return out &&
	       save_end(&save, write_json(out, results, JSON_INDENT(2) | JSON_REAL_PRECISION(7)));
}

/* Lab 1 of the solutions, or of the labs in a tree that has none. */
static struct command_options
bench_options(const struct command_options *options, char **solutions)
{
	struct command_options own = *options;

	*solutions = new_string("%s/solutions", options->run.root);
	if (own.run.lab == LAB_ALL && !own.lab_given)
		own.run.lab = 1;
	if (!own.run.submission && access(*solutions, R_OK) == 0)
		own.run.submission = *solutions;
	return own;
}

/* The engines to measure: the one that was chosen, or all that are installed.  Returns how many. */
static int
choose_engines(struct bench benches[ENGINES], const struct command_options *options)
{
	int count = 1;

	benches[0].options = *options;
	if (!options->engine_given && options->run.engine == &engine_bochs &&
	        engine_qemu.program()) {
		struct run_options *run = &benches[count].options.run;

		benches[count++].options = *options;
		run->engine = &engine_qemu;
		run->accelerator = engine_qemu.accelerate(ACCELERATOR_AUTO);
		if (!options->cpu_given)
			run->cpu = run->accelerator == ACCELERATOR_KVM ? "host"
			                                               : engine_qemu.default_cpu;
	}
	return count;
}

/* r33 bench */
static int
run_bench(const struct command_options *options)
{
	char *solutions;
	const struct command_options own = bench_options(options, &solutions);
	struct bench benches[ENGINES] = { 0 };
	int count = choose_engines(benches, &own);
	char *grade_line = session_command_line(&own.run);
	char *bench_line = new_string("%s bench=%d", grade_line, own.round_trips);
	bool good = true;
	json_t *results;

	for (int i = 0; i < count; i++)
		for (int j = 0; j < METRICS; j++)
			benches[i].samples[j] = allocate((size_t)own.runs, sizeof(double));
	for (int round = 0; good && round < own.runs; round++)
		for (int i = 0; good && i < count; i++)
			good = measure(&benches[i], grade_line, bench_line);
	if (good) {
		results = report(benches, count);
		good = store_json(&own, results);
		json_decref(results);
	}
	for (int i = 0; i < count; i++)
		for (int j = 0; j < METRICS; j++)
			free(benches[i].samples[j]);
	free(bench_line);
	free(grade_line);
	free(solutions);
	return good ? STATUS_ALL_POINTS : STATUS_ENGINE_OR_FILE;
}

const struct command command_bench = {
	.name = "bench",
	.summary = "Measure how long booting, entering a guest and grading a lab take.",
	.options = "lseacTnobr",
	.help = "Prints medians; -o FILE stores them and all samples as JSON.\n"
	        "Measures the solution of lab 1 unless --lab and --submission say otherwise, on\n"
	        "Bochs and QEMU if both are installed and --engine does not choose one.\n"
	        "\n"
	        "examples:\n"
	        "  r33 bench -o build/bench.json\n"
	        "  r33 bench --runs 11 --cpu corei5_lynnfield_750\n",
	.run = run_bench,
};
