#define XXH_INLINE_ALL
#include <xxhash.h>

#include "CXXHash.h"

uint64_t rollcall_xxh3_64(const void *bytes, size_t length) { return XXH3_64bits(bytes, length); }

void rollcall_xxh3_128(const void *bytes, size_t length, uint8_t digest[16]) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes, length));
    for (int i = 0; i < 16; i++) digest[i] = canonical.digest[i];
}
