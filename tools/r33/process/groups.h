/*
 * The process groups of r33's children, in memory that it shares with them and with the janitor of its work
 * directory: whichever is left can end them.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Share the memory, from now on.  False with errno set. */
bool groups_share(void);

/* In a child: note its own group, before it runs.  What finds no place is not noted. */
void groups_note(pid_t group);

/* The group has ended. */
void groups_forget(pid_t group);

/* Kill all that are noted. */
void groups_kill(void);
