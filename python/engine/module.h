// The module `_duranium`: what the runtime in Python (python/runtime) has of the host.
#ifndef DURANIUM_MODULE_H
#define DURANIUM_MODULE_H

#include <Python.h>

PyObject *create_duranium_module(void);

#endif
