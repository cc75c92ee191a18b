#ifndef ROLLCALL_BYTES16_H
#define ROLLCALL_BYTES16_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Sixteen bytes at a time, inlined into Swift, which has no movemask and no prefetch. Two loads that overlap take the
// place of a loop over the bytes that are left.

#if defined(__SSE2__)
typedef unsigned char rollcall_bytes16 __attribute__((vector_size(16)));

static inline uint32_t rollcall_top_bits(rollcall_bytes16 bytes) {
    typedef char chars16 __attribute__((vector_size(16)));
    return (uint32_t)__builtin_ia32_pmovmskb128((chars16)bytes);
}
#else
static inline uint32_t rollcall_top_bits8(uint64_t word) {
    return (uint32_t)(((word >> 7 & 0x0101010101010101u) * 0x0102040810204080u) >> 56);
}
#endif

/// What 16 bytes are in JSON. Bits 0 to 15: the byte ends a run of plain characters in a JSON string,
/// being a quotation mark, a backslash or below 0x20; only the lowest of them that is set is certain. Bits 16 to 31:
/// the byte is not ASCII.
static inline uint32_t rollcall_json16(const void *source) {
#if defined(__SSE2__)
    rollcall_bytes16 bytes;
    memcpy(&bytes, source, 16);
    const rollcall_bytes16 ends =
        (rollcall_bytes16)(bytes < 0x20) | (rollcall_bytes16)(bytes == '"') | (rollcall_bytes16)(bytes == '\\');
    return rollcall_top_bits(ends) | rollcall_top_bits(bytes) << 16;
#else
    const uint64_t ones = 0x0101010101010101u;
    uint32_t marks = 0;
    for (int half = 0; half < 2; half++) {
        uint64_t word;
        memcpy(&word, (const char *)source + 8 * half, 8);
        const uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
        const uint64_t ends =
            ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
        marks |= rollcall_top_bits8(ends) << (8 * half) | rollcall_top_bits8(word) << (16 + 8 * half);
    }
    return marks;
#endif
}

/// Copies 16 bytes.
static inline void rollcall_copy16(void *target, const void *source) { memcpy(target, source, 16); }

/// Copies bytes, up to 15 more than `count`: both sides must have them.
static inline void rollcall_copy_loosely(void *target, const void *source, size_t count) {
    char *to = target;
    const char *from = source;
    const char *const end = from + count;
    do {
        memcpy(to, from, 16);
        to += 16;
        from += 16;
    } while (from < end);
}

/// Copies fewer than 16 bytes, and no more.
static inline void rollcall_copy_few(void *target, const void *source, size_t count) {
    char *to = target;
    const char *from = source;
    if (count >= 8) {
        uint64_t first, last;
        memcpy(&first, from, 8);
        memcpy(&last, from + count - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + count - 8, &last, 8);
    } else if (count >= 4) {
        uint32_t first, last;
        memcpy(&first, from, 4);
        memcpy(&last, from + count - 4, 4);
        memcpy(to, &first, 4);
        memcpy(to + count - 4, &last, 4);
    } else if (count > 0) {
        const char first = from[0], middle = from[count / 2], last = from[count - 1];
        to[0] = first;
        to[count / 2] = middle;
        to[count - 1] = last;
    }
}

/// The top bits of bytes that are not ASCII or are CR; a CR is certain only where no bit of a lower byte is set.
static inline uint64_t rollcall_unlike_text8(uint64_t word) {
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    const uint64_t returns = word ^ ones * '\r';
    return (word | ((returns - ones) & ~returns)) & tops;
}

/// Copies bytes; zero where one of them is not ASCII or is CR.
static inline int rollcall_copy_plain_text(void *target, const void *source, size_t count) {
    char *to = target;
    const char *from = source;
    uint64_t first = 0, last = 0;
    if (count >= 16) {
#if defined(__SSE2__)
        rollcall_bytes16 unlike = {0}, bytes;
        for (size_t index = 0; index < count - 16; index += 16) {
            memcpy(&bytes, from + index, 16);
            memcpy(to + index, &bytes, 16);
            unlike |= bytes | (rollcall_bytes16)(bytes == '\r');
        }
        memcpy(&bytes, from + count - 16, 16);
        memcpy(to + count - 16, &bytes, 16);
        unlike |= bytes | (rollcall_bytes16)(bytes == '\r');
        return rollcall_top_bits(unlike) == 0;
#else
        uint64_t unlike = 0;
        for (size_t index = 0; index < count - 8; index += 8) {
            memcpy(&first, from + index, 8);
            memcpy(to + index, &first, 8);
            unlike |= rollcall_unlike_text8(first);
        }
        memcpy(&last, from + count - 8, 8);
        memcpy(to + count - 8, &last, 8);
        return (unlike | rollcall_unlike_text8(last)) == 0;
#endif
    }
    if (count >= 8) {
        memcpy(&first, from, 8);
        memcpy(&last, from + count - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + count - 8, &last, 8);
    } else if (count >= 4) {
        uint32_t lower, upper;
        memcpy(&lower, from, 4);
        memcpy(&upper, from + count - 4, 4);
        memcpy(to, &lower, 4);
        memcpy(to + count - 4, &upper, 4);
        first = lower | (uint64_t)upper << 32;
    } else if (count > 0) {
        const unsigned char begin = from[0], middle = from[count / 2], end = from[count - 1];
        to[0] = (char)begin;
        to[count / 2] = (char)middle;
        to[count - 1] = (char)end;
        first = begin | (uint64_t)middle << 8 | (uint64_t)end << 16;
    }
    return (rollcall_unlike_text8(first) | rollcall_unlike_text8(last)) == 0;
}

/// Fetches a cache line that is about to be written.
static inline void rollcall_prefetch(const void *address) { __builtin_prefetch(address, 1); }

#endif
