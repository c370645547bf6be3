/*
 * Whatever mails, logs, web pages and terminals do to a dump, it is read as the plain one is; a
 * cut one gives fewer values, never others.
 */
#include <r33/array.h>

#include "dump_check.h"

static const char *const fixtures[] = { "kvm-old.txt", "kvm-middle.txt", "kvm-new.txt", "xen.txt",
	"xen-msr-loading.txt", "xen-key.txt", "qemu-32.txt", "qemu-64.txt" };

/* A text that grows. */
struct text {
	FILE *stream;
	char *bytes;
	size_t length;
};

/* Begin a text. */
static struct text *
begin(struct text *text)
{
	*text = (struct text){ 0 };
	text->stream = open_memstream(&text->bytes, &text->length);
	assert_non_null(text->stream);
	return text;
}

/* The text's dumps are those of the plain one. */
static void
check_like(struct text *text, const struct dump_file *plain, const char *name, const char *how)
{
	struct dump_file file;
	char what[200];

	fclose(text->stream);
	snprintf(what, sizeof(what), "%s, %s", name, how);
	checked = what;
	dump_read(&file, text->bytes, text->length);
	if (file.count != plain->count)
		fail_msg("%s: %zu dumps, not %zu", what, file.count, plain->count);
	for (size_t i = 0; i < file.count; i++) {
		check_same(&file.dumps[i], &plain->dumps[i]);
		assert_int_equal(file.dumps[i].format, plain->dumps[i].format);
		assert_int_equal(file.dumps[i].note_count, plain->dumps[i].note_count);
		if (plain->dumps[i].title)
			assert_string_equal(file.dumps[i].title, plain->dumps[i].title);
		else
			assert_null(file.dumps[i].title);
	}
	dump_file_free(&file);
	free(text->bytes);
	checked = "";
}

/* What a line gets before and behind it. */
static const struct {
	const char *before, *behind;
} surroundings[] = {
	{ "[ 7058.291757] ", "\n" },
	{ "[28040.962363][T78789] ", "\n" },
	{ "<4>[28040.962363] ", "\n" },
	{ "Jun 24 17:25:51 host kernel: ", "\n" },
	{ "Dec 24 17:25:51 cafe kernel: [228693.950000] kvm_intel: ", "\n" },
	{ "2026-03-04T05:06:07.890123+01:00 fade QEMU[2997]: ", "\n" },
	{ "kernel: [228693.95] ", "\n" },
	{ "kvm_intel: ", "\n" },
	{ "(qemu) ", "\n" },
	{ "[…] ", "\n" },
	{ "> ", "\n" },
	{ ">>>> ", "\n" },
	{ "> > | ", "\n" },
	{ "&gt; &gt; ", "<br>\n" },
	{ "<p>", "</p>\n" },
	{ "<span class=\"k\">", "</span><br/>\n" },
	{ "\x1b[1;32m", "\x1b[0m\n" },
	{ "\x1b]0;title\x07\x1b[K", "\x1b(B\n" },
	{ "", "\r\n" },
	{ "", "\n\n" },
	{ "", "\n[   99.000000] usb 1-1: new high-speed USB device number 3 using xhci_hcd\n" },
	{ "\t\t", "\t\n" },
	{ "    ", "   \n" },
	{ "\xc2\xa0\xc2\xa0", "\xc2\xa0\n" },
	{ "", " " },
	{ "", "\\n" },
	{ "`", "`\n" },
	{ "| ", " |\n" },
	{ "* ", "\n" },
	{ "\xef\xbb\xbf", "\n" },
};

/* Prefixes, quotes, colours, tags and line ends. */
static void
surroundings_do_not_matter(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(fixtures); f++) {
		struct dump_file plain = read_fixture(fixtures[f]);
		size_t size;
		char *original = fixture(fixtures[f], &size);

		for (size_t s = 0; s < COUNT(surroundings); s++) {
			struct text text;

			begin(&text);
			for (const char *line = original; *line; line = strchr(line, '\n') + 1)
				fprintf(text.stream, "%s%.*s%s", surroundings[s].before,
				        (int)strcspn(line, "\n"), line, surroundings[s].behind);
			check_like(&text, &plain, fixtures[f], surroundings[s].before);
		}
		dump_file_free(&plain);
		free(original);
	}
}

