/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as the value of Retry-After: a time, or none, and the same one later is never longer. */
#include "exporters/otlp/http/retry_after.h"
#include "exporters/otlp/retry.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = malloc(size + 1);
    MUST(value);
    if (size > 0)
        memcpy(value, data, size);
    value[size] = '\0';

    const time_t now = 784111777;
    uint64_t wait = ct_http_retry_after_ns(value, now);
    uint64_t later = ct_http_retry_after_ns(value, now + 60);
    MUST((wait == CT_OTLP_NOT_SAID) == (later == CT_OTLP_NOT_SAID));
    MUST(later <= wait);

    const struct ct_otlp_backoff backoff = {1000, 5000};
    MUST(ct_otlp_backoff_wait_ns(&backoff, 1, wait, size) >= CT_OTLP_RETRY_MIN_NS);
    free(value);
    return 0;
}
