/* SPDX-License-Identifier: Apache-2.0 */
/* resource/data-model.md "Merging Entities into a Resource", entities/data-model.md and
 * entities/entity-propagation.md. */
#include "resource_support.h"

#include <stdio.h>

#define SCHEMA "https://opentelemetry.io/schemas/1.21.0"

/* ---- making them ---------------------------------------------------------------------------- */

static const cotel_attribute host_id = {{"host.id", 7},
                                        {COTEL_VALUE_STRING, 0, {.string = {"H1", 2}}}};

static cotel_resource *resource_of(const cotel_attribute *attributes, size_t count,
                                   const cotel_entity *entities, size_t entity_count)
{
    cotel_resource *resource = NULL;
    assert_int_equal(cotel_resource_create_with_entities(attributes, count, NULL, entities,
                                                         entity_count, &resource),
                     COTEL_STATUS_OK);
    return resource;
}

/* An entity with one id, and one description if `key` is not NULL. */
static cotel_resource *entity_by(const char *schema_url, const char *type, const char *id_key,
                                 const char *id, const char *key, const char *text)
{
    const cotel_attribute identity = cotel_attribute_string(id_key, id);
    const cotel_attribute description = cotel_attribute_string(key, text);
    const cotel_entity entity = {
        cotel_str_of(type), cotel_str_of(schema_url), &identity, 1, &description, key ? 1 : 0};
    return resource_of(NULL, 0, &entity, 1);
}

static cotel_resource *entity(const char *type, const char *id_key, const char *id, const char *key,
                              const char *text)
{
    return entity_by(NULL, type, id_key, id, key, text);
}

static void entities_and_loose_attributes_can_be_retrieved(void **state)
{
    const cotel_attribute loose = cotel_attribute_string("env", "prod");
    const cotel_attribute name = cotel_attribute_string("host.name", "web");
    const cotel_entity host = {{"host", 4}, {SCHEMA, strlen(SCHEMA)}, &host_id, 1, &name, 1};
    cotel_resource *resource = resource_of(&loose, 1, &host, 1);
    size_t count;
    assert_int_equal(attributes_of(resource), 3);
    assert_entity(resource, "host", "{host.id}[host.name]");
    assert_text(entity_of(resource, "host")->schema_url, SCHEMA);
    assert_text(entity_of(resource, "host")->id[0].value.as.string, "H1");
    const cotel_attribute *only = cotel_resource_loose_attributes(resource, &count);
    assert_int_equal(count, 1);
    assert_text(only->key, "env");
    cotel_resource_unref(resource);
}

static void an_entity_takes_a_loose_attribute_over_as_it_is_created(void **state)
{
    const cotel_attribute loose = cotel_attribute_string("host.id", "loses");
    const cotel_entity host = {.type = {"host", 4}, .id = &host_id, .id_count = 1};
    cotel_resource *resource = resource_of(&loose, 1, &host, 1);
    assert_int_equal(attributes_of(resource), 1);
    assert_attribute(resource, "host.id", "H1");
    cotel_resource_unref(resource);
}

static void a_key_identifies_or_describes_but_not_both(void **state)
{
    const cotel_entity host = {.type = {"host", 4},
                               .id = &host_id,
                               .id_count = 1,
                               .description = &host_id,
                               .description_count = 1};
    cotel_resource *resource = resource_of(NULL, 0, &host, 1);
    assert_entity(resource, "host", "{host.id}[]");
    cotel_resource_unref(resource);
}

static void an_entity_needs_a_type_and_an_id(void **state)
{
    const cotel_attribute no_key = cotel_attribute_string("", "x");
    const cotel_entity wrong[] = {
        {.type = {"", 0}, .id = &host_id, .id_count = 1},
        {.type = {"host", 4}},
        {.type = {"host", 4}, .id = &no_key, .id_count = 1},
        {.type = {"host", 4},
         .id = &host_id,
         .id_count = 1,
         .description = &no_key,
         .description_count = 1},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        cotel_resource *untouched = NULL;
        assert_int_equal(
            cotel_resource_create_with_entities(NULL, 0, NULL, &wrong[i], 1, &untouched),
            COTEL_STATUS_INVALID_ARGUMENT);
        assert_null(untouched);
    }
}

/* ---- merging -------------------------------------------------------------------------------- */