/* What becomes of each character: a blank, and signs that mean something in HTML and mails. */
static const struct {
	const char *how;
	const char *blank, *equals, *less, *greater, *star;
} characters[] = {
	{ "tabs", "\t", "=", "<", ">", "*" },
	{ "doubled blanks", "  ", "=", "<", ">", "*" },
	{ "no-break spaces", "\xc2\xa0", "=", "<", ">", "*" },
	{ "no-break spaces of Latin 1", "\xa0", "=", "<", ">", "*" },
	{ "HTML", "&nbsp;", "=", "&lt;", "&gt;", "&#42;" },
	{ "quoted-printable", "=C2=A0", "=3D", "<", ">", "*" },
	{ "quoted-printable of Latin 1", "=A0", "=3D", "<", ">", "*" },
	{ "Markdown", " ", "\\=", "<", ">", "\\*" },
};

/* Blanks and encodings. */
static void
encodings_do_not_matter(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(fixtures); f++) {
		struct dump_file plain = read_fixture(fixtures[f]);
		size_t size;
		char *original = fixture(fixtures[f], &size);

		for (size_t c = 0; c < COUNT(characters); c++) {
			struct text text;

			begin(&text);
			for (const char *at = original; *at; at++) {
				if (*at == ' ')
					fputs(characters[c].blank, text.stream);
				else if (*at == '=')
					fputs(characters[c].equals, text.stream);
				else if (*at == '<')
					fputs(characters[c].less, text.stream);
				else if (*at == '>')
					fputs(characters[c].greater, text.stream);
				else if (*at == '*')
					fputs(characters[c].star, text.stream);
				else
					fputc(*at, text.stream);
			}
			check_like(&text, &plain, fixtures[f], characters[c].how);
		}
		dump_file_free(&plain);
		free(original);
	}
}

/* Rows of blanks that became one. */
static void
squeezed_blanks_do_not_matter(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(fixtures); f++) {
		struct dump_file plain = read_fixture(fixtures[f]);
		struct text text;
		size_t size;
		char *original = fixture(fixtures[f], &size);

		begin(&text);
		for (const char *at = original; *at; at++) {
			if (*at != ' ' || at[1] != ' ')
				fputc(*at, text.stream);
		}
		check_like(&text, &plain, fixtures[f], "squeezed");
		dump_file_free(&plain);
		free(original);
	}
}

/* UTF-16, as PowerShell's ">" writes it, in both orders. */
static void
utf16_does_not_matter(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(fixtures); f++) {
		struct dump_file plain = read_fixture(fixtures[f]);
		size_t size;
		char *original = fixture(fixtures[f], &size);

		for (int big = 0; big < 2; big++) {
			struct text text;

			begin(&text);
			fputs(big ? "\xfe\xff" : "\xff\xfe", text.stream);
			for (const char *at = original; *at; at++) {
				fputc(big ? 0 : *at, text.stream);
				fputc(big ? *at : 0, text.stream);
			}
			check_like(&text, &plain, fixtures[f], big ? "UTF-16BE" : "UTF-16LE");
		}
		dump_file_free(&plain);
		free(original);
	}
}

/* A mail client wraps one line, at any of its blanks; what it quotes gets a mark. */
static void
wrapped_lines_are_joined(void **state)
{
	static const char *const marks[] = { "\n", "\n> ", "\r\n", "\n | " };

	(void)state;
	for (size_t f = 0; f < COUNT(fixtures); f++) {
		struct dump_file plain = read_fixture(fixtures[f]);
		size_t size;
		char *original = fixture(fixtures[f], &size);

		for (size_t at = 0; at < size; at++) {
			const char *mark = marks[at % 4];
			struct text text;

			if (original[at] != ' ')
				continue;
			begin(&text);
			fprintf(text.stream, "%.*s %s%s", (int)at, original, mark,
			        original + at + 1);
			check_like(&text, &plain, fixtures[f], "wrapped");
		}
		dump_file_free(&plain);
		free(original);
	}
}

