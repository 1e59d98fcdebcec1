/* SPDX-License-Identifier: Apache-2.0 */
/* A processor that changes a span as it ends: no exporter gets what it took out. */
#include "../../../support/sdk_fixture.h"

#include <stdlib.h>

static struct sdk_fixture fixture;

#define SECRET "hunter2"

typedef void (*ending_fn)(cotel_span_processor *self, cotel_span_data *span);

static cotel_span_processor_ops first_ops = {.size = sizeof first_ops},
                                second_ops = {.size = sizeof second_ops};
static cotel_span_processor first = {&first_ops}, second = {&second_ops};

static void begin(ending_fn on_first, ending_fn on_second)
{
    cotel_span_processor *processors[] = {&first, &second};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    first_ops.on_ending = on_first;
    second_ops.on_ending = on_second;
    options.processors = processors;
    options.processor_count = COUNT_OF(processors);
    sdk_fixture_start(&fixture, &options);
}

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

static bool is_in(const cotel_span_view *span, const char *text)
{
    return memmem(span->bytes.data, span->bytes.size, text, strlen(text)) != NULL;
}

static cotel_span_view ended_span(void)
{
    cotel_span span = cotel_span_start(fixture.tracer, "login", NULL);
    cotel_span_set_string(&span, "before", "stays");
    cotel_span_set_string(&span, "password", SECRET);
    cotel_span_set_string(&span, "behind", "stays too");
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "login");
    assert_true(has_attribute(&view, "before"));
    assert_true(has_attribute(&view, "behind"));
    return view;
}

static void remove_password(cotel_span_processor *self, cotel_span_data *span)
{
    assert_true(cotel_span_data_remove(span, cotel_str_of("password")));
    assert_false(cotel_span_data_remove(span, cotel_str_of("password")));
}

static void expect_no_password(cotel_span_processor *self, cotel_span_data *span)
{
    cotel_value_view value;
    assert_false(cotel_span_data_get(span, cotel_str_of("password"), &value));
}

static void what_is_removed_is_nowhere(void **state)
{
    begin(remove_password, expect_no_password);
    cotel_span_view view = ended_span();
    assert_false(is_in(&view, SECRET));
    assert_false(is_in(&view, "password"));
    assert_int_equal(attribute_count(&view), 2);
}

static void mask_password(cotel_span_processor *self, cotel_span_data *span)
{
    const cotel_attribute masked = cotel_attribute_string("password", "***");
    assert_true(cotel_span_data_set(span, &masked));
}

static void what_is_replaced_is_nowhere(void **state)
{
    char text[128];
    begin(mask_password, NULL);
    cotel_span_view view = ended_span();
    assert_false(is_in(&view, SECRET));
    assert_string_equal(string_attribute(&view, "password", text), "***");
}

static void rename_password(cotel_span_processor *self, cotel_span_data *span)
{
    assert_true(cotel_span_data_rename(span, cotel_str_of("password"), cotel_str_of("credential")));
}

static void mask_credential(cotel_span_processor *self, cotel_span_data *span)
{
    cotel_value_view value;
    assert_true(cotel_span_data_get(span, cotel_str_of("credential"), &value));
    assert_text(value.text, SECRET);
    assert_true(cotel_span_data_remove(span, cotel_str_of("credential")));
    cotel_span_data_set_name(span, cotel_str_of("login"));
}

static void a_second_processor_sees_what_the_first_one_did(void **state)
{
    begin(rename_password, mask_credential);
    cotel_span_view view = ended_span();
    assert_false(is_in(&view, SECRET));
    assert_false(is_in(&view, "credential"));
    assert_false(is_in(&view, "password"));
}

static void a_secret_that_was_overwritten_is_nowhere(void **state)
{
    begin(NULL, NULL);
    cotel_span span = cotel_span_start(fixture.tracer, SECRET, NULL);
    cotel_span_set_string(&span, "key", SECRET);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, SECRET);
    cotel_span_set_int(&span, "key", 1);
    cotel_span_update_name(&span, "harmless");
    cotel_span_set_status(&span, COTEL_STATUS_CODE_OK, NULL);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "harmless");
    assert_false(is_in(&view, SECRET));
}

