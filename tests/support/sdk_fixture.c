/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk_fixture.h"

void sdk_fixture_start(struct sdk_fixture *fixture, const cotel_tracer_provider_options *options)
{
    cotel_span_processor *processors[COTEL_PROVIDER_MAX_PROCESSORS];
    cotel_tracer_provider_options whole = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    if (options != NULL)
        whole = *options;
    for (size_t i = 0; i < whole.processor_count; i++)
        processors[i] = whole.processors[i];
    assert_int_equal(cotel_memory_exporter_create(&fixture->memory), COTEL_STATUS_OK);
    assert_int_equal(
        cotel_batch_processor_create(cotel_memory_exporter_as_exporter(fixture->memory), NULL,
                                     &processors[whole.processor_count++]),
        COTEL_STATUS_OK);
    whole.processors = processors;
    assert_int_equal(cotel_tracer_provider_create(&whole, &fixture->provider), COTEL_STATUS_OK);
    fixture->tracer = cotel_tracer_provider_get_tracer(fixture->provider, "fixture", NULL);
}

void sdk_fixture_stop(struct sdk_fixture *fixture)
{
    cotel_tracer_provider_destroy(fixture->provider);
    cotel_memory_exporter_destroy(fixture->memory);
}

void sdk_fixture_flush(struct sdk_fixture *fixture)
{
    assert_int_equal(cotel_tracer_provider_flush(fixture->provider, FLUSH_MS), COTEL_STATUS_OK);
}

size_t sdk_fixture_count(struct sdk_fixture *fixture)
{
    sdk_fixture_flush(fixture);
    return cotel_memory_exporter_count(fixture->memory);
}

cotel_span_view sdk_fixture_span(struct sdk_fixture *fixture, const char *name)
{
    cotel_span_view found, span;
    size_t matches = 0;
    memset(&found, 0, sizeof found);
    sdk_fixture_flush(fixture);
    for (size_t i = 0; cotel_memory_exporter_get(fixture->memory, i, &span, NULL, NULL); i++) {
        if (!text_is(span.name, name))
            continue;
        found = span;
        matches++;
    }
    assert_int_equal(matches, 1);
    return found;
}

cotel_sdk_counts sdk_counts(cotel_tracer_provider *provider)
{
    cotel_sdk_counts counts = {.size = sizeof counts};
    cotel_sdk_stats(provider, &counts);
    return counts;
}

void assert_identities(cotel_tracer_provider *provider)
{
    cotel_sdk_counts counts = sdk_counts(provider);
    assert_int_equal(counts.started, counts.unsampled + counts.live + counts.ended);
    assert_true(counts.refused <= counts.unsampled);
    for (size_t i = 0; i < counts.pipeline_count; i++) {
        const cotel_pipeline_stats *pipeline = &counts.pipelines[i];
        uint64_t gone = pipeline->queued + pipeline->in_flight + pipeline->accepted;
        for (size_t reason = 0; reason < COTEL_DROP_REASONS; reason++)
            gone += pipeline->dropped[reason];
        assert_int_equal(pipeline->offered, gone);
    }
}

cotel_context *remote_parent(const char *traceparent, const char *tracestate)
{
    cotel_headers headers = {.count = 0};
    assert_true(
        cotel_headers_set(&headers, cotel_str_of("traceparent"), cotel_str_of(traceparent)));
    if (tracestate != NULL)
        assert_true(
            cotel_headers_set(&headers, cotel_str_of("tracestate"), cotel_str_of(tracestate)));
    return cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);
}

bool text_is(cotel_str text, const char *expected)
{
    return text.size == strlen(expected) &&
           (text.size == 0 || memcmp(text.data, expected, text.size) == 0);
}

const char *string_attribute(const cotel_span_view *span, const char *key, char out[128])
{
    cotel_value_view value;
    assert_true(cotel_span_view_get(span, cotel_str_of(key), &value));
    assert_int_equal(value.type, COTEL_VALUE_STRING);
    assert_true(value.text.size < 128);
    memcpy(out, value.text.data, value.text.size);
    out[value.text.size] = '\0';
    return out;
}

int64_t int_attribute(const cotel_span_view *span, const char *key)
{
    cotel_value_view value;
    assert_true(cotel_span_view_get(span, cotel_str_of(key), &value));
    assert_int_equal(value.type, COTEL_VALUE_INT);
    return value.integer;
}

bool has_attribute(const cotel_span_view *span, const char *key)
{
    cotel_value_view value;
    return cotel_span_view_get(span, cotel_str_of(key), &value);
}

size_t attribute_count(const cotel_span_view *span)
{
    cotel_iterator iterator = cotel_span_view_attributes(span);
    cotel_attribute_view attribute;
    size_t count = 0;
    while (cotel_iterator_next_attribute(&iterator, &attribute))
        count++;
    return count;
}
