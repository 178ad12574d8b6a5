#include <sys/prctl.h>

// Swift cannot call functions with a variable number of arguments: prctl(2).
static inline void forbid_dumps(void) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
