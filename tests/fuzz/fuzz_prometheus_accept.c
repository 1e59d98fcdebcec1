/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as Accept and Accept-Encoding, apart at the first line end: something that there is
 * comes of them, and blanks and empty members around them change nothing. */
#include "exporters/prometheus/accept.h"
#include "exporters/prometheus/exposition.h"

#include "fuzz.h"

/* Without the bytes that join two lists. */
static bool is_whole(const char *data, size_t size)
{
    return memchr(data, '"', size) == NULL && memchr(data, '\\', size) == NULL;
}

static void check(cotel_str header)
{
    struct ct_prom_wanted wanted = ct_prom_accept(header);
    MUST(ct_prom_content_type(wanted.format, wanted.version, wanted.escaping));
    bool gzip = ct_prom_accepts_gzip(header);
    if (!is_whole(header.data, header.size))
        return;
    char *padded = malloc(header.size + 6);
    MUST(padded);
    memcpy(padded, " ,\t", 3);
    memcpy(padded + 3, header.data, header.size);
    memcpy(padded + 3 + header.size, " ,,", 3);
    cotel_str same = cotel_str_n(padded, header.size + 6);
    struct ct_prom_wanted again = ct_prom_accept(same);
    MUST(again.format == wanted.format && again.version == wanted.version);
    MUST(again.escaping == wanted.escaping);
    MUST(ct_prom_accepts_gzip(same) == gzip);
    free(padded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Of its own size, so that a byte too far is seen. */
    char *copy = malloc(size + 1);
    MUST(copy);
    if (size > 0)
        memcpy(copy, data, size);
    char *end = memchr(copy, '\n', size);
    size_t first = end ? (size_t)(end - copy) : size;
    check(cotel_str_n(copy, first));
    if (end)
        check(cotel_str_n(end + 1, size - first - 1));
    free(copy);
    return 0;
}
