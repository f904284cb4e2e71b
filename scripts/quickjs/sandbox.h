/* A JavaScript engine in a box: one call in, one text out, nothing left behind.
 *
 * All memory of an engine lies in one mapping. After the engine has been set up, the mapping is copied; `tadoru_js_reset`
 * copies it back. So every run starts from the same state whatever the run before did to globals or prototypes, and a run
 * that does not return (a loop inside a native function, where no interrupt is polled) can be left by a jump without
 * leaking anything. That is why the engine must not reach outside of its mapping: no host functions that lock or allocate.
 */
#ifndef TADORU_JS_SANDBOX_H
#define TADORU_JS_SANDBOX_H

#include <stddef.h>
#include <stdint.h>

typedef struct tadoru_js tadoru_js;

/* Offsets of a time zone: from starts[i] on (unix seconds) local time is UTC + offsets[i] seconds; starts[0] is INT64_MIN. */
typedef struct {
  const int64_t *starts;
  const int32_t *offsets;
  size_t count;
} tadoru_js_zone;

enum {
  TADORU_JS_OK = 0,      /* the text is the result */
  TADORU_JS_THROWN = 1,  /* the text is the exception; failed_at the part it came from, -1 for a syntax error */
  TADORU_JS_MEMORY = 2,  /* more memory than allowed */
  TADORU_JS_TIME = 3     /* more processor time than allowed */
};

typedef struct {
  int status;
  int failed_at;
  const char *text;  /* UTF-8, not closed by a zero; valid until the next reset */
  size_t length;
} tadoru_js_result;

/* Makes an engine with `memory` bytes. `prelude` is an expression whose value is the function that runs things: it is called
 * with the compiled source and the parsed input, and gives a text, or [text, part] for an exception. `library` is run before
 * it and may be NULL. Both end with a zero byte that the lengths do not count, as all texts here. NULL when it fails. */
tadoru_js *tadoru_js_open(size_t memory, const char *library, size_t library_length, const char *prelude,
                          size_t prelude_length);
void tadoru_js_close(tadoru_js *box);

/* Runs `source`, an expression whose value is a function, on `input`, a JSON text. Callable from any thread, one at a time.
 * The limits are processor time of the calling thread: after `soft_ms` scripts are interrupted, after `hard_ms` they are left. */
tadoru_js_result tadoru_js_run(tadoru_js *box, const char *source, size_t source_length, const char *input,
                               size_t input_length, const tadoru_js_zone *zone, int soft_ms, int hard_ms);
void tadoru_js_reset(tadoru_js *box);

/* Bytes that one reset copies. */
size_t tadoru_js_image_size(const tadoru_js *box);

#endif
