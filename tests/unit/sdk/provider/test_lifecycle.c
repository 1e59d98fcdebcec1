/* SPDX-License-Identifier: Apache-2.0 */
/* Providers: several at a time, filled to their limits, flushed, shut down and destroyed. */
#include "../../../support/sdk_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

/* ---- a processor that does as it is told ---- */

struct told {
    cotel_span_processor base;
    cotel_status attach_says;
    cotel_status flush_says;
    cotel_tracer_provider *flushes; /* in on_start */
    cotel_status flush_said;
    _Atomic unsigned starts, ends, shutdowns, destroys;
};

static cotel_status told_attach(cotel_span_processor *self, const cotel_processor_host *host)
{
    return ((struct told *)self)->attach_says;
}

static void told_start(cotel_span_processor *self, cotel_span_data *span,
                       const cotel_context *parent)
{
    struct told *told = (struct told *)self;
    atomic_fetch_add(&told->starts, 1);
    if (told->flushes != NULL)
        told->flush_said = cotel_tracer_provider_flush(told->flushes, 1000);
}

static void told_end(cotel_span_processor *self, const cotel_span_data *span)
{
    struct told *told = (struct told *)self;
    assert_int_equal(atomic_load(&told->destroys), 0);
    atomic_fetch_add(&told->ends, 1);
}

static cotel_status told_flush(cotel_span_processor *self, uint64_t deadline_ns)
{
    return ((struct told *)self)->flush_says;
}

static cotel_status told_shutdown(cotel_span_processor *self, uint64_t deadline_ns,
                                  uint64_t *abandoned)
{
    struct told *told = (struct told *)self;
    atomic_fetch_add(&told->shutdowns, 1);
    *abandoned += 3;
    return told->flush_says;
}

static void told_destroy(cotel_span_processor *self)
{
    atomic_fetch_add(&((struct told *)self)->destroys, 1);
}

static const cotel_span_processor_ops told_ops = {.size = sizeof told_ops,
                                                  .attach = told_attach,
                                                  .on_start = told_start,
                                                  .on_end = told_end,
                                                  .flush = told_flush,
                                                  .shutdown = told_shutdown,
                                                  .destroy = told_destroy};
#define TOLD                  \
    {                         \
        .base = { &told_ops } \
    }

static cotel_tracer_provider *provider_of(struct told *told, size_t count)
{
    cotel_span_processor *processors[COTEL_PROVIDER_MAX_PROCESSORS];
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_tracer_provider *provider = NULL;
    for (size_t i = 0; i < count; i++)
        processors[i] = &told[i].base;
    options.processors = processors;
    options.processor_count = count;
    assert_int_equal(cotel_tracer_provider_create(&options, &provider), COTEL_STATUS_OK);
    return provider;
}

static void one_span(cotel_tracer *tracer)
{
    cotel_span span = cotel_span_start(tracer, "span", NULL);
    cotel_span_end(&span);
}

/* ---- the tests ---- */

static void providers_side_by_side_do_not_mix(void **state)
{
    struct sdk_fixture a, b;
    sdk_fixture_start(&a, NULL);
    sdk_fixture_start(&b, NULL);
    assert_ptr_not_equal(a.tracer, b.tracer);
    one_span(a.tracer);
    one_span(b.tracer);
    one_span(b.tracer);
    assert_int_equal(sdk_fixture_count(&a), 1);
    assert_int_equal(sdk_fixture_count(&b), 2);
    assert_identities(a.provider);
    assert_identities(b.provider);
    assert_int_equal(sdk_counts(a.provider).started, 1);
    sdk_fixture_stop(&a);
    one_span(b.tracer);
    assert_int_equal(sdk_fixture_count(&b), 3);
    sdk_fixture_stop(&b);
}

static void an_added_processor_reaches_tracers_already_handed_out(void **state)
{
    static struct told told = TOLD;
    struct sdk_fixture fixture;
    sdk_fixture_start(&fixture, NULL);
    cotel_span live = cotel_span_start(fixture.tracer, "live", NULL);
    assert_int_equal(cotel_tracer_provider_add_processor(fixture.provider, &told.base),
                     COTEL_STATUS_OK);
    one_span(fixture.tracer);
    cotel_span_end(&live);
    assert_int_equal(told.starts, 1);
    assert_int_equal(told.ends, 2);
    sdk_fixture_stop(&fixture);
    assert_int_equal(told.shutdowns, 1);
    assert_int_equal(told.destroys, 1);
}

