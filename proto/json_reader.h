/* SPDX-License-Identifier: Apache-2.0 */
/* JSON (RFC 8259) from outside, read piece by piece: who calls knows what is to come, and asks for
 * it. Nothing is kept of what was read, so no text, however built, takes memory here.
 *
 * Each function returns false when it could not do what it was asked for; `fault` says why, and
 * `at` where. Then the reader is not to be used any more. */
#ifndef COTEL_PROTO_JSON_READER_H
#define COTEL_PROTO_JSON_READER_H

#include "proto/buffer.h"

#include <stdbool.h>
#include <stddef.h>

enum { CT_JSON_READER_MAX_DEPTH = 256 /* arrays and objects within each other */ };

/* Initialise `at` and `end`, the rest zero. */
struct ct_json_reader {
    const char *at;
    const char *end;
    unsigned depth;
    const char *fault; /* NULL: none so far */
};

/* The first character of what comes next; NUL at the end. Skips white space. */
char ct_json_peek(struct ct_json_reader *reader);

/* Goes into an object or an array; the bracket is that which opens it, '{' or '['. */
bool ct_json_enter(struct ct_json_reader *reader, char bracket);

/* Goes to the next element; or out behind the closing bracket, and then returns false without a
 * fault. *is_first is true before the first call. */
bool ct_json_next(struct ct_json_reader *reader, char bracket, bool *is_first);

/* The name of a member and the colon behind it. Appends the name; any function may be given NULL to
 * append to. */
bool ct_json_read_name(struct ct_json_reader *reader, struct ct_proto_buffer *out);

/* Appends the characters of a string, as UTF-8. */
bool ct_json_read_string(struct ct_json_reader *reader, struct ct_proto_buffer *out);

/* Appends a number as it is written. */
bool ct_json_read_number(struct ct_json_reader *reader, struct ct_proto_buffer *out);

bool ct_json_read_bool(struct ct_json_reader *reader, bool *out);
bool ct_json_read_null(struct ct_json_reader *reader);

/* Reads any value, and forgets it. */
bool ct_json_skip(struct ct_json_reader *reader);

/* Is there nothing more but white space? */
bool ct_json_read_end(struct ct_json_reader *reader);

#endif
