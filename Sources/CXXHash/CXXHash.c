#define XXH_INLINE_ALL
#include <xxhash.h>

#include "CXXHash.h"

uint64_t rollcall_xxh3_64(const void *bytes, size_t length) { return XXH3_64bits(bytes, length); }

rollcall_hash128 rollcall_xxh3_128(const void *bytes, size_t length) {
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    return (rollcall_hash128){.high = hash.high64, .low = hash.low64};
}
