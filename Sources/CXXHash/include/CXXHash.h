#ifndef ROLLCALL_CXXHASH_H
#define ROLLCALL_CXXHASH_H

#include <stddef.h>
#include <stdint.h>

/// XXH3 64-bit of `length` bytes, seed 0.
uint64_t rollcall_xxh3_64(const void *bytes, size_t length);

/// XXH3 128-bit of `length` bytes, seed 0, as its canonical (big-endian) 16 bytes.
void rollcall_xxh3_128(const void *bytes, size_t length, uint8_t digest[16]);

#endif
