#define XXH_INLINE_ALL
#include <xxhash.h>

#include "CXXHash.h"

uint64_t rollcall_xxh3_64(const void *bytes, size_t length) { return XXH3_64bits(bytes, length); }

rollcall_hash128 rollcall_xxh3_128(const void *bytes, size_t length) {
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    return (rollcall_hash128){.high = hash.high64, .low = hash.low64};
}

#if defined(__x86_64__)
#include <immintrin.h>

// What is not ASCII is negative.
#define UNUSUAL(bytes)                                                                                              \
    _mm256_or_si256(                                                                                                \
        _mm256_or_si256(_mm256_cmpgt_epi8(space, bytes), _mm256_cmpeq_epi8(bytes, delete)),                         \
        _mm256_or_si256(_mm256_cmpeq_epi8(bytes, ampersand), _mm256_cmpeq_epi8(bytes, backslash)))

__attribute__((target("avx2"))) static size_t first_unusual_avx2(const char *from, size_t count) {
    const __m256i space = _mm256_set1_epi8(0x20), delete = _mm256_set1_epi8(0x7F);
    const __m256i ampersand = _mm256_set1_epi8('&'), backslash = _mm256_set1_epi8('\\');
    // The last 64 bytes are read from their end: some of them twice.
    for (size_t index = 0;; index = index + 128 <= count ? index + 64 : count - 64) {
        const __m256i low = _mm256_loadu_si256((const __m256i *)(from + index));
        const __m256i high = _mm256_loadu_si256((const __m256i *)(from + index + 32));
        const __m256i a = UNUSUAL(low), b = UNUSUAL(high);
        if (_mm256_movemask_epi8(_mm256_or_si256(a, b)) != 0) {
            const uint64_t bits = (uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
            return index + (size_t)__builtin_ctzll(bits);
        }
        if (index + 64 == count) return count;
    }
}
#endif

size_t rollcall_first_unusual_long(const void *source, size_t count) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return first_unusual_avx2(source, count);
#endif
    const char *from = source;
    size_t index = 0;
    for (; index + 32 <= count; index += 32) {
        const size_t found = rollcall_first_unusual_short(from + index, 32);
        if (found < 32) return index + found;
    }
    return index + rollcall_first_unusual_short(from + index, count - index);
}
