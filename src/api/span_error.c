/* SPDX-License-Identifier: Apache-2.0 */
/* Errors, in the three ways in which a C program has them. What they say of themselves is put into
 * words by the SDK: without one, or for a span that does not record, nothing is done. */
#include <cotel/trace.h>

#include "api/span_call.h"

/* Where the user's code goes on after the call of a public function. */
#define CALLER() __builtin_extract_return_addr(__builtin_return_address(0))

void cotel_error_options_init(cotel_error_options *options)
{
    const cotel_error_options defaults = COTEL_ERROR_OPTIONS_INIT;
    if (options)
        *options = defaults;
}

void cotel_span_record_error(const cotel_span *span, const char *type, const char *message,
                             const cotel_attribute *attributes, size_t count)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.type = type;
    options.message = message;
    options.attributes = attributes;
    options.attribute_count = count;
    CT_SPAN_CALL(span, record_error, &options, CALLER());
}

void cotel_span_record_errno(const cotel_span *span, int errnum, const char *what)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.message = what;
    options.errnum = errnum;
    CT_SPAN_CALL(span, record_error, &options, CALLER());
}

void cotel_span_record_error_with(const cotel_span *span, const cotel_error_options *options)
{
    if (options)
        CT_SPAN_CALL(span, record_error, options, CALLER());
}
