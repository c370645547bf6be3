/* Which version the installed engine is: see engine.h. */
#include <ctype.h>
#include <string.h>

#include "engine.h"

enum { ANSWER_BYTES = 4096, ANSWER_WAIT_MS = 10000 };

struct answer {
	char text[ANSWER_BYTES];
	size_t length;
};

/* Collect the last bytes: Bochs introduces itself at the end. */
static void
take_answer(void *context, const char *bytes, size_t length)
{
	struct answer *answer = context;
	size_t room = sizeof(answer->text) - 1;

	for (size_t i = 0; i < length; i++) {
		if (answer->length == room) {
			memmove(answer->text, answer->text + room / 2, room - room / 2);
			answer->length -= room / 2;
		}
		answer->text[answer->length++] = bytes[i] ? bytes[i] : ' ';
	}
	answer->text[answer->length] = '\0';
}

void
engine_version_in(const char *follows, const char *text, char version[ENGINE_VERSION_BYTES])
{
	const char *found = strstr(text, follows);
	size_t length = 0;

	if (found) {
		found += strlen(follows);
		while (length < ENGINE_VERSION_BYTES - 1 &&
		        (isalnum((unsigned char)found[length]) || found[length] == '.' ||
		                found[length] == '-'))
			length++;
		memcpy(version, found, length);
	}
	version[length] = '\0';
}

bool
engine_ask(const char *const *argv, struct engine_question *question)
{
	const char *const environment[] = { "TERM=xterm", "LC_ALL=C", "PATH=/usr/bin:/bin", NULL };
	struct spawn spawn = {
		.argv = argv, .environment = environment, .files = { -1, -1, -1, -1, -1, -1 }
	};

	return argv[0] &&
	       process_start_output(&question->child, &spawn, true, &question->output) == 0;
}

void
engine_version_begin(const struct engine *engine, struct engine_question *question)
{
	const char *const argv[] = { engine->program(), engine->version_option, NULL };

	question->asked = engine_ask(argv, question);
}

void
engine_version_end(const struct engine *engine, struct engine_question *question,
        char version[ENGINE_VERSION_BYTES])
{
	struct answer answer = { .length = 0 };

	version[0] = '\0';
	if (!question->asked)
		return;
	process_finish_output(
	        &question->child, &question->output, take_answer, &answer, ANSWER_WAIT_MS);
	question->asked = false;
	engine_version_in(engine->version_follows, answer.text, version);
}
