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

/// Bits 0 to 15: the byte is a decimal digit.
static inline uint32_t rollcall_digits16(const void *source) {
#if defined(__SSE2__)
    rollcall_bytes16 bytes;
    memcpy(&bytes, source, 16);
    return rollcall_top_bits((rollcall_bytes16)((rollcall_bytes16)(bytes - '0') < 10));
#else
    const unsigned char *bytes = source;
    uint32_t digits = 0;
    for (int index = 0; index < 16; index++) digits |= (uint32_t)((unsigned char)(bytes[index] - '0') < 10) << index;
    return digits;
#endif
}

/// What `rollcall_json_copy` found.
enum { rollcall_json_rare = 1, rollcall_json_not_ascii = 2 };

/// Copies JSON text and 16 zeros behind it, and says where its quotation marks are.
///
/// There must be room for `count` + 32 bytes in `target`, and in `quotes` for a bit for each of them, in words of 64.
/// Returns `rollcall_json_rare` where there is a backslash or a byte below 0x20, `rollcall_json_not_ascii` where there
/// is a byte that is not ASCII, both, or 0.
static inline int rollcall_json_copy(void *target, const void *source, size_t count, uint64_t *quotes) {
    char *to = target;
    const char *from = source;
    const size_t rest = count & 15, whole = count - rest;
    memset(to + whole, 0, 32);
    memcpy(to + whole, from + whole, rest);
#if defined(__SSE2__)
    rollcall_bytes16 bytes, rare = {0}, all = {0};
    for (size_t index = 0; index < whole; index += 16) {
        memcpy(&bytes, from + index, 16);
        memcpy(to + index, &bytes, 16);
        rare |= (rollcall_bytes16)(bytes < 0x20) | (rollcall_bytes16)(bytes == '\\');
        all |= bytes;
        const uint64_t marks = rollcall_top_bits((rollcall_bytes16)(bytes == '"'));
        const size_t shift = index & 63;
        quotes[index >> 6] = shift == 0 ? marks : quotes[index >> 6] | marks << shift;
    }
    memcpy(&bytes, to + whole, 16);
    all |= bytes;
    const uint64_t marks = rollcall_top_bits((rollcall_bytes16)(bytes == '"'));
    const size_t shift = whole & 63;
    quotes[whole >> 6] = shift == 0 ? marks : quotes[whole >> 6] | marks << shift;
    // The zeros behind the text are no control characters of its own.
    const uint32_t own = (1u << rest) - 1;
    const rollcall_bytes16 last = (rollcall_bytes16)(bytes < 0x20) | (rollcall_bytes16)(bytes == '\\');
    const int isRare = rollcall_top_bits(rare) != 0 || (rollcall_top_bits(last) & own) != 0;
    return (isRare ? rollcall_json_rare : 0) | (rollcall_top_bits(all) != 0 ? rollcall_json_not_ascii : 0);
#else
    unsigned char all = 0;
    int isRare = 0;
    memcpy(to, from, whole);
    for (size_t word = 0; word <= count >> 6; word++) quotes[word] = 0;
    for (size_t index = 0; index < count; index++) {
        const unsigned char byte = (unsigned char)from[index];
        isRare |= byte < 0x20 || byte == '\\';
        all |= byte;
        quotes[index >> 6] |= (uint64_t)(byte == '"') << (index & 63);
    }
    return (isRare ? rollcall_json_rare : 0) | (all & 0x80 ? rollcall_json_not_ascii : 0);
#endif
}

/// Copies 16 bytes.
static inline void rollcall_copy16(void *target, const void *source) { memcpy(target, source, 16); }

