#include "sandbox.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "quickjs.h"
#include "hooks.h"

/* ---- memory: segregated free lists over one mapping, all bookkeeping inside the mapping ---- */

enum { small_step = 16, small_limit = 1024, small_classes = small_limit / small_step + 1, classes = small_classes + 96 };

typedef struct block {
  size_t size;        /* of the payload */
  struct block *next; /* in a free list; keeps the payload aligned to 16 */
} block;

typedef struct {
  char *top;   /* first byte never handed out */
  char *end;
  char *peak;  /* highest top since the last reset */
  block *free[classes];
} arena;

static size_t class_size(int index) {
  if (index < small_classes) return (size_t)index * small_step;
  int quarter = index - small_classes + 1;
  size_t base = (size_t)small_limit << (quarter / 4);
  return (base + base / 4 * (size_t)(quarter % 4) + 15) & ~(size_t)15;
}

/* The smallest class that holds `size`. */
static int class_above(size_t size) {
  if (size <= small_limit) return (int)((size + small_step - 1) / small_step);
  int doublings = 63 - __builtin_clzll(size / small_limit);
  int index = small_classes - 1 + doublings * 4;
  while (class_size(index) < size) index++;
  return index;
}

/* The largest class that a block of `size` serves. */
static int class_below(size_t size) {
  int index = class_above(size);
  return class_size(index) > size ? index - 1 : index;
}

static void *arena_malloc(void *opaque, size_t size) {
  arena *a = opaque;
  if (size > (size_t)(a->end - (char *)a)) return NULL;
  int index = class_above(size ? size : 1);
  block *b = a->free[index];
  if (b) {
    a->free[index] = b->next;
    return b + 1;
  }
  size_t rounded = class_size(index);
  if ((size_t)(a->end - a->top) < rounded + sizeof(block)) {
    rounded = (size + 15) & ~(size_t)15;
    if ((size_t)(a->end - a->top) < rounded + sizeof(block)) return NULL;
  }
  b = (block *)a->top;
  b->size = rounded;
  a->top += sizeof(block) + rounded;
  if (a->top > a->peak) a->peak = a->top;
  return b + 1;
}

static void arena_free(void *opaque, void *pointer) {
  if (!pointer) return;
  arena *a = opaque;
  block *b = (block *)pointer - 1;
  if ((char *)pointer + b->size == a->top) {
    a->top = (char *)b;
    return;
  }
  int index = class_below(b->size);
  b->next = a->free[index];
  a->free[index] = b;
}

static void *arena_calloc(void *opaque, size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total)) return NULL;
  void *pointer = arena_malloc(opaque, total);
  return pointer ? memset(pointer, 0, total) : NULL;
}

static void *arena_realloc(void *opaque, void *pointer, size_t size) {
  if (!pointer) return arena_malloc(opaque, size);
  if (!size) {
    arena_free(opaque, pointer);
    return NULL;
  }
  arena *a = opaque;
  block *b = (block *)pointer - 1;
  if (size <= b->size) return pointer;
  size_t rounded = (size + 15) & ~(size_t)15;
  if ((char *)pointer + b->size == a->top && rounded >= size && rounded <= (size_t)(a->end - (char *)pointer)) {
    a->top = (char *)pointer + rounded;
    if (a->top > a->peak) a->peak = a->top;
    b->size = rounded;
    return pointer;
  }
  void *moved = arena_malloc(opaque, size);
  if (!moved) return NULL;
  memcpy(moved, pointer, b->size);
  arena_free(opaque, pointer);
  return moved;
}

static size_t arena_usable_size(const void *pointer) { return pointer ? ((const block *)pointer - 1)->size : 0; }

static const JSMallocFunctions arena_functions = {arena_calloc, arena_malloc, arena_free, arena_realloc, arena_usable_size};

/* ---- what belongs to the run of this thread ---- */

static __thread const tadoru_js_zone *zone_of_run;
static __thread sigjmp_buf *way_out;
static __thread int64_t soft_deadline;
static __thread bool interrupted;
static __thread uint64_t random_state;

static int64_t processor_time(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int poll_deadline(JSRuntime *runtime, void *opaque) {
  (void)runtime, (void)opaque;
  if (!interrupted && processor_time() < soft_deadline) return 0;
  interrupted = true;
  return 1;
}

static int32_t offset_at(int64_t second) {
  size_t low = 0, high = zone_of_run->count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (zone_of_run->starts[middle] <= second) low = middle; else high = middle;
  }
  return zone_of_run->offsets[low];
}

