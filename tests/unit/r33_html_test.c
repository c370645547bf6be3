/* The HTML report: XML that another reader can read, in which hostile text is text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <cmocka.h>

#include <r33/array.h>
#include <r33/vmcs_fields.h>

#include "report/guest_area.h"
#include "report/report.h"

#define EVIL "</pre><script>alert(1)</script><img src='http://x/'>&lt;\\\" onfocus=\\\"x\\x1b[2J"

static const char stream_text[] =
        "TAP version 14\n# r33 stream 1\n# machine x ept=0\n1..4\n"
        "# case 1 \"good\" lab=1 points=5\n# fields GUEST_CR0 GUEST_CR3 GUEST_CR4\n"
        "ok 1 - a <good> & one\n  ---\n  lab: 1\n  case: \"good\"\n  points: 5\n"
        "  outcome: passed\n  fields: \"r-r\"\n  output: \"" EVIL "\\n" EVIL "\"\n  ...\n"
        "# case 2 \"bad\" lab=1 points=6\nnot ok 2 - a bad one\n  ---\n  lab: 1\n"
        "  case: \"bad\"\n  points: 6\n  outcome: entry-failed\n  fields: \"rwu\"\n"
        "  message: \"" EVIL "\"\n  expected: \"it starts\"\n  hint: \"" EVIL "\"\n"
        "  rules:\n    - id: \"CR0-FIXED0\"\n      section: \"27.3.1.1\"\n      field: "
        "\"GUEST_CR0\"\n      value: \"0x20\"\n      message: \"NE is 0\"\n"
        "    - id: \"SEG-X\"\n      field: \"GUEST_CS_BASE\"\n      message: \"not mine\"\n"
        "  writes:\n    - field: \"GUEST_CR3\"\n      value: \"0x1234\"\n"
        "      rip: \"0x401000\"\n      module: lab\n  ...\n"
        "# case 3 \"skipped\" lab=1 points=7\nok 3 - a skipped one # SKIP no <such> mode\n"
        "# case 4 \"refuse\" lab=1 points=8\nok 4 - a refusal\n  ---\n  lab: 1\n"
        "  case: \"refuse\"\n  points: 8\n  outcome: passed\n  ...\n"
        "# end status=0\n";

/* A grade of the stream up to this many bytes, as if an engine had run. */
static struct grade *
make_grade(size_t length)
{
	struct grade *grade = allocate(1, sizeof(*grade));

	grade->engine = "bochs";
	grade->cpu = "<tigerlake>";
	grade->submission = "/tmp/handed-in/<b>ada&eve/";
	grade->labs.labs[0] = (struct lab){ .number = 1,
		.directory = copy_string("1-control-registers"),
		.state = BUILD_GOOD,
		.message = copy_string("x.c: warning: <script>") };
	grade->labs.count = 1;
	grade->stream = stream_new(NULL, NULL);
	stream_feed(grade->stream, stream_text, length);
	grade->engine_end.kind = grade->stream->ended ? ENGINE_STOPPED : ENGINE_EXITED;
	tail_add(&grade->engine_end.console, "last <b> words\n", 15);
	grade->end = classify(grade->stream, &grade->engine_end);
	grade->end_message =
	        run_end_message(grade->end, grade->stream, &grade->engine_end, "bochs");
	grade_assemble(grade);
	return grade;
}

/* The page, and the same read back. */
struct page {
	char *text;
	xmlDocPtr document;
};

static struct page
make_page(size_t length)
{
	struct grade *grade = make_grade(length);
	struct page page = { 0 };
	size_t size;
	FILE *out = open_memstream(&page.text, &size);

	if (length == strlen(stream_text)) {
		json_t *write =
		        json_array_get(json_object_get(grade->cases[1]->details, "writes"), 0);

		json_object_set_new(write, "file", json_string("labs/<i>.c"));
		json_object_set_new(write, "line", json_integer(42));
		json_object_set_new(write, "function", json_string("set"));
	}
	assert_true(report_format_find("html")->write(out, grade, false));
	fclose(out);
	page.document = xmlReadMemory(page.text, (int)size, NULL, NULL, XML_PARSE_NONET);
	assert_non_null(page.document);
	grade_free(grade);
	free(grade);
	return page;
}

static void
free_page(struct page *page)
{
	xmlFreeDoc(page->document);
	free(page->text);
}

/* A number found by XPath. */
static int
number(const struct page *page, const char *expression)
{
	xmlXPathContextPtr context = xmlXPathNewContext(page->document);
	xmlXPathObjectPtr object = xmlXPathEvalExpression(BAD_CAST expression, context);
	int result;

	assert_non_null(object);
	result = (int)xmlXPathCastToNumber(object);
	xmlXPathFreeObject(object);
	xmlXPathFreeContext(context);
	return result;
}

/* No text becomes markup, and nothing can be loaded or run. */
static void
hostile_text_is_text(void **state)
{
	struct page page = make_page(strlen(stream_text));

	(void)state;
	assert_int_equal(number(&page, "count(//script|//img|//i)"), 0);
	assert_int_equal(number(&page, "count(//@*[starts-with(name(), 'on')])"), 0);
	assert_int_equal(number(&page, "count(//@src)"), 0);
	assert_int_equal(
	        number(&page, "count(//@href[not(starts-with(., '#')) and . != 'data:,'])"), 0);
	assert_null(strchr(page.text, 0x1b));
	assert_int_equal(number(&page, "count(//h1[.='<b>ada&eve'])"), 1);
	assert_int_equal(number(&page, "count(//pre[contains(., '</pre><script>alert(1)')])"), 1);
	assert_int_equal(number(&page, "count(//dd[contains(., '</pre><script>alert(1)')])"), 3);
	assert_int_equal(number(&page, "count(//pre[.='x.c: warning: <script>'])"), 1);
	assert_int_equal(
	        number(&page, "count(//style[contains(., 'url(') or contains(., '@import')])"), 0);
	assert_int_equal(
	        number(&page, "count(//meta[starts-with(@content, \"default-src 'none'\")])"), 1);
	free_page(&page);
}

