/* The version of r33, which is that of Reason 33. */
#pragma once

#define R33_VERSION "0.1"
