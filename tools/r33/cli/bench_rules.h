/* How fast the rules are, on the host. */
#pragma once

/* States that one core judges in a second: random ones, as the fuzzer makes them. */
double bench_rules_per_second(void);
