/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_RESOURCE_ATTRIBUTES: `key=value,key=value`, where everything may be percent-encoded, and a
 * comma, a percent sign and a key's equals sign must be; that of a value need not, since nothing
 * else can be meant by it. A mistake anywhere discards the whole: half a resource misleads more
 * than none. */
#include <cotel/sdk/diagnostics.h>

#include <stdlib.h>

#include "sdk/resource/detect.h"
#include "sdk/resource/percent.h"
#include "sdk/resource/take.h"
#include "wire/str.h"

#define ATTRIBUTES_VARIABLE "OTEL_RESOURCE_ATTRIBUTES"

/* What is wrong with a member, NULL: nothing. `scratch` has room for the member. */
static const char *add_member(struct ct_attribute_list *list, cotel_str member, char *scratch)
{
    if (!memchr(member.data, '=', member.size))
        return "a member without '='";
    cotel_str key = ct_str_trim(ct_take_until(&member, '='));
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
        cotel_str member = ct_str_trim(ct_take_until(&text, ','));
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

void ct_detect_environment(struct ct_findings *findings)
{
    const char *attributes = getenv(ATTRIBUTES_VARIABLE);
    if (attributes)
        add_attributes(&findings->loose, cotel_str_of(attributes));
    const char *name = ct_environment_service_name();
    if (!name)
        return;
    /* An entity takes the place of a loose service.name. */
    struct ct_found_entity service = CT_ENTITY("service", 1);
    ct_attribute_list_add(&service.id, cotel_attribute_string("service.name", name));
    ct_findings_add(findings, &service);
}
