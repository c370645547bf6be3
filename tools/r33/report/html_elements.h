/* HTML that is XML as well.  libxml2 escapes every text, and texts are cleaned first. */
#pragma once

#include <libxml/xmlwriter.h>

/* <element class="class">; class NULL: none. */
void html_open(xmlTextWriterPtr page, const char *element, const char *class);

/* </element>, also where the element is empty: HTML knows no <span/>. */
void html_close(xmlTextWriterPtr page);

/* Of the element just opened. */
void html_attribute(xmlTextWriterPtr page, const char *name, const char *value);

void html_text(xmlTextWriterPtr page, const char *text);

/* A whole element with a text. */
void html_element(xmlTextWriterPtr page, const char *element, const char *class, const char *text);

/* The same with a text that is freed. */
void html_element_new(xmlTextWriterPtr page, const char *element, const char *class, char *text);

/* A whole element without content, <meta a="b"/>; the attributes end with NULL. */
void html_void(xmlTextWriterPtr page, const char *element, const char *const *attributes);
