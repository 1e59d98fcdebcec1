/* SPDX-License-Identifier: Apache-2.0 */
/* Every exported function with NULL for each pointer, texts without data and structs of size 0:
 * nothing may crash, before an SDK is there, with one, and after it. tests/abi/all_called sees to
 * it that no function is forgotten here. */
#define COTEL_NO_INLINE /* the exported functions themselves */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/cotel.h>
#include <cotel/exporters/console.h>
#include <cotel/exporters/otlp.h>
#include <cotel/samplers/jaeger_remote.h>
#include <cotel/sdk/auto.h>
#include <cotel/sdk/composable_sampler.h>
#include <cotel/sdk/exemplar.h>
#include <cotel/sdk/meter_provider.h>
#include <cotel/sdk/metric_data.h>
#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/resource_detector.h>
#include <cotel/sdk/testing.h>
#include <cotel/sdk/view.h>

#include <stdio.h>
#include <stdlib.h>

/* Part of the seam, and exported. */
void cotel_tracer_provider_forget(cotel_tracer_provider *provider);
void cotel_meter_provider_forget(cotel_meter_provider *provider);

static const cotel_str no_data = {NULL, 5};

static void ids_and_tracestates(void)
{
    char hex[COTEL_TRACE_ID_HEX_SIZE];
    assert_false(cotel_trace_id_is_valid(NULL));
    assert_false(cotel_span_id_is_valid(NULL));
    assert_false(cotel_span_context_is_valid(NULL));
    cotel_trace_id_to_hex(NULL, hex);
    assert_string_equal(hex, "00000000000000000000000000000000");
    cotel_span_id_to_hex(NULL, hex);
    assert_string_equal(hex, "0000000000000000");
    assert_false(cotel_trace_id_from_hex(NULL, 32, NULL));
    assert_false(cotel_span_id_from_hex(NULL, 16, NULL));

    cotel_tracestate *state = cotel_tracestate_parse("abcde=1", 7);
    assert_non_null(state);
    assert_null(cotel_tracestate_parse(NULL, 9));
    assert_int_equal(cotel_tracestate_header(NULL).size, 0);
    assert_null(cotel_tracestate_get(NULL, no_data).data);
    assert_null(cotel_tracestate_get(state, no_data).data);
    assert_null(cotel_tracestate_set(NULL, no_data, no_data));
    assert_null(cotel_tracestate_remove(NULL, no_data));
    cotel_tracestate_unref(cotel_tracestate_set(state, no_data, no_data));
    cotel_tracestate_unref(cotel_tracestate_remove(state, no_data));
    assert_null(cotel_tracestate_ref(NULL));
    cotel_tracestate_unref(NULL);
    cotel_tracestate_unref(state);
}

static void contexts(void)
{
    const cotel_token none = {NULL, 0, 0, 0};
    const cotel_context_storage nothing = {.size = 0};
    cotel_context_counts counts = {.size = 0};
    assert_non_null(cotel_context_empty());
    assert_non_null(cotel_context_current());
    cotel_context_unref(cotel_context_capture());
    cotel_context_unref(cotel_context_ref(NULL));
    cotel_context_unref(NULL);
    cotel_context_detach(cotel_context_attach(NULL));
    cotel_context_detach(none);
    cotel_context_stats(NULL);
    cotel_context_stats(&counts);
    assert_false(cotel_context_set_storage(&nothing));
    assert_true(cotel_context_set_storage(NULL));
    cotel_context_state_destroy(NULL);
    (void)cotel_context_span(NULL);
    assert_non_null(cotel_context_span_pointer(NULL));
    assert_null(cotel_context_tracestate(NULL));
    cotel_context_unref(cotel_context_with_span(NULL, NULL));
    cotel_context_unref(cotel_context_with_span_context(NULL, NULL));
    assert_string_equal(cotel_context_key_name(NULL), "");
    static const cotel_context_key *key; /* never freed: to be kept in a static */
    key = cotel_context_key_create(NULL);
    assert_non_null(key);
    assert_null(cotel_context_value(NULL, NULL));
    cotel_context_unref(cotel_context_with_value(NULL, NULL, NULL, NULL));
}

