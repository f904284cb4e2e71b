#include <zlib.h>

// deflateInit2 is a macro, which Swift cannot call; 16 more than the largest window asks for the format of gzip.
static inline int tadoru_gzip_start(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
