/*
 * Duranium's world `workflow` for C: what a module exports and imports, an allocator, and text for JSON.
 *
 * Include it in one file. The program defines four functions:
 *
 *   void workflow_run(text payload);                     the execution begins
 *   void workflow_result(unsigned id, text outcome, text body);   the answer to the call `id`
 *   void workflow_cancelled(void);                       the execution was cancelled
 *   void workflow_evaluate(void);                        runs once at the deploy: its effects are in the image
 *
 * Memory comes from a bump allocator. Nothing is freed: an execution ends, and its memory with it.
 */
#ifndef DURANIUM_H
#define DURANIUM_H

typedef unsigned char byte;
typedef unsigned int u32;
typedef __SIZE_TYPE__ size_t;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

/* Bytes that end where their length says, and not with a zero. */
typedef struct {
  const char *at;
  size_t length;
} text;

#define DURANIUM_HOST(name) __attribute__((import_module("duranium:runtime/host@0.1.0"), import_name(name)))
#define DURANIUM_EXPORT(name) __attribute__((export_name(name)))

DURANIUM_HOST("call")
void host_call(u32 id, const char *operation, size_t operation_length, const char *arguments, size_t arguments_length,
               const char *body, size_t body_length);
DURANIUM_HOST("abandon") void host_abandon(u32 id);
DURANIUM_HOST("complete") void host_complete(const char *value, size_t length);
DURANIUM_HOST("fail") void host_fail(const char *failure, size_t length);
DURANIUM_HOST("log") void host_log(u32 level, const char *line, size_t length);

void workflow_evaluate(void);
void workflow_run(text payload);
void workflow_result(u32 id, text outcome, text body);
void workflow_cancelled(void);

/* What the execution knows of itself. */
static struct {
  text workflow_id;
  u32 version;
  text execution_id;
  text entry_point; /* `at` is NULL where the caller passed none. */
  text callback_url;
  const byte *seed;
  double now; /* Milliseconds since the Unix epoch, at the last delivery. */
} execution;

/* ---- Memory and strings: clang emits calls of these. ---- */

void *memcpy(void *to, const void *from, size_t length) {
  for (size_t at = 0; at < length; at += 1) ((byte *)to)[at] = ((const byte *)from)[at];
  return to;
}

void *memset(void *to, int value, size_t length) {
  for (size_t at = 0; at < length; at += 1) ((byte *)to)[at] = (byte)value;
  return to;
}

size_t strlen(const char *string) {
  size_t length = 0;
  while (string[length]) length += 1;
  return length;
}

extern byte __heap_base;

/* Traps when the memory limit of the execution is reached, which then fails with `out-of-memory`. */
static void *allocate(size_t length) {
  static byte *heap = &__heap_base;
  byte *result = heap;
  heap += (length + 15) & ~(size_t)15;
  size_t pages = ((size_t)heap + 65535) / 65536;
  size_t have = __builtin_wasm_memory_size(0);
  if (heap < result || (pages > have && __builtin_wasm_memory_grow(0, pages - have) == (size_t)-1)) __builtin_trap();
  return result;
}

DURANIUM_EXPORT("cabi_realloc")
void *duranium_realloc(void *from, size_t old_length, size_t alignment, size_t length) {
  (void)alignment;
  void *to = allocate(length);
  memcpy(to, from, old_length < length ? old_length : length);
  return to;
}

/* ---- JSON: written by appending to a buffer, read by looking for a member. ---- */

typedef struct {
  char *at;
  size_t length, capacity;
} buffer;

static void append(buffer *to, text bytes) {
  if (to->length + bytes.length > to->capacity) {
    to->capacity = 2 * (to->length + bytes.length) + 64;
    char *larger = allocate(to->capacity);
    memcpy(larger, to->at, to->length);
    to->at = larger;
  }
  memcpy(to->at + to->length, bytes.at, bytes.length);
  to->length += bytes.length;
}

static text text_of(const char *string) { return (text){string, strlen(string)}; }

static void append_literal(buffer *to, const char *string) { append(to, text_of(string)); }

static void append_number(buffer *to, unsigned long long number) {
  char digits[20];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + number % 10);
  while (number /= 10);
  append(to, (text){digits + at, sizeof digits - at});
}

/* A JSON string: the bytes must be UTF-8. */
static void append_string(buffer *to, text bytes) {
  append_literal(to, "\"");
  for (size_t at = 0; at < bytes.length; at += 1) {
    byte each = (byte)bytes.at[at];
    char escaped[6] = {'\\', 'u', '0', '0', "0123456789abcdef"[each >> 4], "0123456789abcdef"[each & 15]};
    if (each < 0x20) append(to, (text){escaped, 6});
    else if (each == '"' || each == '\\') append(to, (text){(char[]){'\\', (char)each}, 2});
    else append(to, (text){bytes.at + at, 1});
  }
  append_literal(to, "\"");
}

