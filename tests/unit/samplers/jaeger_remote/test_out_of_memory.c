/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation fails in its turn: what is made says so and, as AddressSanitizer sees, leaves
 * nothing behind; what decides goes on. The linker puts these in place of the C library's. */
#include "rules_support.h"

#include "samplers/jaeger_remote/poller.h"

#include <cotel/samplers/jaeger_remote.h>

#include <stdio.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);
int __wrap_asprintf(char **out, const char *format, ...);

/* How many of this thread's succeed before one fails; -1: all do. */
static _Thread_local int succeed_first = -1;

static bool fails(void)
{
    return succeed_first >= 0 && succeed_first-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
    return fails() ? NULL : __real_strndup(text, size);
}

int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list arguments;
    if (fails())
        return -1; /* what *out holds then is not said */
    va_start(arguments, format);
    int size = vasprintf(out, format, arguments);
    va_end(arguments);
    return size;
}

static const char by_operation[] =
    "{\"operationSampling\":{\"defaultSamplingProbability\":0.5,"
    "\"defaultLowerBoundTracesPerSecond\":1,\"perOperationStrategies\":["
    "{\"operation\":\"a\",\"probabilisticSampling\":{\"samplingRate\":1}},"
    "{\"operation\":\"b\",\"probabilisticSampling\":{\"samplingRate\":0}}]}}";

static void a_sampler_without_memory_is_none_and_takes_nothing_over(void **state)
{
    cotel_jaeger_remote_sampler_options options = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    cotel_sampler *initial, *sampler = NULL;
    cotel_status status = COTEL_STATUS_OUT_OF_MEMORY;
    int failures = 0;
    assert_int_equal(cotel_sampler_trace_id_ratio_create(0.5, &initial), COTEL_STATUS_OK);
    options.endpoint = "http://127.0.0.1:9"; /* nobody is there */
    options.service_name = "a";
    options.initial_sampler = initial;
    for (; status != COTEL_STATUS_OK; failures++) {
        succeed_first = failures;
        status = cotel_jaeger_remote_sampler_create(&options, &sampler);
        succeed_first = -1;
        if (status != COTEL_STATUS_OK)
            assert_int_equal(status, COTEL_STATUS_OUT_OF_MEMORY);
        assert_int_equal(sampler != NULL, status == COTEL_STATUS_OK);
    }
    assert_true(failures > 8);
    cotel_sampler_destroy(sampler); /* and the initial one */
}

static void a_default_sampler_is_not_left_behind(void **state)
{
    cotel_sampler *sampler = NULL;
    for (int failures = 0; sampler == NULL; failures++) {
        succeed_first = failures;
        cotel_status status = cotel_jaeger_remote_sampler_create(NULL, &sampler);
        succeed_first = -1;
        assert_true(status == COTEL_STATUS_OK || sampler == NULL);
    }
    cotel_sampler_destroy(sampler);
}

struct parts {
    struct ct_jaeger_config config;
    struct ct_jaeger_board board;
    struct ct_jaeger_poller poller;
};

static void make_parts(struct parts *parts)
{
    cotel_jaeger_remote_sampler_options options = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    options.service_name = "a";
    assert_int_equal(ct_jaeger_config_init(&parts->config, &options), COTEL_STATUS_OK);
    assert_true(ct_jaeger_board_init(&parts->board,
                                     ct_jaeger_rules_of_sampler(cotel_sampler_always_off())));
    assert_true(ct_jaeger_poller_init(&parts->poller, &parts->config, &parts->board));
}

static void end_parts(struct parts *parts)
{
    ct_jaeger_poller_fini(&parts->poller);
    ct_jaeger_board_fini(&parts->board);
    ct_jaeger_config_fini(&parts->config);
}

static void a_strategy_without_memory_changes_nothing(void **state)
{
    struct parts parts;
    const char *wrong = "";
    make_parts(&parts);
    const struct ct_jaeger_rules *before = ct_jaeger_board_shown(&parts.board);
    for (int failures = 0; wrong != NULL; failures++) {
        succeed_first = failures;
        wrong = ct_jaeger_poller_take(&parts.poller, by_operation, sizeof by_operation - 1);
        succeed_first = -1;
        if (wrong == NULL)
            continue;
        assert_non_null(strstr(wrong, "memory is out"));
        assert_ptr_equal(ct_jaeger_board_shown(&parts.board), before);
    }
    assert_true(takes(ct_jaeger_board_use(&parts.board), "a", &highest_id, START));
    end_parts(&parts);
}

static void *use_without_memory(void *board)
{
    succeed_first = 0;
    void *rules = ct_jaeger_board_use(board);
    succeed_first = -1;
    return rules != NULL ? board : NULL;
}

static void a_thread_without_memory_has_no_rules_and_the_next_time_it_may(void **state)
{
    struct parts parts;
    pthread_t thread;
    void *used = &parts;
    make_parts(&parts);
    assert_int_equal(pthread_create(&thread, NULL, use_without_memory, &parts.board), 0);
    pthread_join(thread, &used);
    assert_null(used);
    assert_non_null(ct_jaeger_board_use(&parts.board));
    end_parts(&parts);
}

static void a_name_that_cannot_be_learned_has_the_default_share(void **state)
{
    struct ct_jaeger_rules *rules = rules_of(by_operation, 10);
    succeed_first = 0;
    assert_false(takes(rules, "new", &highest_id, START));
    succeed_first = 0;
    assert_true(takes(rules, "new", &lowest_id, START));
    succeed_first = -1;
    assert_true(takes(rules, "new", &highest_id, START)); /* by its lower bound */
    ct_jaeger_rules_destroy(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sampler_without_memory_is_none_and_takes_nothing_over),
        cmocka_unit_test(a_default_sampler_is_not_left_behind),
        cmocka_unit_test(a_strategy_without_memory_changes_nothing),
        cmocka_unit_test(a_thread_without_memory_has_no_rules_and_the_next_time_it_may),
        cmocka_unit_test(a_name_that_cannot_be_learned_has_the_default_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