static void the_same_entity_gets_both_descriptions_and_the_newer_words(void **state)
{
    cotel_resource *old = merged(entity("host", "host.id", "H1", "a", "old"),
                                 entity("host", "host.id", "H1", "b", "old"));
    assert_entity(old, "host", "{host.id}[a,b]");
    cotel_resource *both = merged(old, entity("host", "host.id", "H1", "a", "new"));
    assert_int_equal(entities_of(both), 1);
    assert_attribute(both, "a", "new");
    assert_attribute(both, "b", "old");
    cotel_resource_unref(both);
}

static void of_one_type_with_two_ids_the_first_stays(void **state)
{
    cotel_resource *both = merged(entity("host", "host.id", "H1", "a", "old"),
                                  entity("host", "host.id", "H2", "b", "new"));
    assert_entity(both, "host", "{host.id}[a]");
    assert_attribute(both, "host.id", "H1");
    assert_no_attribute(both, "b");
    cotel_resource_unref(both);
}

static void an_id_is_its_keys_and_values_and_their_types(void **state)
{
    const cotel_attribute number = cotel_attribute_int("host.id", 1);
    const cotel_attribute more[] = {cotel_attribute_string("x", "1"),
                                    cotel_attribute_string("host.id", "1")};
    const cotel_entity others[] = {
        {.type = {"host", 4},
         .id = &number,
         .id_count = 1,
         .description = more,
         .description_count = 1},
        {.type = {"host", 4}, .id = more, .id_count = 2},
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        cotel_resource *both =
            merged(entity("host", "host.id", "1", NULL, NULL), resource_of(NULL, 0, &others[i], 1));
        assert_entity(both, "host", "{host.id}[]");
        assert_attribute(both, "host.id", "1");
        cotel_resource_unref(both);
    }
}

static void the_order_of_an_id_does_not_matter(void **state)
{
    const cotel_attribute ab[] = {cotel_attribute_string("a", "1"),
                                  cotel_attribute_string("b", "2")};
    const cotel_attribute ba[] = {ab[1], ab[0]}, more = cotel_attribute_string("c", "3");
    const cotel_entity old = {.type = {"t", 1}, .id = ab, .id_count = 2};
    const cotel_entity new = {
        .type = {"t", 1}, .id = ba, .id_count = 2, .description = &more, .description_count = 1};
    cotel_resource *both = merged(resource_of(NULL, 0, &old, 1), resource_of(NULL, 0, &new, 1));
    assert_entity(both, "t", "{a,b}[c]");
    cotel_resource_unref(both);
}

static void entities_by_two_schemas_do_not_merge(void **state)
{
    cotel_resource *both = merged(entity_by("u:1", "host", "host.id", "H1", "a", "old"),
                                  entity_by("u:2", "host", "host.id", "H1", "b", "new"));
    assert_entity(both, "host", "{host.id}[a]");
    assert_text(cotel_resource_schema_url(both), "u:1");
    cotel_resource_unref(both);
}

/* The first example of the specification. */
static void an_entity_takes_the_place_of_a_loose_attribute(void **state)
{
    const cotel_attribute loose[] = {cotel_attribute_string("host.name", "old-name"),
                                     cotel_attribute_string("env", "prod")};
    cotel_resource *old = resource_of(loose, 2, NULL, 0);
    cotel_resource *new = merged(entity("host", "host.id", "H1", "host.name", "new-name"),
                                 entity("service", "service.name", "my-svc", NULL, NULL));
    cotel_resource *both = merged(old, new);
    size_t count;
    assert_entity(both, "host", "{host.id}[host.name]");
    assert_entity(both, "service", "{service.name}[]");
    assert_attribute(both, "host.name", "new-name");
    assert_text(cotel_resource_loose_attributes(both, &count)->key, "env");
    assert_int_equal(count, 1);
    cotel_resource_unref(both);
}

/* The second one. */
static void a_loose_attribute_over_an_id_takes_the_entity_away(void **state)
{
    const cotel_attribute loose[] = {cotel_attribute_string("host.id", "h2"),
                                     cotel_attribute_string("env", "prod")};
    cotel_resource *old = merged(entity("host", "host.id", "H1", "host.name", "detected-name"),
                                 entity("process", "process.pid", "12345", NULL, NULL));
    cotel_resource *both = merged(old, resource_of(loose, 2, NULL, 0));
    assert_int_equal(entities_of(both), 1);
    assert_entity(both, "process", "{process.pid}[]");
    assert_attribute(both, "host.id", "h2");
    assert_attribute(both, "env", "prod");
    assert_no_attribute(both, "host.name");
    cotel_resource_unref(both);
}

