#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

// From scripts/make-lazy-library.sh: binds every PQ function; 0, or -1 and a reason.
int tadoru_lazy_open_pq(const char *path);
const char *tadoru_lazy_error_pq(void);

// The fields of an error are named by single characters, which Swift does not see through macros.
static inline char *tadoru_pq_field(const PGresult *result, char field) {
  return PQresultErrorField(result, field);
}
