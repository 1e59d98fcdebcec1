/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation of setting up and taking down fails in its turn: it is said, nothing is left
 * behind (the address sanitizer's build sees that), and what was the caller's still is. The linker
 * puts these allocators in place of the C library's. */
#include "../../../support/sdk_fixture.h"

#include <stdlib.h>

/* More than any of the calls needs. */
#define MOST_ALLOCATIONS 1000

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

static int fails_at = -1; /* how many succeed before the one that does not; -1: all do */
static bool has_failed;

static bool fails(void)
{
    if (fails_at < 0 || fails_at-- > 0)
        return false;
    has_failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

/* Runs `attempt` until no allocation of its failed; it says whether it succeeded. */
static void fail_each_in_turn(cotel_status (*attempt)(void))
{
    int nth = 0;
    do {
        assert_true(nth < MOST_ALLOCATIONS);
        has_failed = false;
        fails_at = nth++;
        cotel_status status = attempt();
        fails_at = -1;
        assert_true(status == COTEL_STATUS_OK ||
                    (has_failed && status == COTEL_STATUS_OUT_OF_MEMORY));
    } while (has_failed);
    assert_true(nth > 1);
}

static cotel_status make_a_resource(void)
{
    const cotel_value nested[] = {cotel_value_string(cotel_str_of("nested"))};
    const cotel_attribute attributes[] = {
        cotel_attribute_string("service.name", "writer"),
        cotel_attribute_of("array", cotel_value_array(nested, 1)),
    };
    cotel_resource *one = NULL, *detected = NULL, *merged = NULL;
    cotel_status status = cotel_resource_create(attributes, COUNT_OF(attributes), "url", &one);
    if (status == COTEL_STATUS_OK)
        status = cotel_resource_detect(COTEL_DETECT_ALL | COTEL_DETECT_COMMAND, &detected);
    if (status == COTEL_STATUS_OK)
        status = cotel_resource_merge(detected, one, &merged);
    cotel_resource_unref(one);
    cotel_resource_unref(detected);
    cotel_resource_unref(merged);
    return status;
}

static void resources_say_so(void **state)
{
    fail_each_in_turn(make_a_resource);
}

static cotel_status merge_entities(void)
{
    const cotel_attribute id = cotel_attribute_string("host.id", "1"),
                          name = cotel_attribute_string("host.name", "a"),
                          zone = cotel_attribute_string("zone", "b");
    const cotel_entity entities[] = {
        {.type = {"host", 4},
         .id = &id,
         .id_count = 1,
         .description = &name,
         .description_count = 1},
        {.type = {"host", 4},
         .id = &id,
         .id_count = 1,
         .description = &zone,
         .description_count = 1},
    };
    cotel_resource *resource = NULL, *detected = NULL, *merged = NULL;
    cotel_status status = cotel_resource_create_with_entities(&zone, 1, NULL, entities,
                                                              COUNT_OF(entities), &resource);
    if (status == COTEL_STATUS_OK)
        status = cotel_resource_detect(COTEL_DETECT_ENVIRONMENT, &detected);
    if (status == COTEL_STATUS_OK)
        status = cotel_resource_merge(detected, resource, &merged);
    if (status == COTEL_STATUS_OK) {
        size_t count;
        (void)cotel_resource_entities(merged, &count);
        assert_int_equal(count, 5);
    }
    cotel_resource_unref(resource);
    cotel_resource_unref(detected);
    cotel_resource_unref(merged);
    return status;
}

static void resources_with_entities_say_so(void **state)
{
    assert_int_equal(setenv("OTEL_ENTITIES", "a{b=1}[c=2];d{e=3}[c=4];f{g=5};h{i=6};h{i=7}", 1), 0);
    assert_int_equal(setenv("OTEL_RESOURCE_ATTRIBUTES", "c=8,j=9", 1), 0);
    assert_int_equal(setenv("OTEL_SERVICE_NAME", "named", 1), 0);
    fail_each_in_turn(merge_entities);
    assert_int_equal(unsetenv("OTEL_ENTITIES"), 0);
    assert_int_equal(unsetenv("OTEL_RESOURCE_ATTRIBUTES"), 0);
    assert_int_equal(unsetenv("OTEL_SERVICE_NAME"), 0);
}

static cotel_status make_a_provider(void)
{
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_memory_exporter *memory = NULL;
    cotel_span_processor *processor = NULL;
    cotel_tracer_provider *provider = NULL;
    cotel_status status = cotel_memory_exporter_create(&memory);
    if (status != COTEL_STATUS_OK)
        return status;
    cotel_exporter *exporter = cotel_memory_exporter_as_exporter(memory);
    status = cotel_batch_processor_create(exporter, NULL, &processor);
    if (status != COTEL_STATUS_OK) {
        cotel_exporter_destroy(exporter);
        cotel_memory_exporter_destroy(memory);
        return status;
    }
    options.processors = &processor;
    options.processor_count = 1;
    status = cotel_tracer_provider_create(&options, &provider);
    if (status != COTEL_STATUS_OK) {
        assert_null(provider);
        cotel_span_processor_destroy(processor);
    }
    cotel_tracer_provider_destroy(provider);
    cotel_memory_exporter_destroy(memory);
    return status;
}

static void providers_say_so_and_leave_the_processor_to_the_caller(void **state)
{
    fail_each_in_turn(make_a_provider);
}

static cotel_status set_the_sdk_up(void)
{
    cotel_memory_exporter *memory = NULL;
    cotel_status status = cotel_memory_exporter_create(&memory);
    if (status != COTEL_STATUS_OK)
        return status;
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    options.service_name = "writer";
    options.exit_flush_ms = 0;
    options.exporter = cotel_memory_exporter_as_exporter(memory);
    status = cotel_sdk_init(&options);
    /* Whatever it said, the API goes on to work. */
    cotel_tracer *tracer = cotel_tracer_get("out of memory", NULL);
    cotel_span span = cotel_span_start(tracer, "work", NULL);
    cotel_span_set_string(&span, "key", "value");
    cotel_span_end(&span);
    (void)cotel_sdk_shutdown(FLUSH_MS, NULL);
    cotel_memory_exporter_destroy(memory);
    return status;
}

static void the_set_up_says_so_and_takes_the_exporter_in_any_case(void **state)
{
    fail_each_in_turn(set_the_sdk_up);
}

static cotel_status make_samplers(void)
{
    cotel_parent_based_options options = {.size = sizeof options};
    cotel_sampler *parent_based = NULL;
    cotel_status status = cotel_sampler_trace_id_ratio_create(0.5, &options.root);
    if (status != COTEL_STATUS_OK)
        return status;
    status = cotel_sampler_parent_based_create(&options, &parent_based);
    cotel_sampler_destroy(status == COTEL_STATUS_OK ? parent_based : options.root);
    return status;
}

static void samplers_say_so_and_leave_the_root_to_the_caller(void **state)
{
    fail_each_in_turn(make_samplers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resources_say_so),
        cmocka_unit_test(resources_with_entities_say_so),
        cmocka_unit_test(samplers_say_so_and_leave_the_root_to_the_caller),
        cmocka_unit_test(providers_say_so_and_leave_the_processor_to_the_caller),
        cmocka_unit_test(the_set_up_says_so_and_takes_the_exporter_in_any_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
