/*
 * Has the compiler quote a file of the machine in its messages, for the report.
 *
 * alone
 * outcome: does-not-compile
 * keeps secret: nologin
 */
#include "/etc/passwd"
