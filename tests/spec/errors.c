/* SPDX-License-Identifier: Apache-2.0 */
/* trace/exceptions.md, for a language whose errors are numbers. */
#include "../support/sdk_fixture.h"

#include <errno.h>
#include <stdio.h>

static struct sdk_fixture fixture;
static cotel_span span;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    span = cotel_span_start(fixture.tracer, "span", NULL);
    return 0;
}

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

/* The attributes of the span's one event, which is an exception. */
struct error {
    size_t attributes;
    char type[64];
    char message[2048];
    char stacktrace[8192];
};

static void keep(char *out, size_t size, const cotel_value_view *value)
{
    assert_int_equal(value->type, COTEL_VALUE_STRING);
    assert_true(value->text.size < size);
    memcpy(out, value->text.data, value->text.size);
    out[value->text.size] = '\0';
}

static const struct error *recorded(void)
{
    static struct error error;
    cotel_event_view event;
    cotel_attribute_view attribute;
    memset(&error, 0, sizeof error);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_iterator events = cotel_span_view_events(&view);
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "exception");
    cotel_iterator attributes = cotel_event_view_attributes(&event);
    for (; cotel_iterator_next_attribute(&attributes, &attribute); error.attributes++) {
        if (text_is(attribute.key, "exception.type"))
            keep(error.type, sizeof error.type, &attribute.value);
        else if (text_is(attribute.key, "exception.message"))
            keep(error.message, sizeof error.message, &attribute.value);
        else if (text_is(attribute.key, "exception.stacktrace"))
            keep(error.stacktrace, sizeof error.stacktrace, &attribute.value);
    }
    assert_false(cotel_iterator_next_event(&events, &event));
    assert_int_equal(view.status, COTEL_STATUS_CODE_UNSET);
    return &error;
}

/* ---- errno ---- */

static void an_errno_is_told_by_its_name_and_its_text(void **state)
{
    cotel_span_record_errno(&span, ENOENT, "open settings");
    const struct error *error = recorded();
    assert_string_equal(error->type, "ENOENT");
    assert_string_equal(error->message, "open settings: No such file or directory");
    assert_int_equal(error->attributes, 2);
}

static void an_errno_without_a_text_of_ones_own_has_its_own(void **state)
{
    cotel_span_record_errno(&span, EACCES, NULL);
    assert_string_equal(recorded()->message, "Permission denied");
}

static void a_negative_errno_means_the_same(void **state)
{
    cotel_span_record_errno(&span, -ETIMEDOUT, "connect");
    const struct error *error = recorded();
    assert_string_equal(error->type, "ETIMEDOUT");
    assert_string_equal(error->message, "connect: Connection timed out");
}

static void an_errno_that_nobody_knows_is_told_by_its_number(void **state)
{
    cotel_span_record_errno(&span, 4242, "call");
    const struct error *error = recorded();
    assert_string_equal(error->type, "4242");
    assert_memory_equal(error->message, "call: ", 6);
}

static void no_errno_leaves_the_text_alone(void **state)
{
    cotel_span_record_errno(&span, 0, "it just failed");
    const struct error *error = recorded();
    assert_string_equal(error->message, "it just failed");
    assert_int_equal(error->attributes, 1);
}

static void errno_is_what_it_was(void **state)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.errnum = 4242;
    options.backtrace = true;
    errno = EPIPE;
    cotel_span_record_errno(&span, 4242, "call");
    assert_int_equal(errno, EPIPE);
    cotel_span_record_error_with(&span, &options);
    assert_int_equal(errno, EPIPE);
    cotel_span_end(&span);
}

static void a_long_text_leaves_room_for_that_of_the_errno(void **state)
{
    char what[5000];
    memset(what, 'x', sizeof what);
    what[sizeof what - 1] = '\0';
    cotel_span_record_errno(&span, EPERM, what);
    const struct error *error = recorded();
    assert_non_null(strstr(error->message, "xxx: Operation not permitted"));
    assert_int_equal(strchr(error->message, ':') - error->message, 768);
}

/* ---- options ---- */

static void a_type_and_a_message_of_ones_own_go_with_an_errno(void **state)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.type = "ConfigError";
    options.message = "no settings";
    options.errnum = EISDIR;
    cotel_span_record_error_with(&span, &options);
    const struct error *error = recorded();
    assert_string_equal(error->type, "ConfigError");
    assert_string_equal(error->message, "no settings: Is a directory");
}