static bool starts_with(text bytes, const char *prefix) {
  size_t length = strlen(prefix);
  if (bytes.length < length) return false;
  for (size_t at = 0; at < length; at += 1)
    if (bytes.at[at] != prefix[at]) return false;
  return true;
}

/*
 * The value of the first member with this name, at any depth, as JSON; without its quotes if it is a string. The host writes
 * JSON without spaces. Enough for what these examples read: a program with larger documents brings its own parser.
 */
static text json_member(text json, const char *name) {
  for (size_t at = 0; at < json.length; at += 1) {
    text rest = {json.at + at, json.length - at};
    if (rest.at[0] != '"' || !starts_with((text){rest.at + 1, rest.length - 1}, name)) continue;
    size_t begin = strlen(name) + 1;
    if (begin + 1 >= rest.length || rest.at[begin] != '"' || rest.at[begin + 1] != ':') continue;
    begin += 2;
    size_t end = begin;
    if (rest.at[begin] == '"') {
      for (end = begin += 1; end < rest.length && rest.at[end] != '"'; end += 1)
        if (rest.at[end] == '\\') end += 1;
    } else {
      for (u32 depth = 0; end < rest.length; end += 1) {
        char each = rest.at[end];
        if (depth == 0 && (each == ',' || each == '}' || each == ']')) break;
        if (each == '{' || each == '[') depth += 1;
        if (each == '}' || each == ']') depth -= 1;
      }
    }
    return (text){rest.at + begin, end - begin};
  }
  return (text){NULL, 0};
}

static bool is_ok(text outcome) { return starts_with(outcome, "{\"ok\":true"); }

/* ---- What a program asks of the host. ---- */

/* Returns the id of the call, with which its result arrives in `workflow_result`. */
static u32 call(const char *operation, buffer arguments, text body) {
  static u32 next = 0;
  host_call(next, operation, strlen(operation), arguments.at, arguments.length, body.at, body.length);
  return next++;
}

static void complete(buffer value) { host_complete(value.at, value.length); }

static void fail(const char *name, text message) {
  buffer failure = {0};
  append_literal(&failure, "{\"name\":");
  append_string(&failure, text_of(name));
  append_literal(&failure, ",\"message\":");
  append_string(&failure, message);
  append_literal(&failure, "}");
  host_fail(failure.at, failure.length);
}

enum { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

static void console(u32 level, text message) {
  buffer line = {0};
  append_literal(&line, "[");
  append_string(&line, message);
  append_literal(&line, "]");
  host_log(level, line.at, line.length);
}

/* ---- The exports of the world. ---- */

typedef struct {
  byte is_error;
  const char *at;
  size_t length;
} result;

DURANIUM_EXPORT("evaluate")
const result *duranium_evaluate(const char *source, size_t length) {
  static const result ok = {0};
  (void)source, (void)length;
  workflow_evaluate();
  return &ok;
}

DURANIUM_EXPORT("run")
void duranium_run(const char *workflow_id, size_t workflow_id_length, u32 version, const char *execution_id,
                  size_t execution_id_length, u32 has_entry_point, const char *entry_point, size_t entry_point_length,
                  const byte *seed, size_t seed_length, double now, const char *callback_url, size_t callback_url_length,
                  const char *payload, size_t payload_length) {
  (void)seed_length;
  execution.workflow_id = (text){workflow_id, workflow_id_length};
  execution.version = version;
  execution.execution_id = (text){execution_id, execution_id_length};
  execution.entry_point = (text){has_entry_point ? entry_point : NULL, entry_point_length};
  execution.seed = seed;
  execution.now = now;
  execution.callback_url = (text){callback_url, callback_url_length};
  workflow_run((text){payload, payload_length});
}

/* The host calls this with the id of no call at the end of each turn. */
DURANIUM_EXPORT("settle")
void duranium_settle(u32 id, double now, const char *outcome, size_t outcome_length, const char *body, size_t body_length) {
  if (id == 0xffffffff) return;
  if (now > execution.now) execution.now = now;
  workflow_result(id, (text){outcome, outcome_length}, (text){body, body_length});
}

DURANIUM_EXPORT("cancel")
void duranium_cancel(double now) {
  if (now > execution.now) execution.now = now;
  workflow_cancelled();
}

#endif