/* For a local time: of a time that exists twice the first, a time that does not exist counts on from before the gap
 * (ECMA-262, UTC(t)). */
int tadoru_js_offset(long long milliseconds, int is_local) {
  if (!zone_of_run || !zone_of_run->count) return 0;
  int64_t second = milliseconds / 1000 - (milliseconds % 1000 < 0);
  if (second < -(1LL << 50)) second = -(1LL << 50);
  if (second > 1LL << 50) second = 1LL << 50;
  if (!is_local) return -offset_at(second) / 60;
  int32_t before = offset_at(second - 86400), after = offset_at(second + 86400);
  if (before == after) return -offset_at(second - before) / 60;
  if (offset_at(second - before) == before) return -before / 60;
  if (offset_at(second - after) == after) return -after / 60;
  return -before / 60;
}

static JSValue random_number(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return JS_NewFloat64(context, (double)(random_state >> 11) / 9007199254740992.0);
}

/* ---- the hard limit: a signal to this thread, which jumps out of the engine ---- */

static int alarm_signal(void) { return SIGRTMAX - 6; }

static void leave(int number) {
  (void)number;
  if (way_out) siglongjmp(*way_out, 1);
}

static void install_alarm(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = leave;
  action.sa_flags = SA_RESTART;
  sigaction(alarm_signal(), &action, NULL);
}

typedef struct {
  timer_t timer;
  bool armed;
  sigset_t mask;
} alarm_clock;

static void arm(alarm_clock *clock, int milliseconds) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install_alarm);
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, alarm_signal());
  pthread_sigmask(SIG_UNBLOCK, &wanted, &clock->mask);
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = alarm_signal();
  event._sigev_un._tid = gettid();
  struct itimerspec when;
  memset(&when, 0, sizeof when);
  when.it_value.tv_sec = milliseconds / 1000;
  when.it_value.tv_nsec = (long)(milliseconds % 1000) * 1000000;
  clock->armed = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &clock->timer) == 0;
  if (clock->armed) timer_settime(clock->timer, 0, &when, NULL);
}

static void disarm(alarm_clock *clock) {
  if (clock->armed) timer_delete(clock->timer);
  pthread_sigmask(SIG_SETMASK, &clock->mask, NULL);
}

/* ---- the box ---- */

struct tadoru_js {
  char *base;
  size_t capacity;
  char *image;
  size_t image_size;
  JSRuntime *runtime;
  JSContext *context;
  JSValue entry;
};