static void the_users_attributes_win_over_everything(void **state)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("exception.type", "mine"),
        cotel_attribute_string("exception.message", "mine too"),
        cotel_attribute_string("exception.stacktrace", "from elsewhere"),
        cotel_attribute_int("errno", EIO)};
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.errnum = EIO;
    options.message = "read";
    options.backtrace = true;
    options.attributes = attributes;
    options.attribute_count = COUNT_OF(attributes);
    cotel_span_record_error_with(&span, &options);
    const struct error *error = recorded();
    assert_string_equal(error->type, "mine");
    assert_string_equal(error->message, "mine too");
    assert_string_equal(error->stacktrace, "from elsewhere");
    assert_int_equal(error->attributes, COUNT_OF(attributes));
}

static void options_of_an_older_caller_take_the_defaults_of_the_rest(void **state)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.size = offsetof(cotel_error_options, errnum);
    options.message = "known";
    options.errnum = EIO;
    options.attribute_count = 99;
    cotel_span_record_error_with(&span, &options);
    const struct error *error = recorded();
    assert_string_equal(error->message, "known");
    assert_int_equal(error->attributes, 1);
}

static void an_error_after_the_end_is_counted_and_nothing_else(void **state)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.backtrace = true;
    cotel_span_end(&span);
    uint64_t before = sdk_counts(fixture.provider).stale_handles;
    cotel_span_record_error_with(&span, &options);
    assert_int_equal(sdk_counts(fixture.provider).stale_handles, before + 1);
}

/* ---- backtraces ---- */

#ifdef __GLIBC__

#define EXPORTED __attribute__((visibility("default"), noinline))

EXPORTED void fails_here(void);
EXPORTED void fails_deep_down(unsigned depth);

void fails_here(void)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.message = "here";
    options.backtrace = true;
    cotel_span_record_error_with(&span, &options);
    __asm__ volatile(""); /* so that the call above is not the last thing, and leaves its frame */
}

void fails_deep_down(unsigned depth)
{
    if (depth == 0)
        fails_here();
    else
        fails_deep_down(depth - 1);
    __asm__ volatile("");
}

static void a_backtrace_begins_with_the_function_that_recorded_the_error(void **state)
{
    fails_here();
    const struct error *error = recorded();
    assert_memory_equal(error->stacktrace, "#0 fails_here+0x", 16);
    assert_non_null(strstr(error->stacktrace, "spec_errors+0x"));
    assert_non_null(strstr(error->stacktrace, "\n#1 "));
    assert_null(strstr(error->stacktrace, "cotel_span_record_error_with"));
}

static void a_backtrace_has_sixty_four_frames_at_most(void **state)
{
    fails_deep_down(200);
    const struct error *error = recorded();
    size_t lines = 1;
    for (const char *at = error->stacktrace; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_in_range(lines, 20, 64);
    assert_true(strlen(error->stacktrace) < 4096);
    assert_non_null(strstr(error->stacktrace, "\n#1 fails_deep_down+0x"));
}

#endif

static void without_being_asked_there_is_no_backtrace(void **state)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.message = "here";
    cotel_span_record_error_with(&span, &options);
    assert_int_equal(recorded()->attributes, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_errno_is_told_by_its_name_and_its_text),
        TEST(an_errno_without_a_text_of_ones_own_has_its_own),
        TEST(a_negative_errno_means_the_same),
        TEST(an_errno_that_nobody_knows_is_told_by_its_number),
        TEST(no_errno_leaves_the_text_alone),
        TEST(errno_is_what_it_was),
        TEST(a_long_text_leaves_room_for_that_of_the_errno),
        TEST(a_type_and_a_message_of_ones_own_go_with_an_errno),
        TEST(the_users_attributes_win_over_everything),
        TEST(options_of_an_older_caller_take_the_defaults_of_the_rest),
        TEST(an_error_after_the_end_is_counted_and_nothing_else),
#ifdef __GLIBC__
        TEST(a_backtrace_begins_with_the_function_that_recorded_the_error),
        TEST(a_backtrace_has_sixty_four_frames_at_most),
#endif
        TEST(without_being_asked_there_is_no_backtrace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
