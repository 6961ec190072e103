// WASI, answered inside of the module: it imports nothing but the host's functions. There are no files, no sockets and
// no processes; the clock and the entropy are those of the execution.
#include <stdint.h>
#include <string.h>

#include "clock.h"
#include "host.h"
#include "random.h"

// The names under which wasi-libc refers to its imports; a function that is defined here is not imported.
#define WASI(name) __imported_wasi_snapshot_preview1_##name

// `errno` of WASI.
enum { success = 0, bad_descriptor = 8, not_supported = 58 };

enum { standard_output = 1, standard_error = 2 };

static void *at(int32_t address) { return (void *)(uintptr_t)(uint32_t)address; }

static void store_u32(int32_t address, uint32_t value) { memcpy(at(address), &value, sizeof value); }

static void store_u64(int32_t address, uint64_t value) { memcpy(at(address), &value, sizeof value); }

// ---- clock, entropy ----

static const uint64_t nanoseconds_per_millisecond = 1000000;

int32_t WASI(clock_time_get)(int32_t clock, int64_t precision, int32_t time) {
  uint64_t whole = (uint64_t)clock_now;
  uint64_t rest = (uint64_t)((clock_now - (double)whole) * nanoseconds_per_millisecond);
  store_u64(time, whole * nanoseconds_per_millisecond + rest);
  return success;
}

int32_t WASI(clock_res_get)(int32_t clock, int32_t resolution) {
  store_u64(resolution, nanoseconds_per_millisecond);
  return success;
}

int32_t WASI(random_get)(int32_t bytes, int32_t length) {
  random_fill(random_purpose_wasi, at(bytes), (uint32_t)length);
  return success;
}

// ---- standard output and standard error: Python writes there itself only before it ends for an error of its own ----

enum { max_line = 2000 };

// A JSON array of one string. What is not printable ASCII becomes a question mark.
static void log_line(uint32_t level, const char *text, size_t length) {
  char line[2 * max_line + 4] = "[\"";
  size_t end = 2;
  for (size_t i = 0; i < length && i < max_line; i++) {
    if (text[i] == '"' || text[i] == '\\') line[end++] = '\\';
    line[end++] = text[i] < ' ' || text[i] > '~' ? '?' : text[i];
  }
  line[end++] = '"';
  line[end++] = ']';
  host_log(level, line, end);
}

int32_t WASI(fd_write)(int32_t descriptor, int32_t vectors, int32_t count, int32_t written) {
  if (descriptor != standard_output && descriptor != standard_error) return bad_descriptor;
  uint32_t level = descriptor == standard_output ? 1 : 3;
  const struct list *lists = at(vectors);
  size_t total = 0;
  for (int32_t i = 0; i < count; i++) {
    size_t length = lists[i].length;
    total += length;
    if (length > 0 && lists[i].bytes[length - 1] == '\n') length--;
    if (length > 0) log_line(level, lists[i].bytes, length);
  }
  store_u32(written, total);
  return success;
}

// ---- what is empty ----

int32_t WASI(environ_sizes_get)(int32_t count, int32_t bytes) {
  store_u32(count, 0);
  store_u32(bytes, 0);
  return success;
}
int32_t WASI(environ_get)(int32_t pointers, int32_t bytes) { return success; }
int32_t WASI(args_sizes_get)(int32_t count, int32_t bytes) { return WASI(environ_sizes_get)(count, bytes); }
int32_t WASI(args_get)(int32_t pointers, int32_t bytes) { return success; }
int32_t WASI(sched_yield)(void) { return success; }

// ---- what does not exist ----

_Noreturn void WASI(proc_exit)(int32_t code) { __builtin_trap(); }
int32_t WASI(poll_oneoff)(int32_t in, int32_t out, int32_t count, int32_t events) { return not_supported; }

#define REFUSE(name, ...)                                                                                              \
  int32_t WASI(name)(__VA_ARGS__) { return bad_descriptor; }

REFUSE(fd_advise, int32_t a, int64_t b, int64_t c, int32_t d)
REFUSE(fd_allocate, int32_t a, int64_t b, int64_t c)
REFUSE(fd_close, int32_t a)
REFUSE(fd_datasync, int32_t a)
REFUSE(fd_fdstat_get, int32_t a, int32_t b)
REFUSE(fd_fdstat_set_flags, int32_t a, int32_t b)
REFUSE(fd_fdstat_set_rights, int32_t a, int64_t b, int64_t c)
REFUSE(fd_filestat_get, int32_t a, int32_t b)
REFUSE(fd_filestat_set_size, int32_t a, int64_t b)
REFUSE(fd_filestat_set_times, int32_t a, int64_t b, int64_t c, int32_t d)
REFUSE(fd_pread, int32_t a, int32_t b, int32_t c, int64_t d, int32_t e)
REFUSE(fd_prestat_dir_name, int32_t a, int32_t b, int32_t c)
REFUSE(fd_prestat_get, int32_t a, int32_t b)
REFUSE(fd_pwrite, int32_t a, int32_t b, int32_t c, int64_t d, int32_t e)
REFUSE(fd_read, int32_t a, int32_t b, int32_t c, int32_t d)
REFUSE(fd_readdir, int32_t a, int32_t b, int32_t c, int64_t d, int32_t e)
REFUSE(fd_renumber, int32_t a, int32_t b)
REFUSE(fd_seek, int32_t a, int64_t b, int32_t c, int32_t d)
REFUSE(fd_sync, int32_t a)
REFUSE(fd_tell, int32_t a, int32_t b)
REFUSE(path_create_directory, int32_t a, int32_t b, int32_t c)
REFUSE(path_filestat_get, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e)
REFUSE(path_filestat_set_times, int32_t a, int32_t b, int32_t c, int32_t d, int64_t e, int64_t f, int32_t g)
REFUSE(path_link, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e, int32_t f, int32_t g)
REFUSE(path_open, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e, int64_t f, int64_t g, int32_t h, int32_t i)
REFUSE(path_readlink, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e, int32_t f)
REFUSE(path_remove_directory, int32_t a, int32_t b, int32_t c)
REFUSE(path_rename, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e, int32_t f)
REFUSE(path_symlink, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e)
REFUSE(path_unlink_file, int32_t a, int32_t b, int32_t c)
REFUSE(sock_accept, int32_t a, int32_t b, int32_t c)
REFUSE(sock_recv, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e, int32_t f)
REFUSE(sock_send, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e)
REFUSE(sock_shutdown, int32_t a, int32_t b)
