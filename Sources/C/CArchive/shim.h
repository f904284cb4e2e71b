#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

// From scripts/make-lazy-library.sh: binds every archive_ function; 0, or -1 and a reason.
int tadoru_lazy_open_archive(const char *path);
const char *tadoru_lazy_error_archive(void);