static void a_seventeenth_processor_is_refused_and_stays_the_callers(void **state)
{
    struct told told[COTEL_PROVIDER_MAX_PROCESSORS + 1] = {0};
    cotel_span_processor *processors[COUNT_OF(told)];
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        told[i].base.ops = &told_ops;
        processors[i] = &told[i].base;
    }
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_tracer_provider *none = NULL;
    options.processors = processors;
    options.processor_count = COUNT_OF(told);
    assert_int_equal(cotel_tracer_provider_create(&options, &none), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(none);
    cotel_tracer_provider *provider = provider_of(told, COTEL_PROVIDER_MAX_PROCESSORS);
    assert_int_equal(
        cotel_tracer_provider_add_processor(provider, &told[COTEL_PROVIDER_MAX_PROCESSORS].base),
        COTEL_STATUS_LIMIT_REACHED);
    one_span(cotel_tracer_provider_get_tracer(provider, "sixteen", NULL));
    cotel_tracer_provider_destroy(provider);
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        assert_int_equal(told[i].ends, i < COTEL_PROVIDER_MAX_PROCESSORS);
        assert_int_equal(told[i].destroys, i < COTEL_PROVIDER_MAX_PROCESSORS);
    }
}

static void a_seventeenth_provider_is_refused(void **state)
{
    cotel_tracer_provider *providers[COTEL_MAX_PROVIDERS], *none = NULL;
    for (size_t i = 0; i < COTEL_MAX_PROVIDERS; i++)
        assert_int_equal(cotel_tracer_provider_create(NULL, &providers[i]), COTEL_STATUS_OK);
    assert_int_equal(cotel_tracer_provider_create(NULL, &none), COTEL_STATUS_LIMIT_REACHED);
    assert_null(none);
    cotel_tracer_provider_destroy(providers[7]);
    assert_int_equal(cotel_tracer_provider_create(NULL, &providers[7]), COTEL_STATUS_OK);
    for (size_t i = 0; i < COTEL_MAX_PROVIDERS; i++)
        cotel_tracer_provider_destroy(providers[i]);
}

static void a_failing_attach_leaves_everything_the_callers(void **state)
{
    struct told told[2] = {TOLD, TOLD};
    cotel_span_processor *processors[] = {&told[0].base, &told[1].base};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_tracer_provider *provider = NULL;
    told[1].attach_says = COTEL_STATUS_NOT_SUPPORTED;
    options.processors = processors;
    options.processor_count = COUNT_OF(processors);
    assert_int_equal(cotel_tracer_provider_create(&options, &provider), COTEL_STATUS_NOT_SUPPORTED);
    assert_null(provider);
    assert_int_equal(told[0].destroys + told[1].destroys, 0);
    told[1].attach_says = COTEL_STATUS_OK;
    provider = provider_of(told, 1);
    told[1].attach_says = COTEL_STATUS_OUT_OF_MEMORY;
    assert_int_equal(cotel_tracer_provider_add_processor(provider, &told[1].base),
                     COTEL_STATUS_OUT_OF_MEMORY);
    assert_int_equal(cotel_tracer_provider_add_processor(provider, NULL),
                     COTEL_STATUS_INVALID_ARGUMENT);
    cotel_tracer_provider_destroy(provider);
    assert_int_equal(told[0].destroys, 1);
    assert_int_equal(told[1].destroys, 0);
}

