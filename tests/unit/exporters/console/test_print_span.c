/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.h"
#include "exporters/console/print.h"
#include "wire/field_numbers.h"
#include "wire/value.h"
#include "wire/writer.h"

#define START UINT64_C(1700000000123456789)

static uint8_t *put_text(uint8_t *at, uint32_t field, const char *text)
{
    return ct_put_field_bytes(at, field, text, strlen(text));
}

static uint8_t *put_attribute(uint8_t *at, uint32_t field, cotel_attribute attribute)
{
    return ct_attribute_write(at, field, &attribute, &ct_value_unlimited);
}

static uint8_t *put_event(uint8_t *at)
{
    uint8_t event[256];
    uint8_t *end = ct_put_field_fixed64(event, CT_EVENT_TIME, START + 500);
    end = put_text(end, CT_EVENT_NAME, "first token");
    end = put_attribute(end, CT_EVENT_ATTRIBUTES, cotel_attribute_int("index", 0));
    end = ct_put_field_varint(end, CT_EVENT_DROPPED_ATTRIBUTES, 2);
    return ct_put_field_bytes(at, CT_SPAN_EVENTS, event, (size_t)(end - event));
}

static uint8_t *put_link(uint8_t *at)
{
    uint8_t link[256];
    uint8_t *end = put_text(link, CT_LINK_TRACE_ID, "ABCDEFGHIJKLMNOP");
    end = put_text(end, CT_LINK_SPAN_ID, "QRSTUVWX");
    end = put_text(end, CT_LINK_TRACE_STATE, "v=1");
    end = put_attribute(end, CT_LINK_ATTRIBUTES, cotel_attribute_string("why", "retry"));
    end = ct_put_field_fixed32(end, CT_LINK_FLAGS, 0x101);
    return ct_put_field_bytes(at, CT_SPAN_LINKS, link, (size_t)(end - link));
}

static uint8_t *put_status(uint8_t *at)
{
    uint8_t status[64];
    uint8_t *end = put_text(status, CT_STATUS_MESSAGE, "too slow");
    end = ct_put_field_varint(end, CT_STATUS_CODE, COTEL_STATUS_CODE_ERROR);
    return ct_put_field_bytes(at, CT_SPAN_STATUS, status, (size_t)(end - status));
}

static cotel_span_view a_full_span(uint8_t bytes[1024])
{
    uint8_t *end = put_text(bytes, CT_SPAN_TRACE_ID, "0123456789abcdef");
    end = put_text(end, CT_SPAN_SPAN_ID, "spanspan");
    end = put_text(end, CT_SPAN_PARENT_SPAN_ID, "parentid");
    end = put_text(end, CT_SPAN_TRACE_STATE, "vendor=1");
    end = put_text(end, CT_SPAN_NAME, "chat\ngpt-4o");
    end = ct_put_field_varint(end, CT_SPAN_KIND, COTEL_SPAN_KIND_CLIENT);
    end = ct_put_field_fixed64(end, CT_SPAN_START_TIME, START);
    end = ct_put_field_fixed64(end, CT_SPAN_END_TIME, START + 1500000001);
    end = put_attribute(end, CT_SPAN_ATTRIBUTES, cotel_attribute_string("model", "gpt-4o"));
    end = put_attribute(end, CT_SPAN_ATTRIBUTES, cotel_attribute_double("cost", 0.0123));
    end = ct_put_field_varint(end, CT_SPAN_DROPPED_ATTRIBUTES, 3);
    end = put_event(end);
    end = ct_put_field_varint(end, CT_SPAN_DROPPED_EVENTS, 4);
    end = put_link(end);
    end = ct_put_field_varint(end, CT_SPAN_DROPPED_LINKS, 5);
    end = put_status(end);
    end = ct_put_field_fixed32(end, CT_SPAN_FLAGS, 0x301);
    cotel_span_view span;
    assert_true(
        cotel_span_view_decode(cotel_str_n((const char *)bytes, (size_t)(end - bytes)), &span));
    return span;
}

static void a_span_is_printed_with_all_that_it_holds(void **state)
{
    uint8_t bytes[1024];
    cotel_span_view span = a_full_span(bytes);
    cotel_scope_view scope = {.name = cotel_str_of("my.library"), .version = cotel_str_of("1.2")};
    const cotel_attribute service = cotel_attribute_string("service.name", "writer");
    cotel_resource *resource = NULL;
    assert_int_equal(cotel_resource_create(&service, 1, NULL, &resource), COTEL_STATUS_OK);
    struct ct_output output;
    capture_begin(&output);
    ct_print_span(&output, &span, &scope, resource);
    assert_captured(&output,
                    "span chat\\ngpt-4o (client)\n"
                    "  service:    writer\n"
                    "  scope:      my.library\n"
                    "  version:    1.2\n"
                    "  ids:        trace 30313233343536373839616263646566 span 7370616e7370616e"
                    " parent 706172656e746964 flags 301\n"
                    "  tracestate: vendor=1\n"
                    "  start:      2023-11-14T22:13:20.123456789Z\n"
                    "  duration:   1.500000001 s\n"
                    "  status:     error: too slow\n"
                    "    model: \"gpt-4o\"\n"
                    "    cost: 0.0123\n"
                    "    (3 more attributes were dropped)\n"
                    "  event:      first token (after 0.000000500 s)\n"
                    "      index: 0\n"
                    "      (2 more attributes were dropped)\n"
                    "  (4 more events were dropped)\n"
                    "  link:       trace 4142434445464748494a4b4c4d4e4f50 span 5152535455565758"
                    " flags 101\n"
                    "      tracestate: v=1\n"
                    "      why: \"retry\"\n"
                    "  (5 more links were dropped)\n"
                    "\n");
    cotel_resource_unref(resource);
}

static void a_bare_root_span_is_printed_briefly(void **state)
{
    cotel_span_view span;
    assert_true(cotel_span_view_decode(cotel_str_n(NULL, 0), &span));
    span.start_unix_ns = 1000000000;
    struct ct_output output;
    capture_begin(&output);
    ct_print_span(&output, &span, NULL, NULL);
    assert_captured(&output, "span  (internal)\n"
                             "  ids:        trace 00000000000000000000000000000000 span "
                             "0000000000000000 flags 000\n"
                             "  start:      1970-01-01T00:00:01.000000000Z\n"
                             "  duration:   -1.000000000 s\n"
                             "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_is_printed_with_all_that_it_holds),
        cmocka_unit_test(a_bare_root_span_is_printed_briefly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
