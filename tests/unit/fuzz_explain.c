/*
 * Fuzzing r33 explain as a whole: whatever dumps are found in the input, they are judged and
 * printed.  Beyond what the sanitizers see: no control character is printed, and a rule is not
 * violated and unknown at once.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "explain/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { FEW_DUMPS = 4 }; /* of an input; more of them say nothing new */

static void
check_text(const struct explanation *explanation)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	explain_text(out, explanation, true);
	explain_text(out, explanation, false);
	fclose(out);
	for (size_t i = 0; i < size; i++) {
		if (((unsigned char)text[i] < ' ' && text[i] != '\n' && text[i] != '\t') ||
		        text[i] == 0x7f)
			abort();
	}
	free(text);
}

static void
check(const struct explanation *explanation)
{
	json_t *report = explain_json(explanation);

	if (!report || !explanation->headline)
		abort();
	for (size_t i = 0; i < explanation->violation_count; i++) {
		for (size_t j = 0; j < explanation->unknown_count; j++) {
			if (explanation->violations[i].rule == explanation->unknown[j].rule)
				abort();
		}
	}
	check_text(explanation);
	json_decref(report);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct dump_file file;
	struct caps caps;

	caps_of_any_processor(&caps);
	dump_read(&file, (const char *)bytes, length);
	for (size_t i = 0; i < file.count && i < FEW_DUMPS; i++) {
		struct explanation explanation;

		explain(&explanation, &file.dumps[i], &caps);
		check(&explanation);
		explanation_free(&explanation);
	}
	dump_file_free(&file);
	return 0;
}
