/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a request to cotel view, through to what it prints: each span that was taken has one
 * row, and nothing that is printed controls a terminal. */
#include "fuzz.h"

#include "view/decode.h"
#include "view/render_json.h"
#include "view/render_text.h"

#include <stdio.h>
#include <stdlib.h>

static void check_text(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        MUST(text[i] == '\n' || ((unsigned char)text[i] >= 0x20 && text[i] != 0x7F));
}

static void show(void *user, const struct ct_trace *trace, enum ct_show_reason reason)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    MUST(out);
    MUST(ct_render_text(out, trace, false));
    MUST(fflush(out) == 0);
    check_text(text, size);
    MUST(ct_render_json(out, trace));
    MUST(fclose(out) == 0);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ct_store_options options = {.max_traces = 8, .max_bytes = 64 * 1024, .show = show};
    struct ct_decoded decoded;

    if (ct_decode_protobuf(data, size, &decoded) != CT_DECODE_OK) {
        MUST(!decoded.spans && decoded.reason[0]);
        return 0;
    }
    struct ct_store *store = ct_store_create(&options);
    MUST(store);
    for (struct ct_span *span = decoded.spans, *next; span; span = next) {
        next = span->next;
        MUST(ct_store_add(store, span, 0));
    }
    ct_store_show_rest(store);
    ct_store_destroy(store);
    return 0;
}
