#ifndef ROLLCALL_CPHONENUMBER_H
#define ROLLCALL_CPHONENUMBER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Writes the E.164 form of a phone number, with `;ext=` and its extension where it has one, to `out`.
///
/// `region` is an ISO 3166-1 alpha-2 code, NUL-terminated: the region that a number without a country code is read in.
/// Returns the number of bytes written; 0 when the text does not parse, is not a possible number
/// (libphonenumber's IsPossibleNumber), or does not fit `capacity`.
size_t rollcall_phone_e164(const char *text, size_t length, const char *region, char *out, size_t capacity);

/// Writes the national form of a phone number of that region's calling code, as libphonenumber formats it, with its
/// extension where it has one, to `out`.
///
/// Returns the number of bytes written; 0 in the cases of `rollcall_phone_e164`, and for another calling code.
size_t rollcall_phone_national(const char *text, size_t length, const char *region, char *out, size_t capacity);

/// Whether libphonenumber has metadata of this region.
int rollcall_phone_region_exists(const char *region);

#ifdef __cplusplus
}
#endif

#endif
