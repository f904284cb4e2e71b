#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

// From scripts/make-lazy-library.sh: binds every archive_ function; 0, or -1 and a reason.
int tadoru_lazy_open_archive(const char *path);
const char *tadoru_lazy_error_archive(void);

// Names are UTF-8 whatever the environment says; null where the system has no such locale.
static inline locale_t tadoru_utf8_locale(void) {
  return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

// Declared by the C library for GNU programs only, and Swift is none.
int syncfs(int descriptor);
