/* Inside the HTML report: its parts. */
#pragma once

#include "html_elements.h"
#include "report.h"

/* The inside of <style>.  html_style.c */
extern const char html_style[];

/* The picture of the guest-state area.  html_area.c */
void html_area(xmlTextWriterPtr page, const struct grade *grade);

/* A lab's cases and what each has to say.  html_case.c */
void html_lab(xmlTextWriterPtr page, const struct grade *grade, const struct lab *lab);

/* "78 of 100 points", the scaled points; the caller frees it.  html_case.c */
char *html_points(const struct points *points);
