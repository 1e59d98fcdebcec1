/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_RESOURCE_ATTRIBUTES: `key=value,key=value`, where everything may be percent-encoded, and a
 * comma, a percent sign and a key's equals sign must be. A mistake anywhere discards the whole:
 * half a resource misleads more than none. */
#include <cotel/sdk/diagnostics.h>

#include <stdlib.h>

#include "sdk/resource/detect.h"
#include "sdk/resource/percent.h"
#include "wire/str.h"

#define ATTRIBUTES_VARIABLE "OTEL_RESOURCE_ATTRIBUTES"

/* Takes what is before the first `separator` off `rest`; all of it when there is none. */
static cotel_str take_until(cotel_str *rest, char separator)
{
    const char *at = rest->size ? memchr(rest->data, separator, rest->size) : NULL;
    cotel_str taken = cotel_str_n(rest->data, at ? (size_t)(at - rest->data) : rest->size);
    size_t step = taken.size + (at ? 1 : 0);
    *rest = cotel_str_n(rest->data + step, rest->size - step);
    return taken;
}

/* What is wrong with a member, NULL: nothing. `scratch` has room for the member. */
static const char *add_member(struct ct_attribute_list *list, cotel_str member, char *scratch)
{
    if (!memchr(member.data, '=', member.size))
        return "a member without '='";
    cotel_str key = ct_str_trim(take_until(&member, '='));
    cotel_str value = ct_str_trim(member);
    size_t key_size, value_size;
    if (!ct_percent_decode(key, scratch, &key_size) ||
        !ct_percent_decode(value, scratch + key_size, &value_size))
        return "a percent sign without two hexadecimal digits";
    if (key_size == 0)
        return "a member without a key";
    cotel_attribute attribute = {.key = cotel_str_n(scratch, key_size)};
    attribute.value = cotel_value_string(cotel_str_n(scratch + key_size, value_size));
    ct_attribute_list_add(list, attribute);
    return NULL;
}

static const char *add_members(struct ct_attribute_list *list, cotel_str text, char *scratch)
{
    while (text.size != 0) {
        cotel_str member = ct_str_trim(take_until(&text, ','));
        /* Empty members say nothing, so there is nothing wrong with them: a comma at the end. */
        const char *mistake = member.size ? add_member(list, member, scratch) : NULL;
        if (mistake)
            return mistake;
    }
    return NULL;
}

static void add_attributes(struct ct_attribute_list *list, cotel_str text)
{
    char *scratch = malloc(text.size + 1);
    if (!scratch) {
        list->failed = true;
        return;
    }
    size_t before = list->count;
    const char *mistake = add_members(list, text, scratch);
    if (mistake) {
        ct_attribute_list_cut(list, before);
        cotel_diagnostics_report(COTEL_LOG_WARNING, "resource", "%s is ignored: %s",
                                 ATTRIBUTES_VARIABLE, mistake);
    }
    free(scratch);
}

void ct_detect_environment(struct ct_attribute_list *list)
{
    const char *attributes = getenv(ATTRIBUTES_VARIABLE);
    if (attributes)
        add_attributes(list, cotel_str_of(attributes));
    const char *service_name = getenv("OTEL_SERVICE_NAME");
    if (service_name && *service_name)
        ct_attribute_list_add(list, cotel_attribute_string("service.name", service_name));
}
