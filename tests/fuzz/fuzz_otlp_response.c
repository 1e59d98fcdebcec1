/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a collector's answer, in protobuf and in JSON: read or refused, and what is told of
 * it is one plain line. */
#include "exporters/otlp/encode/response.h"

#include "fuzz.h"

static void must_be_plain(const char *text, size_t capacity)
{
    MUST(memchr(text, '\0', capacity) != NULL);
    for (; *text != '\0'; text++)
        MUST(*text >= 0x20 && *text < 0x7f);
}

static void must_be_sound(bool is_response, const struct ct_otlp_response *response)
{
    MUST(is_response || (response->rejected == 0 && response->text[0] == '\0'));
    MUST(response->rejected <= INT64_MAX);
    must_be_plain(response->text, sizeof response->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ct_otlp_response response;
    char text[16];
    must_be_sound(ct_otlp_response_read(data, size, &response), &response);
    must_be_sound(
        ct_otlp_response_read_json(data, size, ct_otlp_signal_of(COTEL_SIGNAL_TRACES), &response),
        &response);
    bool (*const readers[])(const void *, size_t, char *, size_t) = {ct_otlp_status_read,
                                                                     ct_otlp_status_read_json};
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (!readers[i](data, size, text, sizeof text))
            continue;
        MUST(text[0] != '\0');
        must_be_plain(text, sizeof text);
    }
    return 0;
}
