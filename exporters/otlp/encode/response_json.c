/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/encode/response.h"

#include "exporters/otlp/encode/text.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

/* NULL: it is no JSON object, or memory is out. */
static json_t *load_object(const void *text, size_t size)
{
    json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

/* 0 for what is no number, or a negative one. */
static uint64_t number_of(const json_t *value)
{
    long long number = json_integer_value(value);
    if (json_is_string(value)) {
        errno = 0;
        number = strtoll(json_string_value(value), NULL, 10);
        if (errno != 0)
            return 0;
    }
    return number > 0 ? (uint64_t)number : 0;
}

static bool copy_text(const json_t *value, char *text, size_t capacity)
{
    size_t size = json_string_length(value);
    if (size > 0)
        ct_otlp_printable(text, capacity, json_string_value(value), size);
    return size > 0;
}

bool ct_otlp_response_read_json(const void *text, size_t size, const struct ct_otlp_signal *signal,
                                struct ct_otlp_response *out)
{
    *out = (struct ct_otlp_response){0};
    json_t *response = load_object(text, size);
    if (response == NULL)
        return false;
    const json_t *partial = json_object_get(response, "partialSuccess");
    out->rejected = number_of(json_object_get(partial, signal->rejected_key));
    (void)copy_text(json_object_get(partial, "errorMessage"), out->text, sizeof out->text);
    json_decref(response);
    return true;
}

bool ct_otlp_status_read_json(const void *json, size_t size, char *text, size_t capacity)
{
    json_t *status = load_object(json, size);
    bool has_text = copy_text(json_object_get(status, "message"), text, capacity);
    json_decref(status);
    return has_text;
}
