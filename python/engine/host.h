// The functions of the host, lowered as the canonical ABI has them: wit/runtime.wit says what each does.
#ifndef DURANIUM_HOST_H
#define DURANIUM_HOST_H

#include <stddef.h>
#include <stdint.h>

#define HOST(name) __attribute__((import_module("duranium:runtime/host@0.1.0"), import_name(name))) extern

// `list<u8>`
struct list {
  const char *bytes;
  size_t length;
};

// `result<list<u8>, string>`
struct outcome {
  uint8_t is_error;
  struct list list;
};

HOST("call")
void host_call(uint32_t id, const char *operation, size_t operation_length, const char *arguments,
               size_t arguments_length, const char *body, size_t body_length);
HOST("abandon") void host_abandon(uint32_t id);
HOST("complete") void host_complete(const char *value, size_t length);
HOST("fail") void host_fail(const char *failure, size_t length);
HOST("log") void host_log(uint32_t level, const char *line, size_t length);
HOST("compute")
void host_compute(const char *operation, size_t operation_length, const char *parameters, size_t parameters_length,
                  const struct list *inputs, size_t input_count, struct outcome *outcome);

#endif
