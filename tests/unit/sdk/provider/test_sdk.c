/* SPDX-License-Identifier: Apache-2.0 */
/* The one-line set-up: initialised once at a time, and flushed when the process exits. */
#include "../../../support/sdk_fixture.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* An exporter that tells each batch's size as a byte on a pipe, or swallows batches for ever. */
struct telling {
    cotel_exporter base;
    int fd; /* -1: swallows */
    _Atomic unsigned destroyed;
};

static void begin(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns)
{
    struct telling *telling = (struct telling *)self;
    const cotel_export_result result = {.size = sizeof result};
    char size = (char)cotel_batch_count(batch);
    if (telling->fd < 0)
        return;
    assert_int_equal(write(telling->fd, &size, 1), 1);
    cotel_export_done(operation, &result);
}

static void cancel(cotel_exporter *self, cotel_export *operation)
{
    const cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_CANCELLED};
    cotel_export_done(operation, &result);
}

static void destroy(cotel_exporter *self)
{
    atomic_fetch_add(&((struct telling *)self)->destroyed, 1);
}

static const cotel_exporter_ops ops = {.size = sizeof ops,
                                       .type = "telling_exporter",
                                       .begin = begin,
                                       .cancel = cancel,
                                       .destroy = destroy};

static cotel_status init_with(struct telling *telling, uint64_t exit_flush_ms)
{
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    telling->base.ops = &ops;
    options.service_name = "test";
    options.exporter = &telling->base;
    options.exit_flush_ms = exit_flush_ms;
    return cotel_sdk_init(&options);
}

static void one_span(void)
{
    cotel_span span = cotel_span_start(cotel_tracer_get("sdk", NULL), "span", NULL);
    cotel_span_end(&span);
}

static void a_second_init_is_refused_and_destroys_its_exporter(void **state)
{
    struct telling first = {.fd = -1}, second = {.fd = -1};
    assert_int_equal(init_with(&first, 500), COTEL_STATUS_OK);
    cotel_tracer_provider *provider = cotel_tracer_provider_global();
    assert_non_null(provider);
    assert_int_equal(init_with(&second, 500), COTEL_STATUS_LIMIT_REACHED);
    assert_int_equal(second.destroyed, 1);
    assert_int_equal(first.destroyed, 0);
    assert_ptr_equal(cotel_tracer_provider_global(), provider);
    assert_int_equal(cotel_sdk_shutdown(1000, NULL), COTEL_STATUS_OK);
    assert_int_equal(first.destroyed, 1);
    assert_null(cotel_tracer_provider_global());
    assert_int_equal(cotel_sdk_shutdown(1000, NULL), COTEL_STATUS_OK);
    assert_int_equal(cotel_sdk_flush(1000), COTEL_STATUS_OK);
}

static void after_a_shutdown_it_may_be_initialised_again(void **state)
{
    cotel_tracer *tracer = cotel_tracer_get("sdk", NULL);
    for (int i = 0; i < 3; i++) {
        int fds[2];
        char size = 0;
        assert_int_equal(pipe(fds), 0);
        struct telling telling = {.fd = fds[1]};
        assert_int_equal(init_with(&telling, 500), COTEL_STATUS_OK);
        assert_true(cotel_tracer_enabled(tracer));
        one_span();
        assert_int_equal(cotel_sdk_flush(5000), COTEL_STATUS_OK);
        assert_int_equal(read(fds[0], &size, 1), 1);
        assert_int_equal(size, 1);
        assert_int_equal(cotel_sdk_shutdown(5000, NULL), COTEL_STATUS_OK);
        assert_false(cotel_tracer_enabled(tracer));
        one_span();
        (void)close(fds[0]);
        (void)close(fds[1]);
    }
}

static void a_bad_option_leaves_working_no_ops_and_takes_the_exporter(void **state)
{
    struct telling telling = {.fd = -1};
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    telling.base.ops = &ops;
    options.exporter = &telling.base;
    options.batch.max_queue_size = 0;
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(telling.destroyed, 1);
    options.batch.max_queue_size = 10;
    options.provider.processor_count = COTEL_PROVIDER_MAX_PROCESSORS;
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(telling.destroyed, 2);
    one_span();
    assert_null(cotel_tracer_provider_global());
}

static void its_pipeline_is_found_by_the_global_provider(void **state)
{
    struct telling telling = {.fd = -1};
    cotel_sdk_counts counts = {.size = sizeof counts};
    assert_int_equal(init_with(&telling, 500), COTEL_STATUS_OK);
    cotel_sdk_stats(NULL, &counts);
    assert_int_equal(counts.pipeline_count, 1);
    assert_string_equal(counts.pipelines[0].exporter, "telling_exporter");
    assert_int_equal(cotel_sdk_shutdown(0, NULL), COTEL_STATUS_OK);
}

/* ---- exit ---- */

static uint64_t now_ms(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* How long a child takes that makes two spans and just exits. */
static uint64_t exit_ms(int fd, uint64_t exit_flush_ms)
{
    uint64_t start = now_ms();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static struct telling telling;
        alarm(30);
        telling.fd = fd;
        if (init_with(&telling, exit_flush_ms) != COTEL_STATUS_OK)
            _exit(1);
        one_span();
        one_span();
        exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    return now_ms() - start;
}

static size_t told_spans(int fds[2])
{
    char size;
    size_t spans = 0;
    (void)close(fds[1]);
    while (read(fds[0], &size, 1) == 1)
        spans += (size_t)size;
    (void)close(fds[0]);
    return spans;
}

static void a_process_that_just_exits_loses_nothing(void **state)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    (void)exit_ms(fds[1], 20000);
    assert_int_equal(told_spans(fds), 2);
}

static void exit_waits_for_a_silent_peer_as_long_as_it_may(void **state)
{
    uint64_t took_ms = exit_ms(-1, 400);
    assert_in_range(took_ms, 400, 10000);
}

static void exit_does_not_wait_when_that_is_off(void **state)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    (void)exit_ms(fds[1], 0);
    assert_int_equal(told_spans(fds), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_init_is_refused_and_destroys_its_exporter),
        cmocka_unit_test(after_a_shutdown_it_may_be_initialised_again),
        cmocka_unit_test(a_bad_option_leaves_working_no_ops_and_takes_the_exporter),
        cmocka_unit_test(its_pipeline_is_found_by_the_global_provider),
        cmocka_unit_test(a_process_that_just_exits_loses_nothing),
        cmocka_unit_test(exit_waits_for_a_silent_peer_as_long_as_it_may),
        cmocka_unit_test(exit_does_not_wait_when_that_is_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