/// Copies bytes, up to 31 more than `count`: both sides must have them. Nearly all counts take the same path.
static inline void rollcall_copy_loosely(void *target, const void *source, size_t count) {
    char *to = target;
    const char *from = source;
    const char *const end = from + count;
    do {
        memcpy(to, from, 32);
        to += 32;
        from += 32;
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

/// Where an e-mail address has what; a bit for each byte.
typedef struct {
    uint64_t at;
    uint64_t dot;
    uint64_t hyphen;
    /// No letter, digit, dot, hyphen or `@`.
    uint64_t other;
    /// A control character, a space or not ASCII.
    uint64_t rare;
} rollcall_email_marks;

/// Copies an e-mail address of at most 63 bytes, its ASCII letters in lower case. There must be room for 64.
static inline rollcall_email_marks rollcall_email_copy(void *target, const void *source, size_t count) {
    char *to = target;
    const char *from = source;
    rollcall_email_marks marks = {0, 0, 0, 0, 0};
#if defined(__SSE2__)
    for (size_t index = 0; index < count; index += 16) {
        rollcall_bytes16 bytes = {0};
        if (count - index >= 16) {
            memcpy(&bytes, from + index, 16);
        } else {
            rollcall_copy_few(&bytes, from + index, count - index);
        }
        const rollcall_bytes16 upper = (rollcall_bytes16)((rollcall_bytes16)(bytes - 'A') < 26);
        bytes |= upper & 0x20;
        memcpy(to + index, &bytes, 16);
        const rollcall_bytes16 at = (rollcall_bytes16)(bytes == '@'), dot = (rollcall_bytes16)(bytes == '.');
        const rollcall_bytes16 hyphen = (rollcall_bytes16)(bytes == '-');
        const rollcall_bytes16 plain = (rollcall_bytes16)((rollcall_bytes16)(bytes - 'a') < 26) |
                                       (rollcall_bytes16)((rollcall_bytes16)(bytes - '0') < 10) | at | dot | hyphen;
        const rollcall_bytes16 rare = (rollcall_bytes16)((rollcall_bytes16)(bytes - 0x21) > 0x7E - 0x21);
        marks.at |= (uint64_t)rollcall_top_bits(at) << index;
        marks.dot |= (uint64_t)rollcall_top_bits(dot) << index;
        marks.hyphen |= (uint64_t)rollcall_top_bits(hyphen) << index;
        marks.other |= (uint64_t)rollcall_top_bits(~plain) << index;
        marks.rare |= (uint64_t)rollcall_top_bits(rare) << index;
    }
    // The zeros behind the address are not its own.
    const uint64_t own = ((uint64_t)1 << count) - 1;
    marks.other &= own;
    marks.rare &= own;
#else
    for (size_t index = 0; index < count; index++) {
        unsigned char byte = (unsigned char)from[index];
        if ((unsigned char)(byte - 'A') < 26) byte |= 0x20;
        to[index] = (char)byte;
        const uint64_t bit = (uint64_t)1 << index;
        const int plain = (unsigned char)(byte - 'a') < 26 || (unsigned char)(byte - '0') < 10;
        if (byte == '@') marks.at |= bit;
        else if (byte == '.') marks.dot |= bit;
        else if (byte == '-') marks.hyphen |= bit;
        else if (!plain) marks.other |= bit;
        if (byte <= 0x20 || byte >= 0x7F) marks.rare |= bit;
    }
#endif
    return marks;
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

#if defined(__SSE2__)
static inline rollcall_bytes16 rollcall_unusual16(rollcall_bytes16 bytes) {
    typedef signed char chars16 __attribute__((vector_size(16)));
    // What is not ASCII is negative.
    return (rollcall_bytes16)((chars16)bytes < 0x20) | (rollcall_bytes16)(bytes == 0x7F) |
           (rollcall_bytes16)(bytes == '&') | (rollcall_bytes16)(bytes == '\\');
}
#endif

/// `rollcall_first_unusual` of a text of 64 bytes and more, by the processor's widest registers.
size_t rollcall_first_unusual_long(const void *source, size_t count);

/// The same of a text of less than 64 bytes.
static inline size_t rollcall_first_unusual_short(const void *source, size_t count) {
    const char *from = source;
    size_t index = 0;
#if defined(__SSE2__)
    for (; index + 16 <= count; index += 16) {
        rollcall_bytes16 bytes;
        memcpy(&bytes, from + index, 16);
        const uint32_t unusual = rollcall_top_bits(rollcall_unusual16(bytes));
        if (unusual != 0) return index + (size_t)__builtin_ctz(unusual);
    }
#endif
    for (; index < count; index++) {
        const unsigned char byte = (unsigned char)from[index];
        if ((unsigned char)(byte - 0x20) >= 0x5F || byte == '&' || byte == '\\') break;
    }
    return index;
}

/// Where the first byte is that is not printable ASCII, or is `&` or a backslash; `count` where there is none.
static inline size_t rollcall_first_unusual(const void *source, size_t count) {
    return count < 64 ? rollcall_first_unusual_short(source, count) : rollcall_first_unusual_long(source, count);
}

/// Fetches a cache line that is about to be written.
static inline void rollcall_prefetch(const void *address) { __builtin_prefetch(address, 1); }

#endif
