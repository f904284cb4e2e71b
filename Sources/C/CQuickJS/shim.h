// QuickJS-NG in its sandbox; both are made by scripts/make-libquickjs.sh.
#include <sandbox.h>

const char *JS_GetVersion(void);
