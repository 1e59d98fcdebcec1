/* SPDX-License-Identifier: Apache-2.0 */
#include "view/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_SHOWN = 64, SPAN_BYTES = 1000 };

struct shown {
    uint8_t trace;
    size_t spans;
    size_t duplicates;
    enum ct_show_reason reason;
};

static struct ct_store *store;
static struct shown shown[MAX_SHOWN];
static size_t shown_count;

static void note(void *user, const struct ct_trace *trace, enum ct_show_reason reason)
{
    assert_true(shown_count < MAX_SHOWN);
    shown[shown_count++] =
        (struct shown){trace->id[0], trace->spans.count, trace->duplicates, reason};
}

static int set_up(void **state)
{
    const struct ct_store_options options = {
        .max_traces = 3, .max_bytes = 10 * SPAN_BYTES, .show = note};

    shown_count = 0;
    store = ct_store_create(&options);
    return store ? 0 : -1;
}

static int tear_down(void **state)
{
    ct_store_destroy(store);
    return 0;
}

static void add(uint8_t trace, uint8_t number, uint8_t parent, int64_t now_ms)
{
    struct ct_origin *origin = ct_origin_create();
    assert_non_null(origin);
    struct ct_span *span = ct_span_create(origin);
    assert_non_null(span);
    ct_origin_unref(origin);

    span->trace_id[0] = trace;
    span->span_id[0] = number;
    span->parent_span_id[0] = parent;
    span->has_parent = parent != 0;
    span->size_bytes = SPAN_BYTES;
    assert_true(ct_store_add(store, span, now_ms));
}

static void a_trace_is_due_after_its_last_span(void **state)
{
    assert_int_equal(ct_store_next_due_ms(store), -1);
    add(1, 1, 0, 0);
    add(1, 2, 1, 300);
    assert_int_equal(ct_store_next_due_ms(store), 300 + CT_STORE_QUIET_MS);
    ct_store_show_due(store, 299 + CT_STORE_QUIET_MS);
    assert_int_equal(shown_count, 0);
    ct_store_show_due(store, 300 + CT_STORE_QUIET_MS);
    assert_int_equal(shown_count, 1);
    assert_int_equal(shown[0].spans, 2);
    assert_int_equal(ct_store_next_due_ms(store), -1);
}

static void a_trace_without_a_root_waits_longer(void **state)
{
    add(1, 2, 1, 0);
    ct_store_show_due(store, CT_STORE_ROOTLESS_QUIET_MS - 1);
    assert_int_equal(shown_count, 0);
    ct_store_show_due(store, CT_STORE_ROOTLESS_QUIET_MS);
    assert_int_equal(shown_count, 1);
}

static void a_late_span_shows_its_trace_again_and_a_duplicate_does_not(void **state)
{
    add(1, 1, 0, 0);
    ct_store_show_due(store, 1000);
    add(1, 1, 0, 1000);
    ct_store_show_due(store, 2000);
    assert_int_equal(shown_count, 1);
    add(1, 2, 1, 2000);
    ct_store_show_due(store, 3000);
    assert_int_equal(shown_count, 2);
    assert_int_equal(shown[1].spans, 2);
    assert_int_equal(shown[1].duplicates, 1);
}

static void beyond_the_number_the_longest_quiet_goes_and_is_shown(void **state)
{
    for (uint8_t trace = 1; trace <= 3; trace++)
        add(trace, 1, 0, trace);
    add(1, 2, 1, 4); /* so that trace 2 is quiet longest */
    assert_int_equal(shown_count, 0);
    add(4, 1, 0, 5);
    assert_int_equal(shown_count, 1);
    assert_int_equal(shown[0].trace, 2);
    assert_int_equal(shown[0].reason, CT_SHOW_EVICTED);
}

static void what_was_shown_goes_in_silence(void **state)
{
    add(1, 1, 0, 0);
    ct_store_show_due(store, 1000);
    for (uint8_t trace = 2; trace <= 4; trace++)
        add(trace, 1, 0, 1000);
    assert_int_equal(shown_count, 1);
}

static void beyond_the_bytes_traces_go_too(void **state)
{
    add(1, 1, 0, 0);
    for (uint8_t number = 1; number <= 9; number++)
        add(2, number, number == 1 ? 0 : 1, 1);
    assert_int_equal(shown_count, 0);
    add(2, 10, 1, 2);
    assert_int_equal(shown_count, 1);
    assert_int_equal(shown[0].trace, 1);
    add(2, 11, 1, 3); /* larger than all room there is: as far as it has come */
    assert_int_equal(shown_count, 2);
    assert_int_equal(shown[1].spans, 11);
    add(2, 12, 1, 4);
    ct_store_show_rest(store);
    assert_int_equal(shown[2].spans, 1);
}

static void the_rest_is_shown_once(void **state)
{
    add(1, 1, 0, 0);
    add(2, 2, 1, 0);
    ct_store_show_rest(store);
    ct_store_show_rest(store);
    assert_int_equal(shown_count, 2);
    assert_int_equal(shown[1].reason, CT_SHOW_ENDING);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_trace_is_due_after_its_last_span),
        STORE_TEST(a_trace_without_a_root_waits_longer),
        STORE_TEST(a_late_span_shows_its_trace_again_and_a_duplicate_does_not),
        STORE_TEST(beyond_the_number_the_longest_quiet_goes_and_is_shown),
        STORE_TEST(what_was_shown_goes_in_silence),
        STORE_TEST(beyond_the_bytes_traces_go_too),
        STORE_TEST(the_rest_is_shown_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
