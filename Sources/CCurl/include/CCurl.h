#ifndef ROLLCALL_CURL_H
#define ROLLCALL_CURL_H

#include <curl/curl.h>

// libcurl sets and tells its options by functions of variable arguments, which Swift cannot call. These take one type
// each; the caller passes only options of that type.

/// Options that take a `long`; flags are 0 and 1.
CURLcode rollcall_curl_set_long(CURL *easy, CURLoption option, long value);

/// Options that take a text, which libcurl copies.
CURLcode rollcall_curl_set_text(CURL *easy, CURLoption option, const char *value);

/// The header lines of the request; the list must outlive the transfer.
CURLcode rollcall_curl_set_headers(CURL *easy, struct curl_slist *headers);

/// The request's body, which libcurl copies. It makes the request a POST: the method is to be set afterwards.
CURLcode rollcall_curl_set_body(CURL *easy, const void *bytes, curl_off_t count);

/// Where libcurl describes a failure: CURL_ERROR_SIZE bytes that must outlive the transfer.
CURLcode rollcall_curl_set_error_buffer(CURL *easy, char *buffer);

/// Takes the bytes of an answer; what it returns other than `size * count` ends the transfer.
typedef size_t (*rollcall_curl_sink)(char *bytes, size_t size, size_t count, void *context);

/// Who takes the body, decoded, and the header lines, one by one.
CURLcode rollcall_curl_set_sinks(CURL *easy, rollcall_curl_sink body, rollcall_curl_sink header, void *context);

/// Facts that are a `long`; 0 where there is none.
long rollcall_curl_info_long(CURL *easy, CURLINFO info);

/// Facts that are a `curl_off_t`; 0 where there is none.
curl_off_t rollcall_curl_info_offset(CURL *easy, CURLINFO info);

/// How many connections are kept for later requests.
CURLMcode rollcall_curl_keep_connections(CURLM *multi, long count);

/// The next transfer that has ended and how, NULL where there is none.
CURL *rollcall_curl_next_ended(CURLM *multi, CURLcode *result);

#endif