/* ---- keys and texts that come from the span's own view ---- */

static cotel_attribute_view attribute_at(const cotel_span_data *span, size_t index)
{
    cotel_span_view view;
    cotel_attribute_view attribute;
    cotel_span_data_view(span, &view);
    cotel_iterator iterator = cotel_span_view_attributes(&view);
    do {
        assert_true(cotel_iterator_next_attribute(&iterator, &attribute));
    } while (index-- > 0);
    return attribute;
}

static void mask_by_own_key(cotel_span_processor *self, cotel_span_data *span)
{
    const cotel_attribute masked = {attribute_at(span, 1).key,
                                    cotel_value_string(cotel_str_of("***"))};
    assert_true(cotel_span_data_set(span, &masked));
}

static void an_attribute_can_be_set_by_a_key_of_the_spans_own_view(void **state)
{
    char text[128];
    begin(mask_by_own_key, NULL);
    cotel_span_view view = ended_span();
    assert_false(is_in(&view, SECRET));
    assert_int_equal(attribute_count(&view), 3);
    assert_string_equal(string_attribute(&view, "password", text), "***");
}

/* The bytes move to larger memory on the way. */
static void grow_by_own_texts(cotel_span_processor *self, cotel_span_data *span)
{
    char key[] = "copy.00";
    for (int i = 0; i < 60; i++) {
        cotel_attribute_view own = attribute_at(span, 0);
        key[5] = (char)('0' + i / 10);
        key[6] = (char)('0' + i % 10);
        const cotel_attribute copy = {cotel_str_of(key), cotel_value_string(own.value.text)};
        assert_true(cotel_span_data_set(span, &copy));
    }
}

static void rename_all_by_own_keys(cotel_span_processor *self, cotel_span_data *span)
{
    static const char long_name[] =
        "a name that is far longer than what it replaces, so that the bytes have to move: ";
    for (int i = 0; i < 60; i++) {
        char to[sizeof long_name + 2];
        memcpy(to, long_name, sizeof long_name);
        to[sizeof long_name - 1] = (char)('0' + i / 10);
        to[sizeof long_name] = (char)('0' + i % 10);
        cotel_attribute_view own = attribute_at(span, 3);
        assert_true(cotel_span_data_rename(span, own.key, cotel_str_n(to, sizeof to - 1)));
    }
    cotel_span_data_set_name(span, attribute_at(span, 2).key);
}

static void texts_of_the_spans_own_view_may_be_used_while_it_grows(void **state)
{
    begin(grow_by_own_texts, rename_all_by_own_keys);
    cotel_span span = cotel_span_start(fixture.tracer, "grows", NULL);
    cotel_span_set_string(&span, "first", "a value that is copied many times over");
    cotel_span_set_string(&span, "second", "2");
    cotel_span_set_string(&span, "new name", "3");
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "new name");
    cotel_iterator iterator = cotel_span_view_attributes(&view);
    cotel_attribute_view attribute;
    assert_int_equal(attribute_count(&view), 63);
    for (size_t i = 0; cotel_iterator_next_attribute(&iterator, &attribute); i++) {
        if (i == 0 || i > 2)
            assert_text(attribute.value.text, "a value that is copied many times over");
        if (i > 2)
            assert_memory_equal(attribute.key.data, "a name", 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_removed_is_nowhere, stop),
        cmocka_unit_test_teardown(what_is_replaced_is_nowhere, stop),
        cmocka_unit_test_teardown(a_second_processor_sees_what_the_first_one_did, stop),
        cmocka_unit_test_teardown(a_secret_that_was_overwritten_is_nowhere, stop),
        cmocka_unit_test_teardown(an_attribute_can_be_set_by_a_key_of_the_spans_own_view, stop),
        cmocka_unit_test_teardown(texts_of_the_spans_own_view_may_be_used_while_it_grows, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