static void a_loose_attribute_over_a_description_leaves_the_rest_loose(void **state)
{
    cotel_resource *both = merged(entity("host", "host.id", "H1", "host.name", "detected"),
                                  one_attribute("host.name", "given", NULL));
    assert_int_equal(entities_of(both), 0);
    assert_attribute(both, "host.id", "H1");
    assert_attribute(both, "host.name", "given");
    assert_int_equal(attributes_of(both), 2);
    cotel_resource_unref(both);
}

/* The third one. */
static void of_two_entities_that_share_a_key_the_later_one_goes(void **state)
{
    cotel_resource *new = merged(entity("host", "host.id", "H2", NULL, NULL),
                                 entity("service", "service.name", "S1", "env", "dev"));
    cotel_resource *both = merged(entity("host", "host.id", "H1", "env", "prod"), new);
    assert_int_equal(entities_of(both), 1);
    assert_entity(both, "host", "{host.id}[env]");
    assert_attribute(both, "host.id", "H1");
    assert_attribute(both, "env", "prod");
    assert_int_equal(attributes_of(both), 2);
    cotel_resource_unref(both);
}

static void a_shared_key_costs_the_later_one_even_with_one_value(void **state)
{
    cotel_resource *both =
        merged(entity("a", "a.id", "1", "k", "same"), entity("b", "b.id", "2", "k", "same"));
    assert_int_equal(entities_of(both), 1);
    assert_no_attribute(both, "b.id");
    cotel_resource_unref(both);
}

static void the_schema_url_is_that_of_all_entities_or_none(void **state)
{
    cotel_resource *both = merged(entity_by("u:1", "a", "a.id", "1", NULL, NULL),
                                  entity_by("u:1", "b", "b.id", "1", NULL, NULL));
    assert_text(cotel_resource_schema_url(both), "u:1");
    both = merged(both, entity_by("u:2", "c", "c.id", "1", NULL, NULL));
    assert_text(cotel_resource_schema_url(both), "");
    assert_text(entity_of(both, "c")->schema_url, "u:2");
    cotel_resource_unref(both);
}

/* ---- OTEL_ENTITIES -------------------------------------------------------------------------- */

static cotel_resource *detect(uint32_t what)
{
    cotel_resource *resource = NULL;
    assert_int_equal(cotel_resource_detect(what, &resource), COTEL_STATUS_OK);
    return resource;
}

static cotel_resource *of_variable(const char *text)
{
    set("OTEL_ENTITIES", text);
    return detect(COTEL_DETECT_ENVIRONMENT);
}

static void the_variable_holds_entities_with_semicolons_between(void **state)
{
    cotel_resource *found = of_variable(
        ";service{service.name=my-app,service.instance.id=i-1}[service.version=1.0.0]@" SCHEMA
        ";; host{host.id=host-123}[host.name=web-server-01];");
    assert_int_equal(entities_of(found), 2);
    assert_entity(found, "service", "{service.name,service.instance.id}[service.version]");
    assert_text(entity_of(found, "service")->schema_url, SCHEMA);
    assert_entity(found, "host", "{host.id}[host.name]");
    assert_int_equal(entity_of(found, "host")->schema_url.size, 0);
    assert_attribute(found, "service.version", "1.0.0");
    assert_int_equal(told(), 0);
    cotel_resource_unref(found);
}

static void values_come_percent_encoded(void **state)
{
    cotel_resource *found = of_variable(
        "service{service.name=my%2Capp,service.instance.id=inst-1}[config=key%3Dvalue%5Bprod%5D]");
    assert_attribute(found, "service.name", "my,app");
    assert_attribute(found, "config", "key=value[prod]");
    cotel_resource_unref(found);
}

static void an_empty_variable_has_none(void **state)
{
    cotel_resource *found = of_variable("");
    assert_int_equal(attributes_of(found), 0);
    cotel_resource_unref(found);
    found = of_variable(";; ;");
    assert_int_equal(attributes_of(found), 0);
    assert_int_equal(told(), 0);
    cotel_resource_unref(found);
}

