/* HTML that is XML as well: see html_elements.h. */
#include "html_elements.h"

#include <stdlib.h>

#include "base/util.h"

void
html_open(xmlTextWriterPtr page, const char *element, const char *class)
{
	xmlTextWriterStartElement(page, BAD_CAST element);
	if (class)
		html_attribute(page, "class", class);
}

void
html_close(xmlTextWriterPtr page)
{
	xmlTextWriterFullEndElement(page);
}

void
html_attribute(xmlTextWriterPtr page, const char *name, const char *value)
{
	char *clean = clean_string(value);

	xmlTextWriterWriteAttribute(page, BAD_CAST name, BAD_CAST clean);
	free(clean);
}

void
html_text(xmlTextWriterPtr page, const char *text)
{
	char *clean = clean_string(text);

	xmlTextWriterWriteString(page, BAD_CAST clean);
	free(clean);
}

void
html_element(xmlTextWriterPtr page, const char *element, const char *class, const char *text)
{
	html_open(page, element, class);
	html_text(page, text);
	html_close(page);
}

void
html_element_new(xmlTextWriterPtr page, const char *element, const char *class, char *text)
{
	html_element(page, element, class, text);
	free(text);
}

void
html_void(xmlTextWriterPtr page, const char *element, const char *const *attributes)
{
	xmlTextWriterStartElement(page, BAD_CAST element);
	for (; *attributes; attributes += 2)
		html_attribute(page, attributes[0], attributes[1]);
	xmlTextWriterEndElement(page);
}
