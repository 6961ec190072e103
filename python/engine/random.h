// Random numbers of the execution: the keystream of ChaCha20 (RFC 8439) under its seed.
#ifndef DURANIUM_RANDOM_H
#define DURANIUM_RANDOM_H

#include <stddef.h>
#include <stdint.h>

// A stream for each purpose, so that the order of draws from several streams changes none of them. The numbers are
// those of the JavaScript guest (src/guest): what two languages draw for the same purpose is the same.
enum { random_purposes = 16, random_key_bytes = 32 };

// The purpose of what the standard library draws through WASI: `os.urandom`, and by it `random`, `uuid` and `secrets`.
enum { random_purpose_wasi = 1 };

// Sets the key, and every stream to its beginning.
void random_seed(const uint8_t key[random_key_bytes]);

// Overwrites `length` bytes. Whole words of 32 bits are drawn, and the rest of the last one is discarded.
void random_fill(unsigned purpose, uint8_t *bytes, size_t length);

#endif