static bool set_up(tadoru_js *box, const char *library, size_t library_length, const char *prelude, size_t prelude_length) {
  arena *a = (arena *)box->base;
  a->top = box->base + ((sizeof(arena) + 15) & ~(size_t)15);
  a->peak = a->top;
  a->end = box->base + box->capacity;
  box->runtime = JS_NewRuntime2(&arena_functions, a);
  if (!box->runtime) return false;
  JS_SetMaxStackSize(box->runtime, 256 * 1024);
  JS_SetCanBlock(box->runtime, false);
  box->context = JS_NewContext(box->runtime);
  if (!box->context) return false;
  JSContext *c = box->context;
  JSValue global = JS_GetGlobalObject(c);
  JSValue math = JS_GetPropertyStr(c, global, "Math");
  JS_DefinePropertyValueStr(c, math, "random", JS_NewCFunction(c, random_number, "random", 0),
                            JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
  JS_FreeValue(c, math);
  JS_FreeValue(c, global);
  if (library) {
    JSValue value = JS_Eval(c, library, library_length, "library", JS_EVAL_TYPE_GLOBAL);
    if (JS_IsException(value)) return false;
    JS_FreeValue(c, value);
  }
  box->entry = JS_Eval(c, prelude, prelude_length, "prelude", JS_EVAL_TYPE_GLOBAL);
  if (!JS_IsFunction(c, box->entry)) return false;
  JS_RunGC(box->runtime);
  JS_SetGCThreshold(box->runtime, 8 << 20);
  JS_SetInterruptHandler(box->runtime, poll_deadline, NULL);
  return true;
}

tadoru_js *tadoru_js_open(size_t memory, const char *library, size_t library_length, const char *prelude,
                          size_t prelude_length) {
  tadoru_js *box = calloc(1, sizeof *box);
  if (!box) return NULL;
  box->capacity = memory;
  box->base = mmap(NULL, memory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (box->base == MAP_FAILED) {
    free(box);
    return NULL;
  }
  madvise(box->base, memory, MADV_NOHUGEPAGE);
  if (set_up(box, library, library_length, prelude, prelude_length)) {
    box->image_size = (size_t)(((arena *)box->base)->top - box->base);
    ((arena *)box->base)->peak = ((arena *)box->base)->top;
    box->image = malloc(box->image_size);
  }
  if (!box->image) {
    tadoru_js_close(box);
    return NULL;
  }
  memcpy(box->image, box->base, box->image_size);
  return box;
}

/* The engine is not asked to free itself: nothing of it lies outside the mapping. */
void tadoru_js_close(tadoru_js *box) {
  munmap(box->base, box->capacity);
  free(box->image);
  free(box);
}

void tadoru_js_reset(tadoru_js *box) {
  const size_t kept = 1 << 20, page = 4096;
  size_t used = (size_t)(((arena *)box->base)->peak - box->base);
  size_t floor = (box->image_size + kept + page - 1) & ~(page - 1);
  if (used > floor) madvise(box->base + floor, box->capacity - floor, MADV_DONTNEED);
  memcpy(box->base, box->image, box->image_size);
}

size_t tadoru_js_image_size(const tadoru_js *box) { return box->image_size; }

static tadoru_js_result describe_exception(JSContext *c, int failed_at) {
  tadoru_js_result result = {TADORU_JS_THROWN, failed_at, NULL, 0};
  JSValue error = JS_GetException(c);
  if (!JS_IsNull(error)) result.text = JS_ToCStringLen(c, &result.length, error);
  if (interrupted) result.status = TADORU_JS_TIME;
  else if (!result.text || memmem(result.text, result.length, "InternalError: out of memory", 28))
    result.status = TADORU_JS_MEMORY;
  return result;
}

static tadoru_js_result call(tadoru_js *box, const char *source, size_t source_length, const char *input,
                             size_t input_length) {
  JSContext *c = box->context;
  JSValue arguments[2];
  arguments[0] = JS_Eval(c, source, source_length, "template", JS_EVAL_TYPE_GLOBAL);
  if (JS_IsException(arguments[0])) return describe_exception(c, -1);
  arguments[1] = JS_ParseJSON(c, input, input_length, "input");
  if (JS_IsException(arguments[1])) return describe_exception(c, -1);
  JSValue value = JS_Call(c, box->entry, JS_UNDEFINED, 2, arguments);
  if (JS_IsException(value)) return describe_exception(c, 0);
  tadoru_js_result result = {TADORU_JS_OK, -1, NULL, 0};
  if (!JS_IsString(value)) {
    int32_t part = 0;
    JS_ToInt32(c, &part, JS_GetPropertyUint32(c, value, 1));
    result.status = TADORU_JS_THROWN;
    result.failed_at = part;
    value = JS_GetPropertyUint32(c, value, 0);
  }
  result.text = JS_ToCStringLen(c, &result.length, value);
  if (!result.text || (result.status == TADORU_JS_THROWN && result.length == 28 &&
                       !memcmp(result.text, "InternalError: out of memory", 28)))
    result.status = TADORU_JS_MEMORY;
  return result;
}

tadoru_js_result tadoru_js_run(tadoru_js *box, const char *source, size_t source_length, const char *input,
                               size_t input_length, const tadoru_js_zone *zone, int soft_ms, int hard_ms) {
  if (!random_state && getrandom(&random_state, sizeof random_state, 0) < 0) random_state = 0;
  if (!random_state) random_state = 0x9e3779b97f4a7c15;
  zone_of_run = zone;
  interrupted = false;
  soft_deadline = processor_time() + (int64_t)soft_ms * 1000000;
  tadoru_js_result result = {TADORU_JS_TIME, -1, NULL, 0};
  alarm_clock clock;
  arm(&clock, hard_ms);
  sigjmp_buf here;
  if (!sigsetjmp(here, 0)) {
    way_out = &here;
    JS_UpdateStackTop(box->runtime);
    result = call(box, source, source_length, input, input_length);
    way_out = NULL;
  } else {
    way_out = NULL;
    result = (tadoru_js_result){TADORU_JS_TIME, -1, NULL, 0};
  }
  disarm(&clock);
  zone_of_run = NULL;
  return result;
}
