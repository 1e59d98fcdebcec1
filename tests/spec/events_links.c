/* SPDX-License-Identifier: Apache-2.0 */
/* trace/api.md "Add Events", "Link". */
#include "../support/sdk_fixture.h"

#include <pthread.h>

#define THREADS 4
#define EVENTS_EACH 30 /* all threads together stay within the default limit of 128 */

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    sdk_fixture_stop(&fixture);
    return 0;
}

/* ---- one span, many threads ---- */

static cotel_span shared;

static void *add_events(void *thread)
{
    for (int number = 0; number < EVENTS_EACH; number++) {
        const cotel_attribute attributes[] = {
            cotel_attribute_int("thread", (int64_t)(intptr_t)thread),
            cotel_attribute_int("number", number)};
        cotel_span_add_event(&shared, "event", attributes, COUNT_OF(attributes));
    }
    return NULL;
}

static int64_t next_int(cotel_iterator *attributes, const char *key)
{
    cotel_attribute_view attribute;
    assert_true(cotel_iterator_next_attribute(attributes, &attribute));
    assert_text(attribute.key, key);
    assert_int_equal(attribute.value.type, COTEL_VALUE_INT);
    return attribute.value.integer;
}

static void events_of_many_threads_all_arrive_in_the_order_of_each(void **state)
{
    pthread_t threads[THREADS];
    shared = cotel_span_start(fixture.tracer, "shared", NULL);
    for (intptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_events, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    cotel_span_end(&shared);
    cotel_span_view span = sdk_fixture_span(&fixture, "shared");
    cotel_iterator events = cotel_span_view_events(&span);
    cotel_event_view event;
    int64_t seen[THREADS] = {0};
    while (cotel_iterator_next_event(&events, &event)) {
        cotel_iterator attributes = cotel_event_view_attributes(&event);
        int64_t thread = next_int(&attributes, "thread");
        assert_in_range(thread, 0, THREADS - 1);
        assert_int_equal(next_int(&attributes, "number"), seen[thread]);
        seen[thread]++;
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(seen[i], EVENTS_EACH);
}

/* ---- links ---- */

static void links_keep_their_order_and_attributes(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    for (int number = 0; number < 10; number++) {
        const cotel_attribute attribute = cotel_attribute_int("number", number);
        const cotel_link link = {cotel_span_get_context(&span), &attribute, 1};
        cotel_span_add_link(&span, &link);
    }
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_iterator links = cotel_span_view_links(&view);
    cotel_link_view link;
    for (int number = 0; number < 10; number++) {
        assert_true(cotel_iterator_next_link(&links, &link));
        assert_memory_equal(&link.trace_id, &span.trace_id, sizeof link.trace_id);
        cotel_iterator attributes = cotel_link_view_attributes(&link);
        assert_int_equal(next_int(&attributes, "number"), number);
    }
    assert_false(cotel_iterator_next_link(&links, &link));
}

static void a_link_without_ids_is_kept_for_its_tracestate_or_its_attributes(void **state)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1");
    cotel_tracestate *tracestate = cotel_context_tracestate(remote);
    const cotel_attribute attribute = cotel_attribute_int("number", 1);
    cotel_link with_tracestate = {.context = cotel_span_context_none()};
    const cotel_link with_attribute = {cotel_span_context_none(), &attribute, 1},
                     with_nothing = {.context = cotel_span_context_none()};
    with_tracestate.context.tracestate = tracestate;
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_add_link(&span, &with_tracestate);
    cotel_span_add_link(&span, &with_nothing);
    cotel_span_add_link(&span, &with_attribute);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_iterator links = cotel_span_view_links(&view);
    cotel_link_view link;
    assert_true(cotel_iterator_next_link(&links, &link));
    assert_false(cotel_trace_id_is_valid(&link.trace_id));
    assert_false(cotel_span_id_is_valid(&link.span_id));
    assert_text(link.tracestate, "a=1");
    assert_true(cotel_iterator_next_link(&links, &link));
    cotel_iterator attributes = cotel_link_view_attributes(&link);
    assert_int_equal(next_int(&attributes, "number"), 1);
    assert_false(cotel_iterator_next_link(&links, &link));
    cotel_tracestate_unref(tracestate);
    cotel_context_unref(remote);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_of_many_threads_all_arrive_in_the_order_of_each),
        TEST(links_keep_their_order_and_attributes),
        TEST(a_link_without_ids_is_kept_for_its_tracestate_or_its_attributes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
