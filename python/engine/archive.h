// The archive of the modules in Python, which `archive.py` writes when the engine is built.
#ifndef DURANIUM_ARCHIVE_H
#define DURANIUM_ARCHIVE_H

#include <stddef.h>

extern const unsigned char archive_bytes[];
extern const size_t archive_length;

#endif