static void a_malformed_one_is_told_and_the_others_count(void **state)
{
    cotel_resource *found =
        of_variable("service{service.name=app1};invalid{syntax;host{host.id=123}");
    assert_int_equal(entities_of(found), 2);
    assert_attribute(found, "service.name", "app1");
    assert_attribute(found, "host.id", "123");
    assert_int_equal(told(), 1);
    cotel_resource_unref(found);
}

static void one_without_an_id_is_told_and_skipped(void **state)
{
    cotel_resource *found = of_variable("service{};host{host.id=123}");
    assert_int_equal(entities_of(found), 1);
    assert_attribute(found, "host.id", "123");
    assert_int_equal(told(), 1);
    cotel_resource_unref(found);
}

static void of_the_same_twice_the_last_counts_and_it_is_told(void **state)
{
    cotel_resource *found = of_variable(
        "service{service.name=app1}[version=1.0,a=1];service{service.name=app1}[version=2.0]");
    assert_int_equal(entities_of(found), 1);
    assert_attribute(found, "version", "2.0");
    assert_no_attribute(found, "a");
    assert_int_equal(told(), 1);
    cotel_resource_unref(found);
}

static void a_schema_url_that_is_none_is_told_and_ignored(void **state)
{
    cotel_resource *found = of_variable("service{service.name=app1}@invalid-url;host{host.id=1}@");
    assert_int_equal(entities_of(found), 2);
    assert_int_equal(entity_of(found, "service")->schema_url.size, 0);
    assert_int_equal(told(), 2);
    cotel_resource_unref(found);
}

static void of_one_type_with_two_ids_the_last_counts_and_it_is_told(void **state)
{
    cotel_resource *found = of_variable("service{service.name=app1};service{service.name=app2}");
    assert_int_equal(entities_of(found), 1);
    assert_attribute(found, "service.name", "app2");
    assert_int_equal(told(), 1);
    cotel_resource_unref(found);
}

static void a_description_of_two_belongs_to_the_last_and_it_is_told(void **state)
{
    cotel_resource *found = of_variable("a{a.id=1}[zone=x,own=y];b{b.id=2}[zone=z]");
    assert_entity(found, "a", "{a.id}[own]");
    assert_entity(found, "b", "{b.id}[zone]");
    assert_attribute(found, "zone", "z");
    assert_int_equal(told(), 1);
    cotel_resource_unref(found);
}

static void more_entities_than_the_limit_are_told(void **state)
{
    char text[1024];
    size_t size = 0;
    for (int i = 0; i < 66; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "t%d{k%d=v};", i, i);
    cotel_resource *found = of_variable(text);
    assert_int_equal(entities_of(found), 64);
    assert_int_equal(told(), 1);
    cotel_resource_unref(found);
}

/* ---- with what else is detected ------------------------------------------------------------- */

static void detectors_say_what_their_attributes_identify(void **state)
{
    set("OTEL_SERVICE_NAME", "writer");
    cotel_resource *found = detect(COTEL_DETECT_ALL);
    assert_entity(found, "service", "{service.name}[]");
    assert_entity(found, "service.instance", "{service.instance.id}[]");
    assert_entity(found, "telemetry.sdk",
                  "{telemetry.sdk.name,telemetry.sdk.language}[telemetry.sdk.version]");
    assert_non_null(entity_of(found, "process"));
    assert_int_equal(entity_of(found, "process")->id_count, 2);
    assert_non_null(entity_of(found, "os"));
    cotel_str url = cotel_resource_schema_url(found), of_os = entity_of(found, "os")->schema_url;
    assert_int_equal(of_os.size, url.size);
    assert_memory_equal(of_os.data, url.data, url.size);
    cotel_resource_unref(found);
}

static void an_unknown_service_is_no_entity(void **state)
{
    cotel_resource *found = detect(COTEL_DETECT_ALL);
    assert_null(entity_of(found, "service"));
    cotel_resource_unref(found);
}

