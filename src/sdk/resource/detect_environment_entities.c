/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_ENTITIES: entities with semicolons between them. A mistake costs the one it is in, and is
 * told; a later one takes the place of an earlier one of its type, and of descriptions that it has
 * too. */
#include <cotel/sdk/diagnostics.h>

#include <stdlib.h>

#include "sdk/resource/detect.h"
#include "sdk/resource/entity_text.h"
#include "sdk/resource/take.h"
#include "wire/str.h"
#include "wire/value_equal.h"

#define VARIABLE "OTEL_ENTITIES"

#define MOST_ENTITIES 64

/* Of a text that may be anything. */
#define TOLD_SIZE 64

static void tell(cotel_str text, const char *what)
{
    size_t size = text.size < TOLD_SIZE ? text.size : TOLD_SIZE;
    cotel_diagnostics_report(COTEL_LOG_WARNING, "resource", VARIABLE ": \"%.*s\": %s", (int)size,
                             text.data, what);
}

static bool is_a(const struct ct_found_entity *entity, cotel_str type)
{
    return ct_str_equal(entity->type, type);
}

static void replace_same_type(struct ct_findings *findings, const struct ct_found_entity *entity)
{
    for (size_t i = findings->count; i > 0; i--) {
        const struct ct_found_entity *old = &findings->entities[i - 1];
        if (!is_a(old, entity->type))
            continue;
        bool is_same =
            ct_attributes_equal(old->id.items, old->id.count, entity->id.items, entity->id.count);
        tell(entity->type, is_same ? "is there twice; the last one counts"
                                   : "is there with two ids; the last one counts");
        ct_findings_remove(findings, i - 1);
    }
}

/* Takes out of `from` what `by` describes too. */
static void replace_description(struct ct_found_entity *from, const struct ct_found_entity *by)
{
    for (size_t i = 0; i < by->description.count; i++) {
        const cotel_attribute *attribute = &by->description.items[i];
        for (size_t j = from->description.count; j > 0; j--) {
            const cotel_attribute *old = &from->description.items[j - 1];
            if (!ct_str_equal(old->key, attribute->key))
                continue;
            if (!ct_attributes_equal(old, 1, attribute, 1))
                tell(old->key, "describes two entities; the last one has it");
            ct_attribute_list_remove(&from->description, j - 1);
        }
    }
}

static void add_entity(struct ct_findings *findings, struct ct_found_entity *entity)
{
    if (entity->schema_url.data && !ct_is_uri(entity->schema_url)) {
        tell(entity->type, "its schema url is none, and is ignored");
        entity->schema_url = cotel_str_n(NULL, 0);
    }
    replace_same_type(findings, entity);
    for (size_t i = 0; i < findings->count; i++)
        replace_description(&findings->entities[i], entity);
    ct_findings_add(findings, entity);
}

static void add_entities(struct ct_findings *findings, cotel_str text, char *scratch)
{
    while (text.size != 0) {
        cotel_str definition = ct_str_trim(ct_take_until(&text, ';'));
        struct ct_found_entity entity;
        if (definition.size == 0)
            continue;
        if (findings->count == MOST_ENTITIES) {
            tell(definition, "there are too many entities; this one and the rest are ignored");
            return;
        }
        const char *mistake = ct_entity_parse(definition, &entity, scratch);
        if (mistake)
            tell(definition, mistake);
        else
            add_entity(findings, &entity);
    }
}

/* Whatever the entities say, OTEL_SERVICE_NAME names the service. */
static void add_service_name(struct ct_findings *findings, const char *name)
{
    struct ct_found_entity own = CT_ENTITY("service", 1), *service = &own;
    for (size_t i = 0; i < findings->count; i++) {
        if (is_a(&findings->entities[i], own.type))
            service = &findings->entities[i];
    }
    ct_attribute_list_add(&service->id, cotel_attribute_string("service.name", name));
    if (service == &own)
        ct_findings_add(findings, &own);
}

void ct_detect_environment_entities(struct ct_findings *findings)
{
    const char *text = getenv(VARIABLE);
    if (text && *text) {
        char *scratch = malloc(strlen(text) + 1);
        findings->failed |= !scratch;
        if (scratch)
            add_entities(findings, cotel_str_of(text), scratch);
        free(scratch);
    }
    const char *name = ct_environment_service_name();
    if (name)
        add_service_name(findings, name);
}
