/* SPDX-License-Identifier: Apache-2.0 */
/* resource/sdk.md: detectors, merging, what the environment says. entities.c has the entities. */
#include "resource_support.h"

#include <cotel/sdk/resource_detector.h>

#include <stdio.h>

/* ---- a detector of the program's own -------------------------------------------------------- */

struct own_detector {
    cotel_resource_detector base;
    const char *name;
    cotel_resource *resource; /* borrowed; NULL: there is nothing to tell */
    cotel_status status;
    int asked, destroyed;
};

static const char *own_name(const cotel_resource_detector *self)
{
    return ((const struct own_detector *)self)->name;
}

static cotel_status own_detect(cotel_resource_detector *self, cotel_resource **out)
{
    struct own_detector *own = (struct own_detector *)self;
    own->asked++;
    assert_null(*out);
    /* Without a reference: of a failure, it must not be used. */
    *out = own->status == COTEL_STATUS_OK ? cotel_resource_ref(own->resource) : own->resource;
    return own->status;
}

static void own_destroy(cotel_resource_detector *self)
{
    ((struct own_detector *)self)->destroyed++;
}

static const cotel_resource_detector_ops own_ops = {sizeof own_ops, own_name, own_detect,
                                                    own_destroy};

static struct own_detector an_own(const char *name, cotel_resource *resource)
{
    return (struct own_detector){.base = {&own_ops}, .name = name, .resource = resource};
}

static cotel_resource *detect_with(uint32_t what, cotel_resource_detector *one,
                                   cotel_resource_detector *two)
{
    cotel_resource_detector *const all[] = {one, two};
    cotel_resource *resource = NULL;
    size_t count = (one != NULL) + (two != NULL);
    assert_int_equal(cotel_resource_detect_with(what, all, count, &resource), COTEL_STATUS_OK);
    return resource;
}

static void a_detector_of_the_programs_own_adds_its_resource(void **state)
{
    cotel_resource *rack = one_attribute("rack", "7", NULL);
    struct own_detector own = an_own("rack", rack);
    cotel_resource *found = detect_with(COTEL_DETECT_SDK, &own.base, NULL);
    assert_attribute(found, "rack", "7");
    assert_attribute(found, "telemetry.sdk.name", "cotel");
    assert_int_equal(own.asked, 1);
    cotel_resource_unref(found);
    cotel_resource_unref(rack);
}

static void detectors_stay_the_callers(void **state)
{
    cotel_resource *rack = one_attribute("rack", "7", NULL);
    struct own_detector own = an_own("rack", rack);
    cotel_resource_unref(detect_with(0, &own.base, NULL));
    assert_int_equal(own.destroyed, 0);
    cotel_resource_detector_destroy(&own.base);
    assert_int_equal(own.destroyed, 1);
    cotel_resource_unref(rack);
}

static void of_two_detectors_the_later_one_wins_an_attribute(void **state)
{
    cotel_resource *a = one_attribute("k", "a", NULL), *b = one_attribute("k", "b", NULL);
    struct own_detector first = an_own("one", a), second = an_own("two", b);
    cotel_resource *found = detect_with(0, &first.base, &second.base);
    assert_attribute(found, "k", "b");
    assert_int_equal(told(), 0);
    cotel_resource_unref(found);
    cotel_resource_unref(a);
    cotel_resource_unref(b);
}

static void a_detector_that_finds_nothing_has_not_failed(void **state)
{
    struct own_detector own = an_own("rack", NULL);
    cotel_resource *found = detect_with(COTEL_DETECT_SDK, &own.base, NULL);
    assert_int_equal(attributes_of(found), 3);
    assert_int_equal(told(), 0);
    cotel_resource_unref(found);
}

static void a_detector_that_fails_is_told_and_adds_nothing(void **state)
{
    cotel_resource *rack = one_attribute("rack", "7", NULL);
    struct own_detector failing = an_own("failing", rack), other = an_own("rack", rack);
    failing.status = COTEL_STATUS_SYSTEM_ERROR;
    cotel_resource *found = detect_with(COTEL_DETECT_SDK, &failing.base, &other.base);
    assert_int_equal(attributes_of(found), 4);
    assert_int_equal(told(), 1);
    assert_non_null(strstr(last_message(), "failing"));
    cotel_resource_unref(found);
    failing.status = COTEL_STATUS_OUT_OF_MEMORY;
    cotel_resource_unref(detect_with(COTEL_DETECT_SDK, &failing.base, NULL));
    cotel_resource_unref(rack);
}

static void two_detectors_of_one_name_are_told(void **state)
{
    struct own_detector one = an_own("rack", NULL), other = an_own("rack", NULL);
    cotel_resource_unref(detect_with(0, &one.base, &other.base));
    assert_int_equal(told(), 1);
    other.name = NULL;
    cotel_resource_unref(detect_with(0, &one.base, &other.base));
    one.name = "host";
    cotel_resource_unref(detect_with(COTEL_DETECT_SDK, &one.base, NULL));
    assert_int_equal(told(), 1);
    cotel_resource_unref(detect_with(COTEL_DETECT_HOST, &one.base, NULL));
    assert_int_equal(told(), 2);
}

