#include "archive.h"

const unsigned char archive_bytes[] = {
#embed "archive.bin"
};
const size_t archive_length = sizeof archive_bytes;
