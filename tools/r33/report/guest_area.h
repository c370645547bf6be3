/* The guest-state area as the SDM presents it: groups, and the fields in their order. */
#pragma once

struct area_field {
	const char *name;  /* "GUEST_CR0" */
	const char *label; /* "CR0" */
};

/* A row of a group: one field, or a register's fields side by side. */
enum { AREA_COLUMNS = 4 };
struct area_register {
	const char *label;               /* "CS" */
	const char *names[AREA_COLUMNS]; /* selector, base, limit, access rights; NULL: has none */
};

struct area_group {
	const char *part;  /* of the area, which begins here; NULL: the same as before */
	const char *title; /* NULL: the part has one group only */
	const struct area_field *fields;       /* a NULL name ends them */
	const struct area_register *registers; /* or, side by side; a NULL label ends them */
};

/* One without fields and registers ends them. */
extern const struct area_group guest_area[];
