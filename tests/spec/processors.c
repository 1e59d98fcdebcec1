/* SPDX-License-Identifier: Apache-2.0 */
/* trace/sdk.md "Span processor": what processors of one's own see and may change. */
#include "../support/sdk_fixture.h"

static struct sdk_fixture fixture;

/* Two processors that note each call: "1s" is the first one's on_start. What else they do is up to
 * the test. */
struct noting {
    cotel_span_processor base;
    char name;
    void (*starting)(cotel_span_data *span, const cotel_context *parent);
    void (*ending)(cotel_span_data *span);
    void (*ended)(const cotel_span_data *span);
    cotel_status shutdown_says;
};

static char calls[64];

static void note(const cotel_span_processor *self, char call)
{
    size_t used = strlen(calls);
    assert_true(used + 2 < sizeof calls);
    calls[used] = ((const struct noting *)self)->name;
    calls[used + 1] = call;
    calls[used + 2] = '\0';
}

static void on_start(cotel_span_processor *self, cotel_span_data *span, const cotel_context *parent)
{
    const struct noting *noting = (const struct noting *)self;
    note(self, 's');
    if (noting->starting != NULL)
        noting->starting(span, parent);
}

static void on_ending(cotel_span_processor *self, cotel_span_data *span)
{
    const struct noting *noting = (const struct noting *)self;
    note(self, 'g');
    if (noting->ending != NULL)
        noting->ending(span);
}

static void on_end(cotel_span_processor *self, const cotel_span_data *span)
{
    const struct noting *noting = (const struct noting *)self;
    note(self, 'e');
    if (noting->ended != NULL)
        noting->ended(span);
}

static cotel_status flush(cotel_span_processor *self, uint64_t deadline_ns)
{
    note(self, 'f');
    return COTEL_STATUS_OK;
}

static cotel_status shut_down(cotel_span_processor *self, uint64_t deadline_ns, uint64_t *abandoned)
{
    note(self, 'd');
    return ((const struct noting *)self)->shutdown_says;
}

static const cotel_span_processor_ops noting_ops = {.size = sizeof noting_ops,
                                                    .on_start = on_start,
                                                    .on_ending = on_ending,
                                                    .on_end = on_end,
                                                    .flush = flush,
                                                    .shutdown = shut_down};
static struct noting first, second;

static int start(void **state)
{
    static cotel_span_processor *const processors[] = {&first.base, &second.base};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    first = (struct noting){.base = {&noting_ops}, .name = '1'};
    second = (struct noting){.base = {&noting_ops}, .name = '2'};
    options.processors = processors;
    options.processor_count = COUNT_OF(processors);
    calls[0] = '\0';
    sdk_fixture_start(&fixture, &options);
    return 0;
}

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

static void end_one_span(const cotel_span_options *options)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", options);
    cotel_span_end(&span);
}

/* ---- order ---- */

static void processors_are_called_in_their_order_and_every_on_ending_before_any_on_end(void **state)
{
    end_one_span(NULL);
    assert_string_equal(calls, "1s2s1g2g1e2e");
}

static void flush_and_shutdown_reach_each_processor_in_its_order(void **state)
{
    first.shutdown_says = COTEL_STATUS_TIMEOUT;
    second.shutdown_says = COTEL_STATUS_EXPORT_FAILED;
    sdk_fixture_flush(&fixture);
    assert_string_equal(calls, "1f2f");
    assert_int_equal(cotel_tracer_provider_shutdown(fixture.provider, FLUSH_MS, NULL),
                     COTEL_STATUS_TIMEOUT);
    assert_string_equal(calls, "1f2f1d2d");
}

