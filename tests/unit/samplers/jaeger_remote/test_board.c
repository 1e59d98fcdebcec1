/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that change under threads that decide by them. What a sanitizer has nothing to say to is
 * what these tests are about, besides what they assert. */
#include "rules_support.h"

#include "samplers/jaeger_remote/board.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, CHANGES = 400 };

static struct ct_jaeger_rules *rules_of_share(const struct ct_jaeger_rules *before,
                                              unsigned percent)
{
    char json[192];
    /* Every third is of another kind, so that the table of operations comes and goes as well. */
    const char *form = percent % 3 == 0
                           ? "{\"operationSampling\":{\"defaultSamplingProbability\":%u.%02u,"
                             "\"defaultLowerBoundTracesPerSecond\":1}}"
                           : "{\"probabilisticSampling\":{\"samplingRate\":%u.%02u}}";
    snprintf(json, sizeof json, form, percent / 100, percent % 100);
    return rules_after(before, json, 16, START);
}

struct crowd {
    struct ct_jaeger_board board;
    atomic_bool stop;
    atomic_uint decisions;
    atomic_uint wrong;
};

static void check_attributes(struct crowd *crowd, const cotel_sampling_result *result)
{
    double parameter = result->attributes[1].value.as.floating;
    if (result->attribute_count != 2 || result->attributes[1].key.size != 20 || parameter < 0 ||
        parameter > 1)
        atomic_fetch_add(&crowd->wrong, 1);
}

static void *decide_all_the_time(void *argument)
{
    struct crowd *crowd = argument;
    char name[16];
    for (unsigned i = 0; !atomic_load(&crowd->stop); i++) {
        struct ct_jaeger_rules *rules = ct_jaeger_board_use(&crowd->board);
        snprintf(name, sizeof name, "name %u", i % 32);
        cotel_sampling_result result = ask_rules(rules, name, &lowest_id, START + i * SECOND);
        /* After the decision, as a span's start does. */
        if (result.decision == COTEL_SAMPLING_RECORD_AND_SAMPLE)
            check_attributes(crowd, &result);
        atomic_fetch_add(&crowd->decisions, 1);
    }
    return NULL;
}

static void start_board(struct crowd *crowd)
{
    struct ct_jaeger_rules *nothing = ct_jaeger_rules_of_sampler(NULL);
    *crowd = (struct crowd){.stop = false};
    assert_true(ct_jaeger_board_init(&crowd->board, rules_of_share(nothing, 1)));
    ct_jaeger_rules_destroy(nothing);
}

static void show(struct crowd *crowd, unsigned percent)
{
    struct ct_jaeger_rules *rules = rules_of_share(ct_jaeger_board_shown(&crowd->board), percent);
    assert_true(ct_jaeger_board_show(&crowd->board, rules));
}

static size_t count_retired(const struct crowd *crowd)
{
    size_t count = 0;
    for (const struct ct_jaeger_retired *r = crowd->board.retired; r != NULL; r = r->next)
        count++;
    return count;
}

static void rules_change_under_threads_that_decide(void **state)
{
    struct crowd crowd;
    pthread_t threads[THREADS];
    start_board(&crowd);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, decide_all_the_time, &crowd), 0);
    for (unsigned i = 0; i < CHANGES; i++) {
        unsigned decisions = atomic_load(&crowd.decisions);
        show(&crowd, 1 + i % 100);
        assert_true(count_retired(&crowd) <= THREADS);
        while (atomic_load(&crowd.decisions) < decisions + 20)
            sched_yield();
    }
    atomic_store(&crowd.stop, true);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crowd.wrong), 0);
    show(&crowd, 7);
    assert_int_equal(count_retired(&crowd), 0); /* the threads have ended, and let go */
    ct_jaeger_board_fini(&crowd.board);
}

static void what_a_thread_has_used_stays_until_its_next_call(void **state)
{
    struct crowd crowd;
    start_board(&crowd);
    struct ct_jaeger_rules *used = ct_jaeger_board_use(&crowd.board);
    for (unsigned i = 2; i < 10; i++) {
        show(&crowd, i);
        assert_int_equal(count_retired(&crowd), 1);
    }
    assert_true(takes(used, "a", &lowest_id, START));
    assert_ptr_equal(ct_jaeger_board_use(&crowd.board), ct_jaeger_board_shown(&crowd.board));
    show(&crowd, 10);
    assert_int_equal(count_retired(&crowd), 1);
    ct_jaeger_board_fini(&crowd.board);
}

static void *use_once(void *board)
{
    return ct_jaeger_board_use(board);
}

static void threads_that_end_leave_nothing_behind(void **state)
{
    struct crowd crowd;
    start_board(&crowd);
    for (unsigned i = 0; i < 100; i++) {
        pthread_t thread;
        void *used = NULL;
        assert_int_equal(pthread_create(&thread, NULL, use_once, &crowd.board), 0);
        pthread_join(thread, &used);
        assert_ptr_equal(used, ct_jaeger_board_shown(&crowd.board));
        show(&crowd, 1 + i % 100);
        assert_int_equal(count_retired(&crowd), 0);
    }
    ct_jaeger_board_fini(&crowd.board);
}

static void a_board_may_end_before_a_thread_that_used_it(void **state)
{
    for (unsigned i = 0; i < 10; i++) {
        struct crowd first, second; /* one after the other in the same place */
        start_board(&first);
        start_board(&second);
        assert_ptr_equal(ct_jaeger_board_use(&second.board), ct_jaeger_board_shown(&second.board));
        assert_ptr_equal(ct_jaeger_board_use(&first.board), ct_jaeger_board_shown(&first.board));
        assert_ptr_equal(ct_jaeger_board_use(&second.board), ct_jaeger_board_shown(&second.board));
        ct_jaeger_board_fini(i % 2 ? &first.board : &second.board);
        ct_jaeger_board_fini(i % 2 ? &second.board : &first.board);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_change_under_threads_that_decide),
        cmocka_unit_test(what_a_thread_has_used_stays_until_its_next_call),
        cmocka_unit_test(threads_that_end_leave_nothing_behind),
        cmocka_unit_test(a_board_may_end_before_a_thread_that_used_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
