/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an exposition. What is read can be written in its own format and as JSON, is read
 * back from there as what it was, and its summary controls no terminal. The first byte chooses the
 * format. */
#include "fuzz.h"

#include "metrics/parse.h"
#include "metrics/read_json.h"
#include "metrics/summary.h"
#include "metrics/write.h"

#include <locale.h>

struct written {
    char *data;
    size_t size;
};

enum form { FORM_PROMETHEUS, FORM_OPENMETRICS, FORM_JSON, FORM_SUMMARY };

static struct written write_as(const struct ct_exposition *exposition, enum form form)
{
    struct written text = {NULL, 0};
    FILE *out = open_memstream(&text.data, &text.size);

    MUST(out);
    if (form == FORM_PROMETHEUS)
        ct_write_prometheus(exposition, out);
    else if (form == FORM_OPENMETRICS)
        ct_write_openmetrics(exposition, out);
    else if (form == FORM_JSON)
        MUST(ct_write_json(exposition, out));
    else
        MUST(ct_summary_write(exposition, out, 80, false));
    MUST(fclose(out) == 0);
    return text;
}

static bool read_as(struct written text, enum form form, struct ct_exposition *exposition)
{
    const struct ct_text bytes = {text.data, text.size};
    struct ct_fault fault;

    bool is_read =
        form == FORM_JSON
            ? ct_read_json(bytes, exposition, &fault)
            : ct_parse(bytes, form == FORM_PROMETHEUS ? CT_TEXT_PROMETHEUS : CT_TEXT_OPENMETRICS,
                       exposition, &fault);
    MUST(is_read || fault.reason[0]);
    return is_read;
}

static void check_way_back(const struct ct_exposition *exposition, enum form by, enum form in)
{
    struct ct_exposition again = {0};
    struct written first = write_as(exposition, by), text = write_as(exposition, in);

    MUST(read_as(first, by, &again));
    struct written second = write_as(&again, in);
    MUST(text.size == second.size && memcmp(text.data, second.data, text.size) == 0);
    ct_exposition_fini(&again);
    free(first.data);
    free(text.data);
    free(second.data);
}

static void check_summary(const struct ct_exposition *exposition)
{
    struct written text = write_as(exposition, FORM_SUMMARY);

    for (size_t i = 0; i < text.size; i++)
        MUST(text.data[i] == '\n' || ((unsigned char)text.data[i] >= 0x20 && text.data[i] != 0x7F));
    free(text.data);
}

/* Labels of JSON are members, whose names end at a NUL for the library that reads them. */
static bool has_nul(const uint8_t *data, size_t size)
{
    return memchr(data, '\0', size) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ct_exposition exposition = {0};

    setlocale(LC_CTYPE, "C.UTF-8");
    if (size == 0)
        return 0;
    enum form form = data[0] & 1 ? FORM_OPENMETRICS : FORM_PROMETHEUS;
    const struct written text = {(char *)(uintptr_t)data + 1, size - 1};
    if (read_as(text, form, &exposition)) {
        check_way_back(&exposition, form, form);
        if (!has_nul(data + 1, size - 1))
            check_way_back(&exposition, FORM_JSON, form);
        check_summary(&exposition);
    }
    ct_exposition_fini(&exposition);
    return 0;
}
