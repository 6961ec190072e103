// The start of Python, once, when the engine is built.
#ifndef DURANIUM_START_H
#define DURANIUM_START_H

#include <Python.h>

// The functions of the module `_duranium_runtime` that the exports call.
struct runtime {
  PyObject *evaluate, *declarations, *extend, *run, *settle, *cancel;
};

extern struct runtime runtime;

#endif
