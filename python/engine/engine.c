// The exports of the world `workflow` (wit/runtime.wit), lifted and lowered as the canonical ABI has them, over the
// functions of `_duranium_runtime`.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>

#include "clock.h"
#include "host.h"
#include "random.h"
#include "start.h"

#define EXPORT(name) __attribute__((export_name(name)))

double clock_now = 0;

void clock_advance(double now) {
  if (now > clock_now) clock_now = now;
}

// What the host lowers is put here. Where memory has run out, the host ends the execution with `out-of-memory`.
EXPORT("cabi_realloc") void *cabi_realloc(void *pointer, size_t length, size_t alignment, size_t new_length) {
  if (new_length == 0) return (void *)alignment;
  void *bytes = realloc(pointer, new_length);
  if (bytes == NULL) __builtin_trap();
  return bytes;
}

// The arguments of an export belong to the guest: each of these frees what it was given.
static PyObject *take_bytes(char *bytes, size_t length) {
  PyObject *taken = PyBytes_FromStringAndSize(bytes, length);
  if (length > 0) free(bytes);
  return taken;
}

static PyObject *take_text(char *bytes, size_t length) {
  PyObject *taken = PyUnicode_DecodeUTF8(bytes, length, "replace");
  if (length > 0) free(bytes);
  return taken;
}

// Prepared, because describing a failure can fail as well: memory, the stack, or an object of the workflow's.
static const char failed[] = "{\"name\":\"Error\",\"message\":\"The workflow failed, and describing the failure failed too\","
                             "\"stack\":\"\"}";
static const char out_of_memory[] = "{\"name\":\"MemoryError\",\"message\":\"out of memory\",\"stack\":\"\"}";

static struct list prepared_failure(void) {
  int is_memory = PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_MemoryError);
  PyErr_Clear();
  return is_memory ? (struct list){out_of_memory, sizeof out_of_memory - 1} : (struct list){failed, sizeof failed - 1};
}

// At the end of each function that is part of an execution: the runtime has told the host how it goes on, unless it
// raised.
static void end(PyObject *result) {
  if (result == NULL) {
    struct list failure = prepared_failure();
    host_fail(failure.bytes, failure.length);
  }
  Py_XDECREF(result);
}

// `result<_, list<u8>>` and `result<list<u8>, list<u8>>`, which are laid out in the same way.
static struct {
  uint8_t is_error;
  struct list list;
} returned;
// What the list points into.
static PyObject *returned_bytes;

static void *return_list(int is_error, PyObject *bytes) {
  returned.is_error = is_error;
  if (bytes != NULL && PyBytes_Check(bytes)) {
    returned_bytes = Py_NewRef(bytes);
    returned.list = (struct list){PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes)};
  } else {
    returned.list = is_error ? prepared_failure() : (struct list){"", 0};
  }
  return &returned;
}

// Images are the same for all executions, so the clock and the entropy of an evaluation are.
EXPORT("evaluate") void *export_evaluate(char *source, size_t length) {
  static const uint8_t zero[random_key_bytes];
  random_seed(zero);
  clock_now = 0;
  PyObject *result = PyObject_CallFunction(runtime.evaluate, "N", take_bytes(source, length));
  return_list(result != Py_None, result);
  Py_XDECREF(result);
  return &returned;
}

EXPORT("cabi_post_evaluate") void post_evaluate(void *result) { Py_CLEAR(returned_bytes); }

EXPORT("declarations") void *export_declarations(void) {
  PyObject *result = PyObject_CallNoArgs(runtime.declarations);
  int is_right = 0;
  PyObject *bytes = NULL;
  if (result != NULL && !PyArg_ParseTuple(result, "pS", &is_right, &bytes)) is_right = 0, bytes = NULL;
  return_list(!is_right, bytes);
  Py_XDECREF(result);
  return &returned;
}

EXPORT("cabi_post_declarations") void post_declarations(void *result) { Py_CLEAR(returned_bytes); }

EXPORT("extend") void export_extend(char *members, size_t length) {
  end(PyObject_CallFunction(runtime.extend, "N", take_bytes(members, length)));
}

EXPORT("cabi_post_extend") void post_extend(void) {}

EXPORT("run")
void export_run(char *workflow_id, size_t workflow_id_length, uint32_t version, char *execution_id,
                size_t execution_id_length, uint32_t has_entry_point, char *entry_point, size_t entry_point_length,
                uint8_t *seed, size_t seed_length, double now, char *callback_url, size_t callback_url_length,
                char *payload, size_t payload_length) {
  if (seed_length != random_key_bytes) __builtin_trap();
  random_seed(seed);
  free(seed);
  clock_now = now;
  PyObject *entry = has_entry_point ? take_text(entry_point, entry_point_length) : Py_NewRef(Py_None);
  end(PyObject_CallFunction(runtime.run, "NINNNN", take_text(workflow_id, workflow_id_length), version,
                            take_text(execution_id, execution_id_length), entry,
                            take_text(callback_url, callback_url_length), take_bytes(payload, payload_length)));
}

EXPORT("cabi_post_run") void post_run(void) {}

EXPORT("settle")
void export_settle(uint32_t id, double now, char *outcome, size_t outcome_length, char *body, size_t body_length) {
  clock_advance(now);
  end(PyObject_CallFunction(runtime.settle, "INN", id, take_bytes(outcome, outcome_length),
                            take_bytes(body, body_length)));
}

EXPORT("cabi_post_settle") void post_settle(void) {}

EXPORT("cancel") void export_cancel(double now) {
  clock_advance(now);
  end(PyObject_CallNoArgs(runtime.cancel));
}

EXPORT("cabi_post_cancel") void post_cancel(void) {}