static void after_the_shutdown_no_processor_is_called_any_more(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_int_equal(cotel_tracer_provider_shutdown(fixture.provider, FLUSH_MS, NULL),
                     COTEL_STATUS_OK);
    calls[0] = '\0';
    cotel_span_end(&span);
    end_one_span(NULL);
    assert_int_equal(cotel_tracer_provider_flush(fixture.provider, FLUSH_MS),
                     COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(cotel_tracer_provider_shutdown(fixture.provider, FLUSH_MS, NULL),
                     COTEL_STATUS_SHUT_DOWN);
    assert_string_equal(calls, "");
}

/* ---- what they see ---- */

static cotel_span_id parent_seen;

static void see_parent(cotel_span_data *span, const cotel_context *parent)
{
    parent_seen = cotel_context_span(parent).span_id;
}

static void on_start_gets_the_parent_context(void **state)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", NULL);
    cotel_span parent = cotel_context_span(remote);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = remote;
    first.starting = see_parent;
    end_one_span(&options);
    assert_memory_equal(&parent_seen, &parent.span_id, sizeof parent_seen);
    cotel_context_unref(remote);
}

static const cotel_scope_view *scope_seen;
static cotel_resource *resource_seen;

static void see_origin(const cotel_span_data *span)
{
    scope_seen = cotel_span_data_scope(span);
    resource_seen = cotel_span_data_resource(span);
}

static void a_processor_finds_the_scope_and_the_resource_of_the_span(void **state)
{
    cotel_resource *exported;
    cotel_span_view span;
    first.ended = see_origin;
    end_one_span(NULL);
    assert_text(scope_seen->name, "fixture");
    sdk_fixture_flush(&fixture);
    assert_true(cotel_memory_exporter_get(fixture.memory, 0, &span, NULL, &exported));
    assert_ptr_equal(resource_seen, exported);
}

static void see_what_it_starts_with(cotel_span_data *span, const cotel_context *parent)
{
    cotel_span_view view;
    cotel_link_view link;
    cotel_span_data_view(span, &view);
    cotel_iterator links = cotel_span_view_links(&view);
    assert_int_equal(int_attribute(&view, "given"), 1);
    assert_true(cotel_iterator_next_link(&links, &link));
    assert_text(view.name, "span");
    assert_int_equal(view.kind, COTEL_SPAN_KIND_CLIENT);
    assert_int_equal(view.start_unix_ns, 1000);
    assert_int_equal(view.end_unix_ns, 0);
}

static void on_start_sees_all_that_the_span_starts_with(void **state)
{
    const cotel_attribute attribute = cotel_attribute_int("given", 1);
    const cotel_link link = {cotel_span_context_none(), &attribute, 1};
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_CLIENT;
    options.start_unix_ns = 1000;
    options.attributes = &attribute;
    options.links = &link;
    options.attribute_count = options.link_count = 1;
    first.starting = see_what_it_starts_with;
    end_one_span(&options);
}

static uint64_t end_seen;

static void see_end_time(cotel_span_data *span)
{
    cotel_span_view view;
    cotel_span_data_view(span, &view);
    end_seen = view.end_unix_ns;
}

static void the_end_time_is_fixed_before_on_ending(void **state)
{
    first.ending = see_end_time;
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_end_at(&span, 4711);
    assert_int_equal(end_seen, 4711);
    assert_int_equal(sdk_fixture_span(&fixture, "span").end_unix_ns, 4711);
}

/* ---- what they change ---- */

static void change_everything(cotel_span_data *span)
{
    const cotel_attribute set = cotel_attribute_int("set", 1);
    const cotel_link link = {cotel_span_context_none(), &set, 1};
    cotel_span_view view;
    assert_true(cotel_span_data_set(span, &set));
    assert_true(cotel_span_data_rename(span, cotel_str_of("old"), cotel_str_of("new")));
    assert_true(cotel_span_data_remove(span, cotel_str_of("gone")));
    cotel_span_data_set_status(span, COTEL_STATUS_CODE_ERROR, cotel_str_of("why"));
    cotel_span_data_add_event(span, cotel_str_of("timed"), 77, &set, 1);
    cotel_span_data_add_event(span, cotel_str_of("now"), 0, NULL, 0);
    cotel_span_data_add_link(span, &link);
    /* What is the span's own may be given back to it. */
    cotel_span_data_view(span, &view);
    cotel_span_data_set_status(span, COTEL_STATUS_CODE_ERROR, view.status_description);
    cotel_span_data_view(span, &view);
    cotel_span_data_add_event(span, view.name, 78, NULL, 0);
    cotel_span_data_set_name(span, cotel_str_of("another name"));
}