static void entities_of_the_environment_win_over_detected_ones(void **state)
{
    set("OTEL_ENTITIES", "service{service.name=mine};os{os.type=plan9};"
                         "service.instance{service.instance.id=7}");
    cotel_resource *found = detect(COTEL_DETECT_ALL);
    assert_attribute(found, "service.name", "mine");
    assert_attribute(found, "service.instance.id", "7");
    assert_attribute(found, "os.type", "plan9");
    assert_no_attribute(found, "os.version");
    assert_int_equal(told(), 0);
    cotel_resource_unref(found);
}

static void the_service_name_variable_wins_over_entities(void **state)
{
    set("OTEL_SERVICE_NAME", "wins");
    set("OTEL_ENTITIES", "service{service.name=loses}[service.version=1]");
    cotel_resource *found = detect(COTEL_DETECT_ALL);
    assert_entity(found, "service", "{service.name}[service.version]");
    assert_attribute(found, "service.name", "wins");
    cotel_resource_unref(found);
}

static void resource_attributes_win_over_entities(void **state)
{
    set("OTEL_RESOURCE_ATTRIBUTES", "os.type=given");
    cotel_resource *found = detect(COTEL_DETECT_ALL);
    assert_null(entity_of(found, "os"));
    assert_attribute(found, "os.type", "given");
    assert_no_attribute(found, "os.version");
    cotel_resource_unref(found);
}

static void the_name_that_the_program_gives_is_that_of_the_entity(void **state)
{
    cotel_memory_exporter *memory = NULL;
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    cotel_span_view span;
    cotel_resource *seen;
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    options.exporter = cotel_memory_exporter_as_exporter(memory);
    options.service_name = "given";
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_OK);
    cotel_span started = cotel_span_start(cotel_tracer_get("t", NULL), "span", NULL);
    cotel_span_end(&started);
    assert_int_equal(cotel_sdk_flush(FLUSH_MS), COTEL_STATUS_OK);
    assert_true(cotel_memory_exporter_get(memory, 0, &span, NULL, &seen));
    assert_entity(seen, "service", "{service.name}[]");
    assert_attribute(seen, "service.name", "given");
    assert_non_null(entity_of(seen, "service.instance"));
    assert_int_equal(cotel_sdk_shutdown(FLUSH_MS, NULL), COTEL_STATUS_OK);
    cotel_memory_exporter_destroy(memory);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, resource_setup, resource_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(entities_and_loose_attributes_can_be_retrieved),
        TEST(an_entity_takes_a_loose_attribute_over_as_it_is_created),
        TEST(a_key_identifies_or_describes_but_not_both),
        TEST(an_entity_needs_a_type_and_an_id),
        TEST(the_same_entity_gets_both_descriptions_and_the_newer_words),
        TEST(of_one_type_with_two_ids_the_first_stays),
        TEST(an_id_is_its_keys_and_values_and_their_types),
        TEST(the_order_of_an_id_does_not_matter),
        TEST(entities_by_two_schemas_do_not_merge),
        TEST(an_entity_takes_the_place_of_a_loose_attribute),
        TEST(a_loose_attribute_over_an_id_takes_the_entity_away),
        TEST(a_loose_attribute_over_a_description_leaves_the_rest_loose),
        TEST(of_two_entities_that_share_a_key_the_later_one_goes),
        TEST(a_shared_key_costs_the_later_one_even_with_one_value),
        TEST(the_schema_url_is_that_of_all_entities_or_none),
        TEST(the_variable_holds_entities_with_semicolons_between),
        TEST(values_come_percent_encoded),
        TEST(an_empty_variable_has_none),
        TEST(a_malformed_one_is_told_and_the_others_count),
        TEST(one_without_an_id_is_told_and_skipped),
        TEST(of_the_same_twice_the_last_counts_and_it_is_told),
        TEST(a_schema_url_that_is_none_is_told_and_ignored),
        TEST(of_one_type_with_two_ids_the_last_counts_and_it_is_told),
        TEST(a_description_of_two_belongs_to_the_last_and_it_is_told),
        TEST(more_entities_than_the_limit_are_told),
        TEST(detectors_say_what_their_attributes_identify),
        TEST(an_unknown_service_is_no_entity),
        TEST(entities_of_the_environment_win_over_detected_ones),
        TEST(the_service_name_variable_wins_over_entities),
        TEST(resource_attributes_win_over_entities),
        TEST(the_name_that_the_program_gives_is_that_of_the_entity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