/* The points, and each case with what it has to say; what lost points is open. */
static void
cases_are_there(void **state)
{
	struct page page = make_page(strlen(stream_text));

	(void)state;
	assert_int_equal(number(&page, "count(//*[contains(@class, 'case ')])"), 4);
	assert_int_equal(number(&page, "count(//details[@class='case failed'][@open])"), 1);
	assert_int_equal(number(&page, "count(//details[@class='case passed'][not(@open)])"), 1);
	assert_int_equal(number(&page, "count(//div[@class='case passed'])"), 1);
	assert_int_equal(
	        number(&page, "count(//p[@class='total'][starts-with(., '68 of 100')])"), 1);
	assert_int_equal(number(&page, "count(//dd[starts-with(., 'GUEST_CR3 = 0x1234 at "
	                               "labs/<i>.c:42 in set')])"),
	        1);
	assert_int_equal(number(&page, "count(//dd[.='no <such> mode'])"), 1);
	assert_int_equal(number(&page, "count(//p[@class='warning'])"), 1);
	free_page(&page);
}

/* How many cells have this class and this at the beginning of their title. */
static int
cells(const struct page *page, const char *class, const char *title)
{
	char *expression = new_string("count(//*[@class='cell %s'][@tabindex][@title=span[@class="
	                              "'note']][starts-with(@title, '%s')])",
	        class, title);
	int count = number(page, expression);

	free(expression);
	return count;
}

/* Each cell has the worst state of all cases, and its note says why. */
static void
cells_have_the_worst_state(void **state)
{
	struct page page = make_page(strlen(stream_text));

	(void)state;
	/* Right by itself, but a rule is against it. */
	assert_int_equal(cells(&page, "wrong", "GUEST_CR0: right in 1, wrong in 1,"), 1);
	assert_int_equal(number(&page, "count(//*[contains(@title, 'lab 1, bad: wrong; CR0-FIXED0: "
	                               "NE is 0')])"),
	        1);
	assert_int_equal(cells(&page, "wrong", "GUEST_CR3: right in 0, wrong in 1,"), 1);
	assert_int_equal(number(&page, "count(//*[contains(@title, 'lab 1, bad: wrong = 0x1234 at "
	                               "labs/<i>.c:42 in set')])"),
	        1);
	assert_int_equal(cells(&page, "untouched", "GUEST_CR4: right in 1,"), 1);
	/* A rule may speak of a field that the lab has nothing to do with. */
	assert_int_equal(cells(&page, "elsewhere", "GUEST_CS_BASE: not part of"), 1);
	assert_int_equal(number(&page, "count(//*[@class='cell right'])"), 0);
	free_page(&page);
}

#define COUNT_FIELD(name, encoding) { #name, encoding },

/* Every field of the guest-state area is a cell once: those that Appendix B lists as guest state. */
static void
every_field_is_a_cell(void **state)
{
	static const struct {
		const char *name;
		unsigned encoding;
	} fields[] = { VMCS_FIELDS(COUNT_FIELD) };
	struct page page = make_page(strlen(stream_text));
	int count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(fields); i++) {
		char *expression;

		if ((fields[i].encoding >> 10 & 3) != VMCS_FIELD_GUEST_STATE)
			continue;
		expression = new_string("count(//*[starts-with(@class, 'cell ')]"
		                        "[starts-with(@title, '%s: ')])",
		        fields[i].name);
		if (number(&page, expression) != 1)
			fail_msg("%s is %d cells", fields[i].name, number(&page, expression));
		free(expression);
		count++;
	}
	assert_int_equal(number(&page, "count(//*[starts-with(@class, 'cell ')])"), count);
	free_page(&page);
}

/* The same run gives the same bytes. */
static void
it_is_deterministic(void **state)
{
	struct page first = make_page(strlen(stream_text)), second = make_page(strlen(stream_text));

	(void)state;
	assert_string_equal(first.text, second.text);
	free_page(&first);
	free_page(&second);
}

/* A run that was cut short shows no points and no picture, but why. */
static void
a_cut_run_has_no_points(void **state)
{
	struct page page = make_page((size_t)(strstr(stream_text, "# case 3") - stream_text));

	(void)state;
	assert_int_equal(number(&page, "count(//section[@class='end'])"), 1);
	assert_int_equal(number(&page, "count(//pre[contains(., 'last <b> words')])"), 1);
	assert_int_equal(number(&page, "count(//*[contains(., 'of 100')])"), 0);
	assert_int_equal(number(&page, "count(//*[starts-with(@class, 'cell ')])"), 0);
	free_page(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_text_is_text),
		cmocka_unit_test(cases_are_there),
		cmocka_unit_test(cells_have_the_worst_state),
		cmocka_unit_test(every_field_is_a_cell),
		cmocka_unit_test(it_is_deterministic),
		cmocka_unit_test(a_cut_run_has_no_points),
	};
	int failed = cmocka_run_group_tests_name("the HTML report", tests, NULL, NULL);

	xmlCleanupParser();
	return failed;
}
