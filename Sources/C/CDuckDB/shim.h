#include <duckdb.h>

// From scripts/make-lazy-library.sh: binds every duckdb_ function; 0, or -1 and a reason.
int tadoru_lazy_open_duckdb(const char *path);
const char *tadoru_lazy_error_duckdb(void);