static void change_at_start(cotel_span_data *span, const cotel_context *parent)
{
    change_everything(span);
}

/* What came of change_everything(). */
static void check_all_is_changed(void)
{
    static const char *const names[] = {"timed", "now", "span"};
    cotel_span_view view = sdk_fixture_span(&fixture, "another name");
    cotel_iterator events = cotel_span_view_events(&view), links = cotel_span_view_links(&view);
    cotel_event_view event;
    cotel_link_view link;
    assert_int_equal(attribute_count(&view), 2);
    assert_int_equal(int_attribute(&view, "set"), 1);
    assert_int_equal(int_attribute(&view, "new"), 2);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_true(cotel_iterator_next_event(&events, &event));
        assert_text(event.name, names[i]);
        if (i == 0)
            assert_int_equal(event.time_unix_ns, 77);
        else if (i == 1)
            assert_true(event.time_unix_ns >= view.start_unix_ns);
    }
    assert_false(cotel_iterator_next_event(&events, &event));
    assert_true(cotel_iterator_next_link(&links, &link));
    assert_int_equal(view.status, COTEL_STATUS_CODE_ERROR);
    assert_text(view.status_description, "why");
}

static void end_a_span_to_be_changed(void)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("old", 2),
                                          cotel_attribute_int("gone", 3)};
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.attributes = attributes;
    options.attribute_count = COUNT_OF(attributes);
    end_one_span(&options);
}

static void on_start_may_change_everything(void **state)
{
    first.starting = change_at_start;
    end_a_span_to_be_changed();
    check_all_is_changed();
}

static void on_ending_may_change_everything(void **state)
{
    first.ending = change_everything;
    end_a_span_to_be_changed();
    check_all_is_changed();
}

static cotel_span kept;

static void change_through_the_handle(cotel_span_data *span)
{
    cotel_span_set_int(&kept, "through.handle", 1);
}

static void while_it_ends_a_span_is_changed_by_the_callbacks_only(void **state)
{
    first.ending = change_through_the_handle;
    kept = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_end(&kept);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    assert_int_equal(attribute_count(&view), 0);
}

static void keep_handle(cotel_span_data *span, const cotel_context *parent)
{
    kept = cotel_span_data_handle(span);
}

static void a_processor_may_keep_the_span_and_change_it_later(void **state)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1");
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = remote;
    first.starting = keep_handle;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &options);
    assert_memory_equal(&kept, &span, sizeof span);
    cotel_span_set_int(&kept, "later", 1);
    cotel_span_end(&span);
    assert_false(cotel_span_is_recording(&kept));
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    assert_int_equal(int_attribute(&view, "later"), 1);
    cotel_context_unref(remote);
}

static void what_processors_add_is_limited_too(void **state)
{
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_span_processor *processors[] = {&first.base};
    struct sdk_fixture limited;
    first.ending = change_everything;
    options.processors = processors;
    options.processor_count = 1;
    options.limits.attributes = 3;
    options.limits.events = 2;
    options.limits.links = 0;
    sdk_fixture_start(&limited, &options);
    cotel_span span = cotel_span_start(limited.tracer, "span", NULL);
    cotel_span_set_int(&span, "old", 2);
    cotel_span_set_int(&span, "gone", 3);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&limited, "another name");
    assert_int_equal(view.dropped_events, 1);
    assert_int_equal(view.dropped_links, 1);
    sdk_fixture_stop(&limited);
}

/* ---- adding one ---- */

static cotel_status said_inside;

static cotel_status attach_and_wait(cotel_span_processor *self, const cotel_processor_host *host)
{
    said_inside = cotel_tracer_provider_shutdown(fixture.provider, FLUSH_MS, NULL);
    return COTEL_STATUS_OK;
}

