/* Is this an engine on which the back end works? */
#pragma once

/* NULL, or one sentence that says which version to take. */
const char *svm_self_test(void);
