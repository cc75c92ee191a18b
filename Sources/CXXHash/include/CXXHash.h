#ifndef ROLLCALL_CXXHASH_H
#define ROLLCALL_CXXHASH_H

#include <stddef.h>
#include <stdint.h>

#include "Bytes16.h"

/// A 128-bit hash; its canonical bytes are those of `high`, then of `low`, most significant byte first.
typedef struct {
    uint64_t high;
    uint64_t low;
} rollcall_hash128;

/// XXH3 64-bit of `length` bytes, seed 0.
uint64_t rollcall_xxh3_64(const void *bytes, size_t length);

/// XXH3 128-bit of `length` bytes, seed 0.
rollcall_hash128 rollcall_xxh3_128(const void *bytes, size_t length);

#endif