static void schema_urls_of_detectors_that_differ_are_told_and_leave_none(void **state)
{
    cotel_resource *a = one_attribute("a", "1", "https://a.org/1"),
                   *b = one_attribute("b", "2", "https://b.org/1");
    struct own_detector first = an_own("one", a), second = an_own("two", b);
    cotel_resource *found = detect_with(0, &first.base, &second.base);
    assert_text(cotel_resource_schema_url(found), "");
    assert_attribute(found, "a", "1");
    assert_attribute(found, "b", "2");
    assert_int_equal(told(), 1);
    cotel_resource_unref(found);
    cotel_resource_unref(a);
    cotel_resource_unref(b);
}

static void a_detector_has_to_detect(void **state)
{
    const cotel_resource_detector_ops old = {.size = sizeof(size_t)};
    cotel_resource_detector without = {&old};
    cotel_resource_detector *const all[] = {&without};
    cotel_resource *untouched = NULL;
    assert_int_equal(cotel_resource_detect_with(0, all, 1, &untouched),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(untouched);
}

/* ---- the built-in ones ---------------------------------------------------------------------- */

static bool starts_with_one_of(cotel_str key, const char *const roots[2])
{
    for (size_t i = 0; i < 2; i++) {
        if (roots[i] && key.size > strlen(roots[i]) &&
            memcmp(key.data, roots[i], strlen(roots[i])) == 0)
            return true;
    }
    return false;
}

static void the_reserved_names_find_the_built_in_detectors(void **state)
{
    static const struct {
        const char *name, *roots[2];
    } reserved[] = {{"container", {"container."}},
                    {"host", {"host.", "os."}},
                    {"process", {"process."}},
                    {"service", {"service."}}};
    for (size_t i = 0; i < COUNT_OF(reserved); i++) {
        cotel_resource_detector *detector = cotel_resource_detector_builtin(reserved[i].name);
        assert_non_null(detector);
        assert_string_equal(detector->ops->name(detector), reserved[i].name);
        cotel_resource *found = detect_with(0, detector, NULL);
        size_t count;
        const cotel_attribute *attributes = cotel_resource_attributes(found, &count);
        for (size_t j = 0; j < count; j++)
            assert_true(starts_with_one_of(attributes[j].key, reserved[i].roots));
        assert_true(count > 0 || strcmp(reserved[i].name, "container") == 0);
        assert_true(count == 0 || cotel_resource_schema_url(found).size > 0);
        cotel_resource_detector_destroy(detector);
        cotel_resource_unref(found);
    }
}

static void another_name_finds_none(void **state)
{
    assert_null(cotel_resource_detector_builtin(""));
    assert_null(cotel_resource_detector_builtin("Host"));
    assert_null(cotel_resource_detector_builtin("gcp"));
}

static void the_service_detector_takes_the_name_from_its_variable(void **state)
{
    cotel_resource_detector *service = cotel_resource_detector_builtin("service");
    cotel_resource *found = detect_with(0, service, NULL);
    assert_no_attribute(found, "service.name");
    cotel_resource_unref(found);
    set("OTEL_SERVICE_NAME", "writer");
    found = detect_with(0, service, NULL);
    assert_attribute(found, "service.name", "writer");
    assert_int_equal(attributes_of(found), 2);
    cotel_resource_unref(found);
}

static void the_default_resource_names_service_and_sdk(void **state)
{
    cotel_resource *found = detect_with(COTEL_DETECT_ALL, NULL, NULL);
    cotel_value name;
    assert_true(cotel_resource_get(found, cotel_str_of("service.name"), &name));
    assert_memory_equal(name.as.string.data, "unknown_service:", strlen("unknown_service:"));
    assert_attribute(found, "telemetry.sdk.name", "cotel");
    assert_attribute(found, "telemetry.sdk.language", "c");
    assert_attribute(found, "telemetry.sdk.version", COTEL_VERSION);
    cotel_resource_unref(found);
}

/* ---- the environment ------------------------------------------------------------------------ */

static cotel_resource *of_environment(const char *attributes, const char *service_name)
{
    if (attributes)
        set("OTEL_RESOURCE_ATTRIBUTES", attributes);
    if (service_name)
        set("OTEL_SERVICE_NAME", service_name);
    return detect_with(COTEL_DETECT_ENVIRONMENT, NULL, NULL);
}

static void all_values_of_the_environment_are_strings(void **state)
{
    cotel_resource *found = of_environment("a=1,b=true,c=1.5", NULL);
    assert_attribute(found, "a", "1");
    assert_attribute(found, "b", "true");
    assert_attribute(found, "c", "1.5");
    assert_text(cotel_resource_schema_url(found), "");
    cotel_resource_unref(found);
}

static void commas_and_equals_signs_come_percent_encoded(void **state)
{
    cotel_resource *found = of_environment("a%2Cb%3Dc=d%2Ce%3Df", NULL);
    assert_int_equal(attributes_of(found), 1);
    assert_attribute(found, "a,b=c", "d,e=f");
    cotel_resource_unref(found);
}

static void one_error_discards_the_whole_variable_and_is_told(void **state)
{
    const char *wrong[] = {"a=1,b", "a=1,=2", "a=1,b=%", "a=1,b=%zz", "a=1,%f=b"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        cotel_resource *found = of_environment(wrong[i], NULL);
        assert_int_equal(attributes_of(found), 0);
        assert_int_equal(told(), (int)i + 1);
        cotel_resource_unref(found);
    }
}

static void the_service_name_wins_over_the_resource_attributes(void **state)
{
    cotel_resource *found = of_environment("service.name=loses,team=core", "wins");
    assert_attribute(found, "service.name", "wins");
    assert_attribute(found, "team", "core");
    cotel_resource_unref(found);
}

static void what_the_program_says_wins_over_the_environment(void **state)
{
    cotel_resource *environment = of_environment("team=loses,place=here", NULL);
    cotel_resource *own = one_attribute("team", "wins", NULL);
    cotel_resource *both = merged(environment, own);
    assert_attribute(both, "team", "wins");
    assert_attribute(both, "place", "here");
    cotel_resource_unref(both);
}

/* ---- merging without entities --------------------------------------------------------------- */

static void the_updating_resource_wins_even_with_an_empty_value(void **state)
{
    cotel_resource *both = merged(one_attribute("k", "old", NULL), one_attribute("k", "", NULL));
    assert_int_equal(attributes_of(both), 1);
    assert_attribute(both, "k", "");
    cotel_resource_unref(both);
}

static void an_empty_schema_url_gives_way(void **state)
{
    static const struct {
        const char *old, *updating, *result;
    } rows[] = {{NULL, "u:1", "u:1"}, {"u:1", NULL, "u:1"}, {"u:1", "u:1", "u:1"}, {"", "", ""}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cotel_resource *both =
            merged(one_attribute("a", "1", rows[i].old), one_attribute("b", "2", rows[i].updating));
        assert_text(cotel_resource_schema_url(both), rows[i].result);
        cotel_resource_unref(both);
    }
    assert_int_equal(told(), 0);
}

/* ---- limits --------------------------------------------------------------------------------- */

static void resource_attributes_are_exempt_of_the_limits_of_spans(void **state)
{
    static struct sdk_fixture fixture;
    char keys[200][8], text[100];
    cotel_attribute many[200];
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_span_view span;
    cotel_resource *seen;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        (void)snprintf(keys[i], sizeof keys[i], "k%zu", i);
        many[i] = cotel_attribute_string(keys[i], text);
    }
    assert_int_equal(cotel_resource_create(many, COUNT_OF(many), NULL, &options.resource),
                     COTEL_STATUS_OK);
    options.limits.attributes = 1;
    options.limits.value_length = 1;
    sdk_fixture_start(&fixture, &options);
    cotel_resource_unref(options.resource);
    cotel_span started = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_end(&started);
    assert_int_equal(sdk_fixture_count(&fixture), 1);
    assert_true(cotel_memory_exporter_get(fixture.memory, 0, &span, NULL, &seen));
    assert_int_equal(attributes_of(seen), COUNT_OF(many));
    assert_attribute(seen, "k199", text);
    sdk_fixture_stop(&fixture);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, resource_setup, resource_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_detector_of_the_programs_own_adds_its_resource),
        TEST(detectors_stay_the_callers),
        TEST(of_two_detectors_the_later_one_wins_an_attribute),
        TEST(a_detector_that_finds_nothing_has_not_failed),
        TEST(a_detector_that_fails_is_told_and_adds_nothing),
        TEST(two_detectors_of_one_name_are_told),
        TEST(schema_urls_of_detectors_that_differ_are_told_and_leave_none),
        TEST(a_detector_has_to_detect),
        TEST(the_reserved_names_find_the_built_in_detectors),
        TEST(another_name_finds_none),
        TEST(the_service_detector_takes_the_name_from_its_variable),
        TEST(the_default_resource_names_service_and_sdk),
        TEST(all_values_of_the_environment_are_strings),
        TEST(commas_and_equals_signs_come_percent_encoded),
        TEST(one_error_discards_the_whole_variable_and_is_told),
        TEST(the_service_name_wins_over_the_resource_attributes),
        TEST(what_the_program_says_wins_over_the_environment),
        TEST(the_updating_resource_wins_even_with_an_empty_value),
        TEST(an_empty_schema_url_gives_way),
        TEST(resource_attributes_are_exempt_of_the_limits_of_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
