#define PY_SSIZE_T_CLEAN
#include "module.h"

#include "archive.h"
#include "clock.h"
#include "host.h"
#include "random.h"

static PyObject *module_call(PyObject *self, PyObject *args) {
  unsigned id;
  const char *operation;
  Py_ssize_t operation_length;
  Py_buffer arguments, body;
  if (!PyArg_ParseTuple(args, "Is#y*y*", &id, &operation, &operation_length, &arguments, &body)) return NULL;
  host_call(id, operation, operation_length, arguments.buf, arguments.len, body.buf, body.len);
  PyBuffer_Release(&arguments);
  PyBuffer_Release(&body);
  Py_RETURN_NONE;
}

static PyObject *module_abandon(PyObject *self, PyObject *args) {
  unsigned id;
  if (!PyArg_ParseTuple(args, "I", &id)) return NULL;
  host_abandon(id);
  Py_RETURN_NONE;
}

static PyObject *module_complete(PyObject *self, PyObject *args) {
  Py_buffer value;
  if (!PyArg_ParseTuple(args, "y*", &value)) return NULL;
  host_complete(value.buf, value.len);
  PyBuffer_Release(&value);
  Py_RETURN_NONE;
}

static PyObject *module_fail(PyObject *self, PyObject *args) {
  Py_buffer failure;
  if (!PyArg_ParseTuple(args, "y*", &failure)) return NULL;
  host_fail(failure.buf, failure.len);
  PyBuffer_Release(&failure);
  Py_RETURN_NONE;
}

static PyObject *module_log(PyObject *self, PyObject *args) {
  unsigned level;
  Py_buffer line;
  if (!PyArg_ParseTuple(args, "Iy*", &level, &line)) return NULL;
  // The canonical ABI does not allow another value of the enum: the host would end the execution.
  if (level <= 3) host_log(level, line.buf, line.len);
  PyBuffer_Release(&line);
  if (level > 3) return PyErr_Format(PyExc_ValueError, "No log level has the number %u", level);
  Py_RETURN_NONE;
}

enum { max_inputs = 16 };

static PyObject *compute_outcome(const struct outcome *outcome) {
  const struct list list = outcome->list;
  PyObject *result = NULL;
  if (!outcome->is_error) {
    result = PyBytes_FromStringAndSize(list.bytes, list.length);
  } else {
    PyObject *message = PyUnicode_DecodeUTF8(list.bytes, list.length, "replace");
    if (message != NULL) PyErr_SetObject(PyExc_ValueError, message);
    Py_XDECREF(message);
  }
  // An empty list has no memory of its own: see `cabi_realloc`.
  if (list.length > 0) free((void *)list.bytes);
  return result;
}

static PyObject *module_compute(PyObject *self, PyObject *args) {
  const char *operation;
  Py_ssize_t operation_length;
  Py_buffer parameters, views[max_inputs];
  PyObject *inputs;
  if (!PyArg_ParseTuple(args, "s#y*O!", &operation, &operation_length, &parameters, &PyList_Type, &inputs)) return NULL;
  Py_ssize_t count = PyList_GET_SIZE(inputs), held = 0;
  PyObject *result = NULL;
  if (count > max_inputs) {
    PyErr_Format(PyExc_ValueError, "A computation takes at most %d inputs", max_inputs);
    goto release;
  }
  struct list lists[max_inputs];
  for (; held < count; held++) {
    if (PyObject_GetBuffer(PyList_GET_ITEM(inputs, held), &views[held], PyBUF_SIMPLE) < 0) goto release;
    lists[held] = (struct list){views[held].buf, views[held].len};
  }
  struct outcome outcome;
  host_compute(operation, operation_length, parameters.buf, parameters.len, lists, count, &outcome);
  result = compute_outcome(&outcome);
release:
  while (held > 0) PyBuffer_Release(&views[--held]);
  PyBuffer_Release(&parameters);
  return result;
}

static PyObject *module_now(PyObject *self, PyObject *args) { return PyFloat_FromDouble(clock_now); }

static PyObject *module_random(PyObject *self, PyObject *args) {
  unsigned purpose;
  Py_ssize_t length;
  if (!PyArg_ParseTuple(args, "In", &purpose, &length)) return NULL;
  if (purpose >= random_purposes || length < 0)
    return PyErr_Format(PyExc_ValueError, "Cannot draw %zd bytes for purpose %u", length, purpose);
  PyObject *bytes = PyBytes_FromStringAndSize(NULL, length);
  if (bytes != NULL) random_fill(purpose, (uint8_t *)PyBytes_AS_STRING(bytes), length);
  return bytes;
}

static PyObject *module_stdlib(PyObject *self, PyObject *args) {
  return PyMemoryView_FromMemory((char *)archive_bytes, archive_length, PyBUF_READ);
}

static PyMethodDef methods[] = {
    {"call", module_call, METH_VARARGS,
     "call(id: int, operation: str, arguments: bytes, body: bytes): asks the host for an operation"},
    {"abandon", module_abandon, METH_VARARGS, "abandon(id: int): the answer to that call is no longer wanted"},
    {"complete", module_complete, METH_VARARGS, "complete(value: bytes): the workflow returned that JSON"},
    {"fail", module_fail, METH_VARARGS, "fail(failure: bytes): the workflow raised that JSON"},
    {"log", module_log, METH_VARARGS, "log(level: int, line: bytes): 0 debug, 1 info, 2 warn, 3 error"},
    {"compute", module_compute, METH_VARARGS,
     "compute(operation: str, parameters: bytes, inputs: list[bytes]) -> bytes: a pure function of the host"},
    {"now", module_now, METH_NOARGS, "now() -> float: milliseconds since the Unix epoch"},
    {"random", module_random, METH_VARARGS, "random(purpose: int, length: int) -> bytes: from the stream of the purpose"},
    {"stdlib", module_stdlib, METH_NOARGS, "stdlib() -> memoryview: the archive of the standard library"},
    {0},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_duranium", NULL, -1, methods};

PyObject *create_duranium_module(void) { return PyModule_Create(&definition); }