/* All lines are wrapped after so many columns. */
static void
check_width(const char *original, const struct dump_file *plain, size_t width, const char *name)
{
	struct text text;
	size_t column = 0;

	begin(&text);
	for (const char *at = original; *at; at++) {
		if (*at == ' ' && column >= width) {
			fputs("\n> ", text.stream);
			column = 2;
		} else {
			fputc(*at, text.stream);
			column = *at == '\n' ? 0 : column + 1;
		}
	}
	check_like(&text, plain, name, "all lines wrapped");
}

/* A piece of quoted-printable text, with a soft break before it if the line is full. */
static void
put_piece(struct text *text, const char *piece, size_t width, size_t *column)
{
	if (*column >= width && *piece != '\n') {
		fputs("=\n", text->stream);
		*column = 0;
	}
	fputs(piece, text->stream);
	*column = *piece == '\n' ? 0 : *column + strlen(piece);
}

/* Quoted-printable text with soft breaks after so many columns, in numbers and characters too. */
static void
check_soft_breaks(
        const char *original, const struct dump_file *plain, size_t width, const char *name)
{
	struct text text;
	size_t column = 0;

	begin(&text);
	for (const char *at = original; *at; at++) {
		char piece[2] = { *at, '\0' };

		if (*at == ' ' && at[1] == ' ') {
			put_piece(&text, "=C2", width, &column);
			put_piece(&text, "=A0", width, &column);
		} else {
			put_piece(&text, *at == '=' ? "=3D" : piece, width, &column);
		}
	}
	check_like(&text, plain, name, "soft breaks");
}

/* All lines are wrapped, narrowly or widely. */
static void
any_width_will_do(void **state)
{
	(void)state;
	for (size_t f = 0; f < COUNT(fixtures); f++) {
		struct dump_file plain = read_fixture(fixtures[f]);
		size_t size;
		char *original = fixture(fixtures[f], &size);

		for (size_t width = 20; width < 80; width += 4)
			check_width(original, &plain, width, fixtures[f]);
		for (size_t width = 62; width < 76; width++)
			check_soft_breaks(original, &plain, width, fixtures[f]);
		dump_file_free(&plain);
		free(original);
	}
}

/* A short line of quoted-printable text, broken in a number. */
static void
short_soft_breaks_are_joined(void **state)
{
	struct dump_file file = read_text("*** Guest State ***\nCR3 =3D 0x00000000000010=\n00\n");

	(void)state;
	assert_int_equal(file.count, 1);
	check_value(&file.dumps[0], GUEST_CR3, 0x1000);
	dump_file_free(&file);
}

/* Cut anywhere, with or without a line end behind it: fewer values, never another one. */
static void
cut_text_gives_no_other_value(void **state)
{
	static const char *const all[] = { "kvm-old.txt", "kvm-middle.txt", "kvm-new.txt",
		"xen-msr-loading.txt", "qemu-64.txt", "r33.txt" };

	(void)state;
	for (size_t f = 0; f < COUNT(all); f++) {
		struct dump_file plain = read_fixture(all[f]);
		size_t size;
		char *original = fixture(all[f], &size);

		checked = all[f];
		for (size_t cut = 0; cut < size; cut++) {
			char *text = copy_bytes(original, cut);
			struct dump_file file;

			dump_read(&file, text, cut);
			assert_true(file.count <= plain.count);
			assert_int_equal(file.count == 0, file.error != NULL);
			for (size_t i = 0; i < file.count; i++)
				check_contained(&file.dumps[i], &plain.dumps[i]);
			if (file.count == 1 && file.dumps[0].cpu)
				assert_string_equal(file.dumps[0].cpu, plain.dumps[0].cpu);
			if (file.count == 1 && file.dumps[0].has_current_vmcs)
				assert_int_equal(
				        file.dumps[0].current_vmcs, plain.dumps[0].current_vmcs);
			dump_file_free(&file);
			free(text);
		}
		dump_file_free(&plain);
		free(original);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(surroundings_do_not_matter),
		cmocka_unit_test(encodings_do_not_matter),
		cmocka_unit_test(squeezed_blanks_do_not_matter),
		cmocka_unit_test(utf16_does_not_matter),
		cmocka_unit_test(wrapped_lines_are_joined),
		cmocka_unit_test(any_width_will_do),
		cmocka_unit_test(short_soft_breaks_are_joined),
		cmocka_unit_test(cut_text_gives_no_other_value),
	};

	return cmocka_run_group_tests_name("texts with dumps", tests, NULL, NULL);
}
