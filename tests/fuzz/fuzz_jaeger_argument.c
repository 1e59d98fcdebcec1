/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as the argument of the Jaeger remote sampler: read, or the member that is wrong named,
 * from within the text. */
#include "exporters/auto/env_parse.h"
#include "exporters/auto/jaeger_argument.h"

#include "fuzz.h"

static void must_be_within(cotel_str part, const char *text, size_t size)
{
    MUST(part.data >= text && part.data <= text + size);
    MUST(part.size <= (size_t)(text + size - part.data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ct_jaeger_argument argument;
    cotel_str wrong;
    char *text = malloc(size + 1);
    MUST(text);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    size = strlen(text);
    if (!ct_jaeger_argument_read(&argument, cotel_str_n(text, size), &wrong)) {
        must_be_within(wrong, text, size);
    } else {
        MUST(!argument.has_endpoint || ct_env_is_url(argument.endpoint));
        if (argument.has_endpoint)
            must_be_within(argument.endpoint, text, size);
        MUST(!argument.has_polling_interval || argument.polling_interval_ms > 0);
        MUST(!argument.has_initial_rate ||
             (argument.initial_rate >= 0 && argument.initial_rate <= 1));
    }
    free(text);
    return 0;
}