static void the_first_bad_answer_of_the_processors_is_the_flushs(void **state)
{
    struct told told[3] = {TOLD, TOLD, TOLD};
    uint64_t abandoned = 0;
    cotel_tracer_provider *provider = provider_of(told, 3);
    assert_int_equal(cotel_tracer_provider_flush(provider, 10), COTEL_STATUS_OK);
    told[1].flush_says = COTEL_STATUS_EXPORT_FAILED;
    told[2].flush_says = COTEL_STATUS_TIMEOUT;
    assert_int_equal(cotel_tracer_provider_flush(provider, 10), COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 10, &abandoned),
                     COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(abandoned, 9);
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 10, &abandoned),
                     COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(abandoned, 0);
    assert_int_equal(cotel_tracer_provider_flush(provider, 10), COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(cotel_tracer_provider_add_processor(provider, &told[0].base),
                     COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(told[0].shutdowns, 1);
    cotel_tracer_provider_destroy(provider);
    assert_int_equal(told[0].shutdowns, 1);
    assert_int_equal(told[0].destroys, 1);
}

static void waiting_inside_a_callback_is_refused(void **state)
{
    struct told told = TOLD;
    cotel_tracer_provider *provider = provider_of(&told, 1);
    told.flushes = provider;
    one_span(cotel_tracer_provider_get_tracer(provider, "inside", NULL));
    assert_int_equal(told.flush_said, COTEL_STATUS_WOULD_DEADLOCK);
    assert_int_equal(cotel_tracer_provider_flush(provider, 1000), COTEL_STATUS_OK);
    cotel_tracer_provider_destroy(provider);
}

static void options_of_an_older_caller_take_the_defaults_of_the_rest(void **state)
{
    cotel_tracer_provider_options options;
    cotel_tracer_provider *provider;
    memset(&options, 0xee, sizeof options);
    options.size = sizeof options.size;
    assert_int_equal(cotel_tracer_provider_create(&options, &provider), COTEL_STATUS_OK);
    cotel_tracer_provider_destroy(provider);
    cotel_tracer_provider_destroy(NULL);
}

static void what_is_no_provider_is_refused(void **state)
{
    cotel_tracer_provider *provider;
    assert_int_equal(cotel_tracer_provider_flush(NULL, 1), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_tracer_provider_shutdown(NULL, 1, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_tracer_provider_create(NULL, &provider), COTEL_STATUS_OK);
    cotel_tracer_provider_destroy(provider);
    cotel_tracer_provider_destroy(provider);
    assert_int_equal(cotel_tracer_provider_flush(provider, 1), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_sdk_counts counts = sdk_counts(provider);
    assert_int_equal(counts.started, 0);
}

/* ---- destroyed while others are at it ---- */

static _Atomic bool is_inside_end, has_read_stats;
static cotel_tracer_provider *destroyed_one;

/* Reads them when the destruction waits for this callback. */
static void read_stats_late(cotel_span_processor *self, const cotel_span_data *span)
{
    atomic_store(&is_inside_end, true);
    (void)usleep(50000);
    (void)sdk_counts(destroyed_one);
    atomic_store(&has_read_stats, true);
}

static void count_destroy(cotel_span_processor *self)
{
    assert_true(atomic_load(&has_read_stats));
    atomic_store(&is_inside_end, false);
}

static void *end_one(void *tracer)
{
    one_span(tracer);
    return NULL;
}

static void a_callback_that_is_waited_for_may_read_the_stats(void **state)
{
    static const cotel_span_processor_ops ops = {
        .size = sizeof ops, .on_end = read_stats_late, .destroy = count_destroy};
    static cotel_span_processor processor = {&ops};
    struct sdk_fixture fixture;
    pthread_t thread;
    sdk_fixture_start(&fixture, NULL);
    assert_int_equal(cotel_tracer_provider_add_processor(fixture.provider, &processor),
                     COTEL_STATUS_OK);
    destroyed_one = fixture.provider;
    assert_int_equal(pthread_create(&thread, NULL, end_one, fixture.tracer), 0);
    while (!atomic_load(&is_inside_end))
        (void)usleep(1000);
    sdk_fixture_stop(&fixture);
    assert_false(atomic_load(&is_inside_end)); /* destroyed, not left behind */
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static _Atomic bool stop_spinning;

static void *spin(void *tracer)
{
    cotel_span kept = cotel_span_none();
    while (!atomic_load_explicit(&stop_spinning, memory_order_relaxed)) {
        cotel_span span = cotel_span_start(tracer, "spin", NULL);
        cotel_span_set_int(&span, "n", 1);
        cotel_span_end(&kept);
        kept = span;
    }
    cotel_span_end(&kept);
    return NULL;
}

#define ROUNDS SANITIZED_SHARE(100)

static void providers_come_and_go_under_running_threads(void **state)
{
    pthread_t threads[4];
    cotel_tracer *tracer = cotel_tracer_get("global", NULL);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, spin, tracer), 0);
    for (int round = 0; round < ROUNDS; round++) {
        struct told told = TOLD;
        struct sdk_fixture fixture;
        sdk_fixture_start(&fixture, NULL);
        assert_int_equal(cotel_tracer_provider_add_processor(fixture.provider, &told.base),
                         COTEL_STATUS_OK);
        cotel_tracer_provider_set_global(fixture.provider);
        while (atomic_load(&told.ends) < 5)
            sched_yield();
        if (round % 2 == 0)
            cotel_tracer_provider_set_global(NULL);
        sdk_fixture_stop(&fixture);
        assert_int_equal(told.destroys, 1);
    }
    atomic_store(&stop_spinning, true);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    cotel_tracer_provider_set_global(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(providers_side_by_side_do_not_mix),
        cmocka_unit_test(an_added_processor_reaches_tracers_already_handed_out),
        cmocka_unit_test(a_seventeenth_processor_is_refused_and_stays_the_callers),
        cmocka_unit_test(a_seventeenth_provider_is_refused),
        cmocka_unit_test(a_failing_attach_leaves_everything_the_callers),
        cmocka_unit_test(the_first_bad_answer_of_the_processors_is_the_flushs),
        cmocka_unit_test(waiting_inside_a_callback_is_refused),
        cmocka_unit_test(options_of_an_older_caller_take_the_defaults_of_the_rest),
        cmocka_unit_test(what_is_no_provider_is_refused),
        cmocka_unit_test(a_callback_that_is_waited_for_may_read_the_stats),
        cmocka_unit_test(providers_come_and_go_under_running_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
