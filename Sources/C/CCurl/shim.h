#include <curl/curl.h>

// From scripts/make-lazy-library.sh: binds every curl_ function; 0, or -1 and a reason.
int tadoru_lazy_open_curl(const char *path);
const char *tadoru_lazy_error_curl(void);