static void composites(void)
{
    const cotel_propagator no_ops = {NULL};
    const cotel_propagator *const unusable[] = {&no_ops, NULL};
    cotel_propagator *composite;
    assert_int_equal(cotel_propagator_composite_create(NULL, 0, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_propagator_composite_create(NULL, 1, &composite),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_propagator_composite_create(unusable, 1, &composite),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_propagator_composite_create(unusable + 1, 1, &composite),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_propagator_composite_create(NULL, 0, &composite), COTEL_STATUS_OK);
    composite->ops->inject(composite, NULL, NULL, NULL);
    cotel_context_unref(composite->ops->extract(composite, NULL, NULL, NULL));
    assert_null(composite->ops->field(composite, 0));
    cotel_propagator_composite_destroy(composite);
    cotel_propagator_composite_destroy(NULL);
}

static void baggages(void)
{
    const cotel_baggage_entry no_entry = {no_data, no_data, no_data};
    cotel_baggage_entry named = {cotel_str_of("key"), no_data, no_data};
    assert_null(cotel_baggage_set(NULL, NULL, NULL));
    assert_null(cotel_baggage_set_entry(NULL, NULL));
    assert_null(cotel_baggage_set_entry(NULL, &no_entry));
    assert_null(cotel_baggage_remove(NULL, no_data));
    assert_false(cotel_baggage_get(NULL, no_data, NULL));
    assert_int_equal(cotel_baggage_count(NULL), 0);
    assert_false(cotel_baggage_at(NULL, 0, NULL));
    assert_null(cotel_baggage_ref(NULL));
    cotel_baggage_unref(NULL);

    cotel_baggage *baggage = cotel_baggage_set_entry(NULL, &named);
    assert_int_equal(cotel_baggage_count(baggage), 1);
    assert_false(cotel_baggage_get(baggage, no_data, &named));
    assert_true(cotel_baggage_get(baggage, named.name, NULL));
    assert_true(cotel_baggage_at(baggage, 0, NULL));
    cotel_baggage_unref(cotel_baggage_remove(baggage, no_data));
    cotel_baggage_unref(cotel_baggage_set(baggage, "key", NULL));
    cotel_baggage_unref(baggage);
    assert_null(cotel_context_baggage(NULL));
    cotel_context_unref(cotel_context_with_baggage(NULL, NULL));
}

static void propagation(void)
{
    const cotel_setter no_setter = {.size = 0};
    const cotel_getter no_getter = {.size = 0};
    const cotel_propagator no_ops = {NULL};
    cotel_propagation_counts counts = {.size = 0};
    assert_non_null(cotel_propagator_baggage());
    assert_non_null(cotel_propagator_tracecontext());
    assert_non_null(cotel_propagator_b3());
    assert_non_null(cotel_propagator_b3_multi());
    assert_non_null(cotel_propagator_jaeger());
    assert_non_null(cotel_propagator_none());
    assert_non_null(cotel_propagator_default());
    composites();
    cotel_propagation_stats(NULL);
    cotel_propagation_stats(&counts);
    for (int i = 0; i < 2; i++) {
        cotel_propagator_set_global(i == 0 ? &no_ops : NULL);
        assert_non_null(cotel_propagator_global());
        cotel_inject(NULL, NULL, NULL);
        cotel_inject(NULL, &no_setter, NULL);
        cotel_inject(NULL, &cotel_headers_setter, NULL);
        cotel_inject(NULL, &cotel_environment_setter, NULL);
        cotel_context_unref(cotel_extract(NULL, NULL, NULL));
        cotel_context_unref(cotel_extract(NULL, &no_getter, NULL));
        cotel_context_unref(cotel_extract(NULL, &cotel_headers_getter, NULL));
        cotel_context_unref(cotel_extract(NULL, &cotel_environment_getter, NULL));
    }
    cotel_headers headers = {.count = 0};
    assert_false(cotel_headers_set(NULL, no_data, no_data));
    assert_false(cotel_headers_set(&headers, no_data, no_data));
    assert_null(cotel_headers_get(NULL, NULL));
    assert_null(cotel_headers_get(&headers, NULL));
    assert_int_equal(cotel_environment_create(NULL, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(cotel_environment_variables(NULL)[0]);
    cotel_environment_destroy(NULL);
    assert_non_null(cotel_status_name((cotel_status)-1));
    assert_non_null(cotel_status_text((cotel_status)-1));
    assert_non_null(cotel_version());
    assert_int_equal(cotel_version_number(), COTEL_VERSION_NUMBER);
}

/* What can be done to a span, with nothing to do it with. */
static void changes(const cotel_span *span)
{
    const cotel_attribute array = cotel_attribute_of("array", cotel_value_array(NULL, 5));
    const cotel_attribute map = cotel_attribute_of("map", cotel_value_map(NULL, 5));
    const cotel_attribute no_key = cotel_attribute_of(NULL, cotel_value_string(no_data));
    const cotel_link link = {.attribute_count = 5};
    cotel_error_options no_error = COTEL_ERROR_OPTIONS_INIT;
    no_error.attribute_count = 5;
    cotel_span_set_string(span, NULL, NULL);
    cotel_span_set_string(span, "key", NULL);
    cotel_span_set_bool(span, NULL, true);
    cotel_span_set_int(span, NULL, 1);
    cotel_span_set_double(span, NULL, 1.0);
    cotel_span_set_string_n(span, NULL, 5, NULL, 5);
    cotel_span_set_string_n(span, "key", 3, NULL, 500);
    cotel_span_set_bool_n(span, NULL, 5, true);
    cotel_span_set_int_n(span, NULL, 5, 1);
    cotel_span_set_double_n(span, NULL, 5, 1.0);
    cotel_span_set_attribute(span, NULL);
    cotel_span_set_attribute(span, &array);
    cotel_span_set_attribute(span, &map);
    cotel_span_set_attribute(span, &no_key);
    cotel_span_set_attributes(span, NULL, 5);
    cotel_span_add_event(span, NULL, NULL, 5);
    cotel_span_add_event_at(span, NULL, 5, 0, NULL, 5);
    cotel_span_add_link(span, NULL);
    cotel_span_add_link(span, &link);
    cotel_span_set_status(span, (cotel_status_code)99, NULL);
    cotel_span_set_status_n(span, COTEL_STATUS_CODE_ERROR, NULL, 5);
    cotel_span_update_name(span, NULL);
    cotel_span_update_name_n(span, NULL, 5);
    cotel_span_record_error(span, NULL, NULL, NULL, 5);
    cotel_span_record_errno(span, 0, NULL);
    cotel_span_record_errno(span, -1, NULL);
    cotel_span_record_error_with(span, NULL);
    cotel_span_record_error_with(span, &no_error);
    (void)cotel_span_is_recording(span);
    (void)cotel_span_get_context(span);
    cotel_context_detach(cotel_span_activate(span));
    cotel_span_end_at(span, 1);
    cotel_span_end(span);
}

static void spans(void)
{
    const cotel_span_options zeros = {.size = 0};
    cotel_tracer_options no_options = {.size = 0};
    cotel_span_options links = COTEL_SPAN_OPTIONS_INIT;
    cotel_span_scope scope;
    links.attribute_count = links.link_count = 5;
    cotel_tracer_options_init(NULL);
    cotel_span_options_init(NULL);
    cotel_error_options_init(NULL);
    assert_false(cotel_tracer_enabled(NULL));
    assert_non_null(cotel_tracer_get(NULL, NULL));
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(NULL, NULL, &no_options);
    no_options = (cotel_tracer_options)COTEL_TRACER_OPTIONS_INIT;
    no_options.attribute_count = 5;
    assert_non_null(cotel_tracer_get(NULL, &no_options));

    (void)cotel_span_start(NULL, NULL, NULL);
    (void)cotel_span_start_n(NULL, NULL, 5, &zeros);
    (void)cotel_span_wrap(NULL);
    (void)cotel_span_current();
    changes(NULL);
    const cotel_span none = cotel_span_none();
    changes(&none);
    cotel_span live = cotel_span_start(tracer, NULL, &links);
    changes(&live);
    changes(&live); /* stale now */
    live = cotel_span_start_n(tracer, NULL, 5, &zeros);
    cotel_span_end(&live);
    scope = cotel_span_scope_start(NULL, NULL, NULL);
    cotel_span_scope_end(&scope);
    cotel_span_scope_end(&scope);
    cotel_span_scope_end(NULL);
    cotel_tracer_provider_forget(NULL);
}

/* All that there is for a kind of instrument: without a meter, and without anything else. */
#define CALL_INSTRUMENT(get, record, record_in, enabled, bind, bound_record, unbind) \
    do {                                                                             \
        const cotel_instrument_options no_options = {.size = 0};                     \
        assert_non_null(get(NULL, NULL, NULL));                                      \
        for (int i = 0; i < 2; i++) {                                                \
            cotel_meter *meter = cotel_meter_get(NULL, NULL);                        \
            __typeof__(get(NULL, NULL, NULL)) one = get(meter, NULL, &no_options);   \
            if (i == 0)                                                              \
                one = NULL;                                                          \
            record(one, 1, NULL, 5);                                                 \
            record_in(one, 1, NULL, 5, NULL);                                        \
            (void)enabled(one);                                                      \
            __typeof__(bind(NULL, NULL, 0)) bound = bind(one, NULL, 5);              \
            bound_record(bound, 1);                                                  \
            unbind(bound);                                                           \
        }                                                                            \
    } while (0)

static void instruments(void)
{
    cotel_instrument_options_init(NULL);
    CALL_INSTRUMENT(cotel_counter_get, cotel_counter_add, cotel_counter_add_in,
                    cotel_counter_enabled, cotel_counter_bind, cotel_bound_counter_add,
                    cotel_bound_counter_unbind);
    CALL_INSTRUMENT(cotel_double_counter_get, cotel_double_counter_add, cotel_double_counter_add_in,
                    cotel_double_counter_enabled, cotel_double_counter_bind,
                    cotel_bound_double_counter_add, cotel_bound_double_counter_unbind);
    CALL_INSTRUMENT(cotel_up_down_counter_get, cotel_up_down_counter_add,
                    cotel_up_down_counter_add_in, cotel_up_down_counter_enabled,
                    cotel_up_down_counter_bind, cotel_bound_up_down_counter_add,
                    cotel_bound_up_down_counter_unbind);
    CALL_INSTRUMENT(cotel_double_up_down_counter_get, cotel_double_up_down_counter_add,
                    cotel_double_up_down_counter_add_in, cotel_double_up_down_counter_enabled,
                    cotel_double_up_down_counter_bind, cotel_bound_double_up_down_counter_add,
                    cotel_bound_double_up_down_counter_unbind);
    CALL_INSTRUMENT(cotel_histogram_get, cotel_histogram_record, cotel_histogram_record_in,
                    cotel_histogram_enabled, cotel_histogram_bind, cotel_bound_histogram_record,
                    cotel_bound_histogram_unbind);
    CALL_INSTRUMENT(cotel_double_histogram_get, cotel_double_histogram_record,
                    cotel_double_histogram_record_in, cotel_double_histogram_enabled,
                    cotel_double_histogram_bind, cotel_bound_double_histogram_record,
                    cotel_bound_double_histogram_unbind);
    CALL_INSTRUMENT(cotel_gauge_get, cotel_gauge_record, cotel_gauge_record_in, cotel_gauge_enabled,
                    cotel_gauge_bind, cotel_bound_gauge_record, cotel_bound_gauge_unbind);
    CALL_INSTRUMENT(cotel_double_gauge_get, cotel_double_gauge_record, cotel_double_gauge_record_in,
                    cotel_double_gauge_enabled, cotel_double_gauge_bind,
                    cotel_bound_double_gauge_record, cotel_bound_double_gauge_unbind);
}

static void never_called(cotel_observer *observer, void *user)
{
    (void)observer;
    (void)user;
}

static void observable(cotel_observable *(*get)(cotel_meter *meter, const char *name,
                                                const cotel_instrument_options *options,
                                                cotel_observable_callback callback, void *user))
{
    cotel_instrument_options advice = COTEL_INSTRUMENT_OPTIONS_INIT;
    advice.boundary_count = advice.attribute_key_count = 5;
    assert_non_null(get(NULL, NULL, NULL, NULL, NULL));
    cotel_observable *one = get(cotel_meter_get(NULL, NULL), NULL, &advice, NULL, NULL);
    cotel_observable *const nothing = NULL;
    cotel_observe(NULL, one, 1, NULL, 5);
    cotel_observe(NULL, NULL, 1, NULL, 5);
    cotel_observe_double(NULL, one, 1.0, NULL, 5);
    cotel_observe_double(NULL, NULL, 1.0, NULL, 5);
    assert_null(cotel_observable_add_callback(NULL, 5, never_called, NULL));
    assert_null(cotel_observable_add_callback(&nothing, 1, never_called, NULL));
    assert_null(cotel_observable_add_callback(&one, 1, NULL, NULL));
    cotel_callback_remove(cotel_observable_add_callback(&one, 1, never_called, NULL));
    cotel_callback_remove(NULL);
}

static void metrics(void)
{
    cotel_meter_options no_options = {.size = 0};
    cotel_meter_options_init(NULL);
    assert_non_null(cotel_meter_get(NULL, NULL));
    assert_non_null(cotel_meter_provider_get_meter(NULL, NULL, &no_options));
    no_options = (cotel_meter_options)COTEL_METER_OPTIONS_INIT;
    no_options.attribute_count = 5;
    assert_non_null(cotel_meter_get(NULL, &no_options));
    cotel_meter_provider *provider = cotel_meter_provider_global();
    cotel_meter_provider_set_global(NULL);
    cotel_meter_provider_set_global(provider);
    cotel_meter_provider_forget(NULL);
    instruments();
    observable(cotel_observable_counter_get);
    observable(cotel_observable_double_counter_get);
    observable(cotel_observable_up_down_counter_get);
    observable(cotel_observable_double_up_down_counter_get);
    observable(cotel_observable_gauge_get);
    observable(cotel_observable_double_gauge_get);
}

static void api(void)
{
    ids_and_tracestates();
    contexts();
    baggages();
    propagation();
    spans();
    metrics();
}

static void resource_detectors(void)
{
    const cotel_resource_detector_ops ops = {.size = 0};
    cotel_resource_detector without_ops = {NULL}, without_functions = {&ops};
    cotel_resource_detector *const all[] = {NULL, &without_ops, &without_functions};
    cotel_resource *resource = NULL;
    assert_int_equal(cotel_resource_detect_with(0, NULL, 0, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_detect_with(0, NULL, 5, &resource),
                     COTEL_STATUS_INVALID_ARGUMENT);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(cotel_resource_detect_with(0, &all[i], 1, &resource),
                         COTEL_STATUS_INVALID_ARGUMENT);
        cotel_resource_detector_destroy(all[i]);
    }
    assert_null(cotel_resource_detector_builtin(NULL));
}

static void entities(void)
{
    const cotel_entity no_id = {.type = {"host", 4}, .id_count = 5}, no_type = {.type = no_data};
    cotel_resource *resource = NULL;
    size_t count = 9;
    assert_int_equal(cotel_resource_create_with_entities(NULL, 0, NULL, NULL, 5, &resource),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_create_with_entities(NULL, 0, NULL, &no_id, 1, &resource),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_create_with_entities(NULL, 0, NULL, &no_type, 1, &resource),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(cotel_resource_entities(NULL, NULL));
    assert_null(cotel_resource_entities(NULL, &count));
    assert_int_equal(count, 0);
    assert_null(cotel_resource_loose_attributes(NULL, NULL));
    assert_null(cotel_resource_loose_attributes(NULL, &count));
}

static void resources_and_views(void)
{
    size_t count = 9;
    cotel_resource *resource = NULL;
    cotel_value value;
    assert_int_equal(cotel_resource_create(NULL, 5, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_create(NULL, 5, NULL, &resource),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_merge(NULL, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_detect(0, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    resource_detectors();
    entities();
    const cotel_attribute five = cotel_attribute_int("12345", 1);
    assert_int_equal(cotel_resource_create(&five, 1, NULL, &resource), COTEL_STATUS_OK);
    assert_false(cotel_resource_get(NULL, no_data, NULL));
    assert_false(cotel_resource_get(resource, no_data, &value));
    assert_null(cotel_resource_attributes(NULL, NULL));
    assert_null(cotel_resource_attributes(NULL, &count));
    assert_int_equal(cotel_resource_schema_url(NULL).size, 0);
    assert_int_equal(cotel_resource_encoded(NULL).size, 0);
    assert_null(cotel_resource_ref(NULL));
    cotel_resource_unref(NULL);
    cotel_resource_unref(resource);

    cotel_span_view span = {.bytes = no_data};
    cotel_value_view view = {.type = COTEL_VALUE_ARRAY, .text = no_data};
    cotel_iterator iterator = cotel_span_view_attributes(&span);
    assert_false(cotel_span_view_decode(no_data, NULL));
    assert_false(cotel_span_view_get(NULL, no_data, NULL));
    assert_false(cotel_span_view_get(&span, no_data, &view));
    (void)cotel_span_view_attributes(NULL);
    (void)cotel_span_view_events(NULL);
    (void)cotel_span_view_links(NULL);
    (void)cotel_event_view_attributes(NULL);
    (void)cotel_link_view_attributes(NULL);
    (void)cotel_value_view_items(NULL);
    (void)cotel_value_view_items(&view);
    assert_false(cotel_iterator_next_attribute(NULL, NULL));
    assert_false(cotel_iterator_next_attribute(&iterator, NULL));
    assert_false(cotel_iterator_next_event(NULL, NULL));
    assert_false(cotel_iterator_next_link(NULL, NULL));
    assert_false(cotel_iterator_next_value(NULL, NULL));
}

static void exemplar_reservoirs(void)
{
    assert_null(cotel_exemplar_reservoir_simple(0));
    assert_null(cotel_exemplar_reservoir_aligned(NULL, 1));
}

static void metrics_and_points(void)
{
    cotel_metric_data metric = {.points = no_data};
    cotel_point_data point = {.boundary_count = 1,
                              .boundaries = no_data,
                              .buckets = {.width = 8, .count = 1, .bytes = no_data},
                              .bytes = no_data};
    cotel_iterator iterator = cotel_metric_data_points(&metric);
    size_t at = 0;
    uint64_t count;
    assert_false(cotel_metric_data_decode(no_data, NULL));
    assert_false(cotel_metric_data_decode(no_data, &metric));
    assert_false(cotel_batch_next_metric(NULL, NULL, NULL, NULL));
    (void)cotel_metric_data_points(NULL);
    assert_false(cotel_iterator_next_point(NULL, NULL, NULL));
    assert_false(cotel_iterator_next_point(&iterator, &metric, &point));
    (void)cotel_point_data_attributes(NULL, NULL);
    (void)cotel_point_data_attributes(&metric, &point);
    (void)cotel_point_data_exemplars(NULL, NULL);
    (void)cotel_point_data_exemplars(&metric, &point);
    assert_false(cotel_iterator_next_exemplar(NULL, NULL));
    (void)cotel_exemplar_data_attributes(NULL);
    (void)cotel_point_data_quantiles(NULL);
    (void)cotel_point_data_quantiles(&point);
    assert_false(cotel_iterator_next_quantile(NULL, NULL));
    assert_true(cotel_point_data_boundary(NULL, 0) == 0);
    assert_true(cotel_point_data_boundary(&point, 0) == 0);
    assert_false(cotel_buckets_next(NULL, NULL, NULL));
    assert_false(cotel_buckets_next(&point.buckets, &at, &count));
    cotel_metric_writer_scope(NULL, NULL, NULL, NULL, NULL, 1);
    assert_false(cotel_metric_writer_metric(NULL, NULL));
    cotel_metric_writer_point(NULL, NULL);
}

static void composable_samplers(void)
{
    cotel_composable_sampler *out = NULL, *on = cotel_composable_always_on();
    const cotel_sampling_rule nothing = {.size = 0};
    cotel_sampler *sampler = NULL;
    cotel_sampling_intent intent = {.size = 0};
    assert_non_null(cotel_composable_always_off());
    assert_int_equal(cotel_composable_probability_create(1, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_composable_parent_threshold_create(NULL, &out),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_composable_parent_threshold_create(on, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_composable_annotating_create(NULL, 1, on, &out),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_composable_annotating_create(NULL, 0, NULL, &out),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_composable_annotating_create(NULL, 0, on, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_composable_rule_based_create(NULL, 1, &out),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_composable_rule_based_create(NULL, 0, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_composable_rule_based_create(&nothing, 1, &out),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sampler_composite_create(NULL, &sampler), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sampler_composite_create(on, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_false(cotel_sampling_intent_add_attributes(NULL, NULL, NULL));
    assert_false(cotel_sampling_intent_add_attributes(&intent, NULL, NULL));
    assert_false(cotel_sampling_intent_add_tracestate(NULL, NULL, NULL));
    assert_false(cotel_sampling_intent_add_tracestate(&intent, NULL, NULL));
    cotel_composable_sampler_destroy(NULL);
}

static void jaeger_remote_samplers(void)
{
    cotel_sampler *sampler = NULL;
    cotel_sampler empty = {NULL};
    const cotel_jaeger_remote_sampler_options no_size = {.size = 0};
    cotel_jaeger_remote_sampler_options options = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    cotel_jaeger_remote_sampler_counts counts = {.size = 0};
    cotel_jaeger_remote_sampler_options_init(NULL);
    assert_int_equal(cotel_jaeger_remote_sampler_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_jaeger_remote_sampler_create(&no_size, &sampler),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.initial_sampler = &empty;
    assert_int_equal(cotel_jaeger_remote_sampler_create(&options, &sampler),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_jaeger_remote_sampler_stats(NULL, NULL);
    cotel_jaeger_remote_sampler_stats(NULL, &counts);
    counts.size = sizeof counts;
    cotel_jaeger_remote_sampler_stats(&empty, &counts);
    assert_null(sampler);
}

static void samplers_and_diagnostics(void)
{
    cotel_sampler *sampler = NULL;
    const cotel_parent_based_options nothing = {.size = 0};
    assert_non_null(cotel_sampler_always_on());
    assert_non_null(cotel_sampler_always_off());
    assert_int_equal(cotel_sampler_trace_id_ratio_create(0.5, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sampler_parent_based_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sampler_parent_based_create(&nothing, &sampler),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sampler_probability_create(0.5, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sampler_always_record_create(NULL, &sampler),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sampler_always_record_create(cotel_sampler_always_on(), NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    composable_samplers();
    exemplar_reservoirs();
    jaeger_remote_samplers();
    assert_true(cotel_sampling_threshold(-1.0) == COTEL_THRESHOLD_NONE);
    assert_true(cotel_sampling_adjusted_count(UINT64_MAX) == 0);
    cotel_sampler_destroy(NULL);

    FILE *sink = fopen("/dev/null", "w");
    assert_non_null(sink);
    cotel_diagnostics_set(cotel_diagnostics_to_file, sink, COTEL_LOG_DEBUG);
    cotel_diagnostics_to_file(sink, (cotel_log_level)99, NULL, NULL);
    cotel_diagnostics_report(COTEL_LOG_ERROR, NULL, NULL);
    cotel_diagnostics_limited(NULL, COTEL_LOG_ERROR, NULL, NULL);
    cotel_diagnostics_set_level((cotel_log_level)-1);
    cotel_diagnostics_set(NULL, NULL, (cotel_log_level)99);
    assert_int_equal(fclose(sink), 0);
}

static void views(void)
{
    cotel_aggregation_init(NULL);
    cotel_view_init(NULL);
}

static cotel_status fails(cotel_metric_producer *self, cotel_metric_writer *writer)
{
    (void)self;
    (void)writer;
    return COTEL_STATUS_SYSTEM_ERROR;
}

static void metric_readers(void)
{
    static const cotel_metric_producer_ops ops = {.size = sizeof ops, .produce = fails};
    cotel_metric_producer producer = {&ops}, *producers[] = {&producer};
    const cotel_metric_reader_options no_options = {.size = 0};
    const cotel_periodic_reader_options no_periodic = {.size = 0};
    const cotel_metric_reader_events no_events = {.size = 0};
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_exporter without = {NULL};
    cotel_metric_reader *reader = NULL;
    cotel_batch *batch = NULL;
    cotel_metric_reader_options_init(NULL);
    cotel_periodic_reader_options_init(NULL);
    cotel_metric_reader_prefer(NULL, COTEL_TEMPORALITY_PREFER_DELTA);
    cotel_metric_reader_prefer(&options, (cotel_temporality_preference)99);
    assert_int_equal(cotel_metric_reader_create(NULL, NULL, NULL, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_metric_reader_create(&no_options, NULL, NULL, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_metric_reader_create(NULL, &no_events, NULL, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.producer_count = 1;
    assert_int_equal(cotel_metric_reader_create(&options, NULL, NULL, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_periodic_reader_create(NULL, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_periodic_reader_create(NULL, NULL, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_periodic_reader_create(&without, NULL, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_periodic_reader_create(NULL, &no_periodic, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_metric_reader_collect(NULL, 0, &batch), COTEL_STATUS_INVALID_ARGUMENT);
    options.producers = producers;
    assert_int_equal(cotel_metric_reader_create(&options, NULL, NULL, &reader), COTEL_STATUS_OK);
    assert_int_equal(cotel_metric_reader_collect(reader, 0, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_metric_reader_collect(reader, 0, &batch), COTEL_STATUS_SHUT_DOWN);
    cotel_metric_reader_destroy(reader);
    cotel_metric_reader_destroy(NULL);
}

static void processors_and_exporters(void)
{
    cotel_exporter without = {NULL}, *exporter = NULL;
    cotel_blocking_exporter blocking = {NULL};
    cotel_span_processor bare = {NULL}, *processor = NULL;
    cotel_batch_cursor cursor = {0, 0};
    const cotel_baggage_processor_options no_baggage = {.size = 0};
    cotel_baggage_processor_options nameless = COTEL_BAGGAGE_PROCESSOR_OPTIONS_INIT;
    nameless.name_count = 5;
    cotel_baggage_processor_options_init(NULL);
    assert_int_equal(cotel_baggage_processor_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_baggage_processor_create(&no_baggage, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_baggage_processor_create(&nameless, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_batch_processor_options_init(NULL);
    assert_int_equal(cotel_batch_processor_create(NULL, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_batch_processor_create(NULL, NULL, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_simple_processor_create(&without, NULL, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_span_processor_destroy(NULL);
    cotel_span_processor_destroy(&bare);
    assert_int_equal(cotel_exporter_from_blocking(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_exporter_from_blocking(&blocking, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_exporter_destroy(NULL);
    cotel_exporter_destroy(&without);
    cotel_export_done(NULL, NULL);
    cotel_export_set_data(NULL, NULL);
    assert_null(cotel_export_data(NULL));

    assert_null(cotel_batch_resource(NULL));
    assert_int_equal(cotel_batch_signal(NULL), COTEL_SIGNAL_TRACES);
    assert_int_equal(cotel_batch_count(NULL), 0);
    assert_int_equal(cotel_batch_items(NULL), 0);
    assert_null(cotel_batch_groups(NULL, NULL));
    assert_false(cotel_batch_next(NULL, &cursor, NULL, NULL));
    assert_null(cotel_batch_ref(NULL));
    cotel_batch_unref(NULL);

    assert_int_equal(cotel_memory_exporter_create(NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(cotel_memory_exporter_as_exporter(NULL));
    assert_int_equal(cotel_memory_exporter_count(NULL), 0);
    assert_false(cotel_memory_exporter_get(NULL, 0, NULL, NULL, NULL));
    assert_int_equal(cotel_memory_exporter_metric_count(NULL), 0);
    assert_false(cotel_memory_exporter_get_metric(NULL, 0, NULL, NULL, NULL));
    assert_int_equal(cotel_memory_exporter_batch_count(NULL), 0);
    assert_null(cotel_memory_exporter_get_batch(NULL, 0));
    cotel_memory_exporter_clear(NULL);
    cotel_memory_exporter_destroy(NULL);

    cotel_console_options_init(NULL);
    assert_int_equal(cotel_console_exporter_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    const cotel_console_options no_console = {.size = 0};
    assert_int_equal(cotel_console_exporter_create(&no_console, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_otlp_http_options_init(NULL);
    cotel_otlp_file_options_init(NULL);
    assert_int_equal(cotel_otlp_file_exporter_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    const cotel_otlp_file_options no_file = {.size = 0};
    assert_int_equal(cotel_otlp_file_exporter_create(&no_file, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_otlp_grpc_options_init(NULL);
    assert_int_equal(cotel_otlp_grpc_exporter_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    const cotel_otlp_grpc_options no_grpc = {.size = 0};
    assert_int_equal(cotel_otlp_grpc_exporter_create(&no_grpc, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_otlp_http_exporter_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    const cotel_otlp_http_options no_otlp = {.size = 0};
    assert_int_equal(cotel_otlp_http_exporter_create(&no_otlp, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
}

/* On the data of a live span (or on none). */
static void span_data(cotel_span_data *span)
{
    const cotel_attribute no_key = cotel_attribute_of(NULL, cotel_value_bytes(NULL, 5));
    const cotel_link no_link = {.attribute_count = 5};
    cotel_value_view value;
    cotel_span_view view;
    cotel_span_data_view(span, NULL);
    cotel_span_data_view(span, &view);
    (void)cotel_span_data_scope(span);
    (void)cotel_span_data_resource(span);
    (void)cotel_span_data_is_sampled(span);
    assert_false(cotel_span_data_get(span, no_data, &value));
    assert_false(cotel_span_data_get(span, cotel_str_of("key"), NULL));
    assert_false(cotel_span_data_set(span, NULL));
    assert_false(cotel_span_data_set(span, &no_key));
    assert_false(cotel_span_data_remove(span, no_data));
    assert_false(cotel_span_data_rename(span, no_data, no_data));
    assert_false(cotel_span_data_rename(span, cotel_str_of("key"), no_data));
    cotel_span_data_set_name(span, no_data);
    cotel_span_data_set_status(span, COTEL_STATUS_CODE_ERROR, cotel_str_n(NULL, 5));
    cotel_span_data_add_event(span, cotel_str_n(NULL, 5), 0, NULL, 5);
    cotel_span_data_add_link(span, NULL);
    cotel_span_data_add_link(span, &no_link);
    (void)cotel_span_data_handle(span);
    (void)cotel_span_data_encoded_size(span);
    cotel_span_data_encode(span, NULL);
}

static void on_ending(cotel_span_processor *self, cotel_span_data *span)
{
    (void)self;
    span_data(span);
}

static const cotel_span_processor_ops prying_ops = {.size = sizeof prying_ops,
                                                    .on_ending = on_ending};

static void meter_provider(cotel_meter_provider *provider)
{
    uint64_t deadline_ns = 0;
    cotel_metric_counts counts = {.size = sizeof counts};
    (void)cotel_meter_provider_set_configurator(provider, NULL, NULL);
    (void)cotel_meter_provider_flush(provider, 0);
    (void)cotel_meter_provider_drive(provider);
    assert_int_equal(cotel_meter_provider_poll(provider, NULL, 0, NULL), 0);
    (void)cotel_meter_provider_poll(provider, NULL, 0, &deadline_ns);
    cotel_metric_stats(provider, &counts);
    cotel_metric_stats(provider, NULL);
    (void)cotel_meter_provider_shutdown(provider, 0, NULL);
    cotel_meter_provider_destroy(provider);
}

static void a_meter_provider_needs_nothing(void **state)
{
    cotel_meter_provider *provider = NULL;
    const cotel_meter_provider_options no_provider = {.size = 0};
    (void)state;
    cotel_meter_provider_options_init(NULL);
    assert_int_equal(cotel_meter_provider_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_meter_provider_create(&no_provider, &provider),
                     COTEL_STATUS_INVALID_ARGUMENT);
    meter_provider(NULL);
    assert_int_equal(cotel_meter_provider_create(NULL, &provider), COTEL_STATUS_OK);
    meter_provider(provider);
}

static void providers(cotel_tracer_provider *provider)
{
    uint64_t deadline_ns;
    cotel_sdk_counts counts = {.size = 0};
    assert_int_not_equal(cotel_tracer_provider_add_processor(provider, NULL), COTEL_STATUS_OK);
    (void)cotel_tracer_provider_flush(provider, 0);
    (void)cotel_tracer_provider_drive(provider);
    assert_int_equal(cotel_tracer_provider_poll(provider, NULL, 0, NULL), 0);
    (void)cotel_tracer_provider_poll(provider, NULL, 0, &deadline_ns);
    cotel_sdk_stats(provider, NULL);
    cotel_sdk_stats(provider, &counts);
    assert_non_null(cotel_drop_reason_name((cotel_drop_reason)-1));
    cotel_tracer_provider_set_global(provider);
    assert_ptr_equal(cotel_tracer_provider_global(), provider);
}

static void nothing_is_needed_before_an_sdk_is_there(void **state)
{
    (void)state;
    api();
    resources_and_views();
    metrics_and_points();
    samplers_and_diagnostics();
    processors_and_exporters();
    views();
    metric_readers();
    span_data(NULL);
    cotel_tracer_provider_options_init(NULL);
    cotel_sdk_options_init(NULL);
    assert_int_equal(cotel_tracer_provider_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_tracer_provider_shutdown(NULL, 0, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_tracer_provider_destroy(NULL);
    providers(NULL);
    assert_int_equal(cotel_sdk_flush(0), COTEL_STATUS_OK);
    assert_int_equal(cotel_sdk_shutdown(0, NULL), COTEL_STATUS_OK);
}

static void a_struct_whose_size_was_not_set_is_refused(void **state)
{
    (void)state;
    cotel_tracer_provider *provider = NULL;
    const cotel_tracer_provider_options no_provider = {.size = 0};
    const cotel_sdk_options no_sdk = {.size = 0};
    assert_int_equal(cotel_tracer_provider_create(&no_provider, &provider),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_sdk_init(&no_sdk), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(provider);
}

static void nothing_is_needed_with_an_sdk_and_after_it(void **state)
{
    (void)state;
    cotel_span_processor prying = {&prying_ops}, *processors[] = {&prying};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_tracer_provider *provider = NULL;
    options.processors = processors;
    options.processor_count = 1;
    assert_int_equal(cotel_tracer_provider_create(&options, &provider), COTEL_STATUS_OK);
    providers(provider);
    api();
    span_data(NULL);
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 0, NULL), COTEL_STATUS_OK);
    api();
    providers(provider);
    cotel_tracer_provider_destroy(provider);
    api();
    assert_int_equal(cotel_sdk_init(NULL), COTEL_STATUS_OK);
    api();
    assert_int_equal(cotel_sdk_shutdown(1000, NULL), COTEL_STATUS_OK);
    assert_false(cotel_env_variable_at(0, NULL));
    assert_false(cotel_env_variable_at(0, &(cotel_env_variable){.size = 0}));
    setenv("OTEL_TRACES_EXPORTER", "none", 1);
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
    assert_int_equal(cotel_sdk_shutdown(1000, NULL), COTEL_STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_needed_before_an_sdk_is_there),
        cmocka_unit_test(a_struct_whose_size_was_not_set_is_refused),
        cmocka_unit_test(nothing_is_needed_with_an_sdk_and_after_it),
        cmocka_unit_test(a_meter_provider_needs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