static void a_processor_that_waits_for_its_provider_while_it_is_added_is_refused(void **state)
{
    static const cotel_span_processor_ops ops = {.size = sizeof ops, .attach = attach_and_wait};
    static cotel_span_processor processor = {&ops};
    assert_int_equal(cotel_tracer_provider_add_processor(fixture.provider, &processor),
                     COTEL_STATUS_OK);
    assert_int_equal(said_inside, COTEL_STATUS_WOULD_DEADLOCK);
}

static void an_added_processor_gets_spans_of_tracers_that_are_there(void **state)
{
    static struct noting third;
    third = (struct noting){.base = {&noting_ops}, .name = '3'};
    assert_int_equal(cotel_tracer_provider_add_processor(fixture.provider, &third.base),
                     COTEL_STATUS_OK);
    end_one_span(NULL);
    assert_string_equal(calls, "1s2s3s1g2g3g1e2e3e");
}

/* ---- without any ---- */

/* What a program sends on of a request that came with these headers, the span of its work being
 * current. */
static void pass_through(cotel_headers *sent, const char *traceparent, const char *tracestate)
{
    cotel_tracer_provider *provider;
    assert_int_equal(cotel_tracer_provider_create(NULL, &provider), COTEL_STATUS_OK);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(provider, "bare", NULL);
    cotel_context *sender = remote_parent(traceparent, tracestate);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = sender;
    cotel_span span = cotel_span_start(tracer, "span", &options);
    assert_false(cotel_span_is_recording(&span));
    cotel_context *context = cotel_context_with_span(sender, &span);
    cotel_inject(context, &cotel_headers_setter, sent);
    cotel_span_end(&span);
    cotel_context_unref(context);
    cotel_context_unref(sender);
    cotel_tracer_provider_destroy(provider);
}

static void without_processors_a_trace_passes_through_as_it_is(void **state)
{
    const char *traceparents[] = {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
                                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"};
    for (size_t i = 0; i < COUNT_OF(traceparents); i++) {
        cotel_headers sent = {.count = 0};
        pass_through(&sent, traceparents[i], "vendor=1,other=2");
        assert_string_equal(cotel_headers_get(&sent, "traceparent"), traceparents[i]);
        assert_string_equal(cotel_headers_get(&sent, "tracestate"), "vendor=1,other=2");
    }
}

static void without_processors_a_root_has_ids_and_is_not_sampled(void **state)
{
    cotel_tracer_provider *provider;
    assert_int_equal(cotel_tracer_provider_create(NULL, &provider), COTEL_STATUS_OK);
    cotel_span span =
        cotel_span_start(cotel_tracer_provider_get_tracer(provider, "bare", NULL), "span", NULL);
    cotel_span_context context = cotel_span_get_context(&span);
    assert_true(cotel_span_context_is_valid(&context));
    assert_false(cotel_span_is_recording(&span));
    assert_int_equal(context.trace_flags & COTEL_TRACE_FLAG_SAMPLED, 0);
    cotel_span_end(&span);
    cotel_tracer_provider_destroy(provider);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(processors_are_called_in_their_order_and_every_on_ending_before_any_on_end),
        TEST(flush_and_shutdown_reach_each_processor_in_its_order),
        TEST(after_the_shutdown_no_processor_is_called_any_more),
        cmocka_unit_test(without_processors_a_trace_passes_through_as_it_is),
        cmocka_unit_test(without_processors_a_root_has_ids_and_is_not_sampled),
        TEST(on_start_gets_the_parent_context),
        TEST(a_processor_finds_the_scope_and_the_resource_of_the_span),
        TEST(on_start_sees_all_that_the_span_starts_with),
        TEST(the_end_time_is_fixed_before_on_ending),
        TEST(on_start_may_change_everything),
        TEST(on_ending_may_change_everything),
        TEST(while_it_ends_a_span_is_changed_by_the_callbacks_only),
        TEST(a_processor_may_keep_the_span_and_change_it_later),
        TEST(what_processors_add_is_limited_too),
        TEST(a_processor_that_waits_for_its_provider_while_it_is_added_is_refused),
        TEST(an_added_processor_gets_spans_of_tracers_that_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
