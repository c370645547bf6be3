/* How many elements an array has.  For arrays only: of a pointer it counts nothing. */
#pragma once

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
