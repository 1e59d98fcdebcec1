/* SPDX-License-Identifier: Apache-2.0 */
/* A process that forks while all its threads make spans, by fork(), by _Fork() and by clone(),
 * which tell nobody. Every process ends spans, and everything that arrives is looked at. */
#include "../../support/sdk_fixture.h"
#include "pipe_exporter.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ThreadSanitizer lets no child of a program with threads start one of its own; for the other one
 * see below. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define WORKER COTEL_WORKER_CALLER
#else
#define WORKER COTEL_WORKER_THREAD
#endif

#define FORKS (SANITIZED_SHARE(2000) / 10)
#define LOAD_THREADS 4
#define CHILD_SPANS 3
#define GRANDCHILD_SPANS 2
#define GRANDCHILD_EVERY 5
#define DEADLINE_S 50
#define KEPT_BYTES (16 * 1024) /* the most that a thread keeps for its next spans */
#define MOST_TOLD 400000

static struct pipe_exporter exporter;
static cotel_tracer_provider *provider;
static cotel_tracer *tracer;
static struct told_span *told;
static size_t told_count;
static pthread_t reader;

static pid_t clone_without_telling(void)
{
#ifdef __SANITIZE_THREAD__
    return fork();
#else
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

#define WAYS 3
static pid_t (*const ways_to_fork[WAYS])(void) = {fork, FORK_UNSEEN, clone_without_telling};

/* fork() takes all locks of malloc(). In a child that was not made by it another thread may seem to
 * hold one of them for ever, so such a child has to do without fork(), as with any libc it must. */
static pid_t (*way_for_child_of(pid_t (*way)(void)))(void)
{
    return way == fork ? fork : FORK_UNSEEN;
}

static void *read_all(void *unused)
{
    told_count = pipe_exporter_read(&exporter, told, MOST_TOLD);
    return NULL;
}

static int begin_with(cotel_worker_mode worker)
{
    cotel_span_processor *processor;
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    batch.max_queue_size = MOST_TOLD;
    batch.max_queue_bytes = 256u << 20;
    batch.schedule_delay_ms = 20;
    alarm(DEADLINE_S);
    told = calloc(MOST_TOLD, sizeof *told);
    assert_non_null(told);
    pipe_exporter_open(&exporter);
    assert_int_equal(cotel_batch_processor_create(&exporter.base, &batch, &processor),
                     COTEL_STATUS_OK);
    options.processors = &processor;
    options.processor_count = 1;
    options.worker = worker;
    assert_int_equal(cotel_tracer_provider_create(&options, &provider), COTEL_STATUS_OK);
    tracer = cotel_tracer_provider_get_tracer(provider, "forks", NULL);
    assert_int_equal(pthread_create(&reader, NULL, read_all, NULL), 0);
    return 0;
}

static int begin(void **state)
{
    return begin_with(WORKER);
}

static int begin_driven(void **state)
{
    return begin_with(COTEL_WORKER_CALLER);
}

static int end(void **state)
{
    cotel_tracer_provider_destroy(provider);
    (void)close(exporter.fds[0]);
    free(told);
    return 0;
}

static void finish_reading(void)
{
    pipe_exporter_close(&exporter);
    assert_int_equal(pthread_join(reader, NULL), 0);
}

static void make_spans(const char *name, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cotel_span span = cotel_span_start(tracer, name, NULL);
        cotel_span_set_int(&span, "n", (int64_t)i);
        cotel_span_end(&span);
    }
}

/* What a child has to say of itself; 0: all is well. */
static int child_verdict(uint64_t own_spans, uint64_t inherited)
{
    uint64_t abandoned = 1;
    cotel_status status = cotel_tracer_provider_shutdown(provider, 10000, &abandoned);
    cotel_sdk_counts counts = sdk_counts(provider);
    if (status != COTEL_STATUS_OK || abandoned != 0)
        return 2;
    if (counts.started != own_spans || counts.ended != own_spans || counts.live != 0)
        return 3;
    if (counts.inherited != inherited)
        return 4;
    if (counts.pipelines[0].accepted != own_spans)
        return 5;
    return counts.live_bytes <= KEPT_BYTES ? 0 : 6;
}

static bool ended_well(pid_t child)
{
    int status;
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

_Noreturn static void be_grandchild(void)
{
    alarm(DEADLINE_S / 2);
    make_spans("grandchild", GRANDCHILD_SPANS);
    _exit(child_verdict(GRANDCHILD_SPANS, 0));
}

_Noreturn static void be_child(const cotel_span *inherited, int number)
{
    alarm(DEADLINE_S / 2);
    cotel_token token = cotel_span_activate(inherited);
    cotel_span_set_int(inherited, "child", number);
    cotel_span_end(inherited);
    make_spans("child", CHILD_SPANS);
    cotel_context_detach(token);
    if (number % GRANDCHILD_EVERY == 0) {
        pid_t grandchild = way_for_child_of(ways_to_fork[number % WAYS])();
        if (grandchild == 0)
            be_grandchild();
        if (!ended_well(grandchild))
            _exit(7);
    }
    _exit(child_verdict(CHILD_SPANS, 1));
}

/* ---- under load ---- */

/* In a child of a program with threads, the locks of AddressSanitizer's allocator stay as another
 * thread held them: with it, and with it only, nobody allocates at the moment of a fork. */
static pthread_rwlock_t allocating = PTHREAD_RWLOCK_INITIALIZER;
#ifdef __SANITIZE_ADDRESS__
#define ALLOCATING(lock) (void)pthread_rwlock_##lock(&allocating)
#else
#define ALLOCATING(lock) (void)&allocating
#endif

static _Atomic bool stop_load;
static _Atomic uint64_t load_spans;
static pthread_barrier_t all_at_work;

static void *load(void *unused)
{
    /* A thread's first allocation takes a lock of malloc() that all share; a child of _Fork() that
     * came just then would find it held. */
    make_spans("load", 20);
    atomic_fetch_add(&load_spans, 20);
    (void)pthread_barrier_wait(&all_at_work);
    while (!atomic_load(&stop_load) && atomic_load(&load_spans) < MOST_TOLD / 2) {
        ALLOCATING(rdlock);
        make_spans("load", 20);
        ALLOCATING(unlock);
        atomic_fetch_add(&load_spans, 20);
        (void)usleep(200);
    }
    return NULL;
}

static int compare_span_ids(const void *a, const void *b)
{
    return memcmp(&((const struct told_span *)a)->span_id, &((const struct told_span *)b)->span_id,
                  sizeof(cotel_span_id));
}

static size_t count_told(const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < told_count; i++)
        count += strcmp(told[i].name, name) == 0;
    return count;
}

static void no_span_id_came_twice(void)
{
    qsort(told, told_count, sizeof *told, compare_span_ids);
    for (size_t i = 1; i < told_count; i++)
        assert_int_not_equal(compare_span_ids(&told[i - 1], &told[i]), 0);
}

static int compare_processes(const void *a, const void *b)
{
    const struct told_span *one = a, *other = b;
    return one->pid != other->pid ? (one->pid < other->pid ? -1 : 1)
                                  : memcmp(one->instance, other->instance, TOLD_INSTANCE_SIZE);
}

/* One a process, and of no two the same. */
static void every_process_is_an_instance_of_its_own(size_t processes)
{
    size_t seen = 0;
    struct told_span *first = calloc(processes, sizeof *first);
    assert_non_null(first);
    qsort(told, told_count, sizeof *told, compare_processes);
    for (size_t i = 0; i < told_count; i++) {
        assert_int_not_equal(told[i].instance[0], 0);
        if (i > 0 && told[i].pid == told[i - 1].pid) {
            assert_memory_equal(told[i].instance, told[i - 1].instance, TOLD_INSTANCE_SIZE);
            continue;
        }
        assert_true(seen < processes);
        for (size_t j = 0; j < seen; j++)
            assert_memory_not_equal(told[i].instance, first[j].instance, TOLD_INSTANCE_SIZE);
        first[seen++] = told[i];
    }
    assert_int_equal(seen, processes);
    free(first);
}

static void forks_under_load_lose_and_double_nothing(void **state)
{
    pthread_t threads[LOAD_THREADS];
    assert_int_equal(pthread_barrier_init(&all_at_work, NULL, LOAD_THREADS + 1), 0);
    for (size_t i = 0; i < LOAD_THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load, NULL), 0);
    (void)pthread_barrier_wait(&all_at_work);
    assert_int_equal(cotel_tracer_provider_flush(provider, 10000), COTEL_STATUS_OK);
    for (int i = 0; i < FORKS; i++) {
        cotel_span inherited = cotel_span_start(tracer, "inherited", NULL);
        ALLOCATING(wrlock);
        pid_t child = ways_to_fork[i % WAYS]();
        if (child == 0)
            be_child(&inherited, i);
        ALLOCATING(unlock);
        cotel_span_end(&inherited);
        assert_true(ended_well(child));
    }
    atomic_store(&stop_load, true);
    for (size_t i = 0; i < LOAD_THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    uint64_t abandoned = 1;
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 10000, &abandoned), COTEL_STATUS_OK);
    assert_int_equal(abandoned, 0);
    assert_identities(provider);
    finish_reading();
    size_t grandchildren = (FORKS + GRANDCHILD_EVERY - 1) / GRANDCHILD_EVERY;
    assert_int_equal(count_told("load"), load_spans);
    assert_int_equal(count_told("inherited"), FORKS);
    assert_int_equal(count_told("child"), FORKS * CHILD_SPANS);
    assert_int_equal(count_told("grandchild"), grandchildren * GRANDCHILD_SPANS);
    no_span_id_came_twice();
    for (size_t i = 0; i < told_count; i++)
        assert_int_equal(told[i].pid == getpid(), strstr(told[i].name, "child") == NULL);
    every_process_is_an_instance_of_its_own(1 + FORKS + grandchildren);
}

/* ---- servers that fork first ---- */

#define PREFORKED 4

static void what_was_set_up_before_the_fork_works_in_each_child(void **state)
{
    pid_t children[PREFORKED];
    for (size_t i = 0; i < PREFORKED; i++) {
        children[i] = ways_to_fork[i % WAYS]();
        if (children[i] == 0) {
            alarm(DEADLINE_S / 2);
            make_spans("child", 100);
            _exit(child_verdict(100, 0));
        }
    }
    for (size_t i = 0; i < PREFORKED; i++)
        assert_true(ended_well(children[i]));
    make_spans("parent", 1);
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 10000, NULL), COTEL_STATUS_OK);
    finish_reading();
    assert_int_equal(count_told("child"), PREFORKED * 100);
    assert_int_equal(count_told("parent"), 1);
    no_span_id_came_twice();
    every_process_is_an_instance_of_its_own(PREFORKED + 1);
}

static void drive_until_sent(uint64_t count)
{
    while (sdk_counts(provider).pipelines[0].accepted < count) {
        (void)cotel_tracer_provider_drive(provider);
        (void)usleep(1000);
    }
}

static void a_child_drives_for_itself(void **state)
{
    make_spans("parent", 5);
    for (int i = 0; i < 3; i++) {
        pid_t child = ways_to_fork[i]();
        if (child == 0) {
            alarm(DEADLINE_S / 2);
            make_spans("child", 7);
            drive_until_sent(7);
            make_spans("child", 1);
            _exit(child_verdict(8, 0));
        }
        assert_true(ended_well(child));
    }
    drive_until_sent(5);
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 10000, NULL), COTEL_STATUS_OK);
    finish_reading();
    assert_int_equal(count_told("parent"), 5);
    assert_int_equal(count_told("child"), 24);
    no_span_id_came_twice();
}

/* ---- a callback that forks ---- */

static pid_t forked_inside;

static void fork_once(cotel_span_processor *self, cotel_span_data *span,
                      const cotel_context *parent)
{
    if (forked_inside >= 0)
        return;
    forked_inside = fork();
    if (forked_inside == 0)
        make_spans("nested", 1);
}

static void a_fork_inside_a_callback_leaves_a_child_that_works(void **state)
{
    static const cotel_span_processor_ops ops = {.size = sizeof ops, .on_start = fork_once};
    static cotel_span_processor forking = {&ops};
    forked_inside = -1;
    assert_int_equal(cotel_tracer_provider_add_processor(provider, &forking), COTEL_STATUS_OK);
    cotel_span span = cotel_span_start(tracer, "inside", NULL);
    if (forked_inside == 0) {
        alarm(DEADLINE_S / 2);
        cotel_span_end(&span);
        _exit(cotel_tracer_provider_flush(provider, 10000) == COTEL_STATUS_OK &&
                      cotel_tracer_provider_shutdown(provider, 10000, NULL) == COTEL_STATUS_OK
                  ? 0
                  : 1);
    }
    cotel_span_end(&span);
    assert_true(ended_well(forked_inside));
    assert_int_equal(cotel_tracer_provider_shutdown(provider, 10000, NULL), COTEL_STATUS_OK);
    finish_reading();
    assert_int_equal(count_told("inside"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(forks_under_load_lose_and_double_nothing, begin, end),
        cmocka_unit_test_setup_teardown(what_was_set_up_before_the_fork_works_in_each_child, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_child_drives_for_itself, begin_driven, end),
        cmocka_unit_test_setup_teardown(a_fork_inside_a_callback_leaves_a_child_that_works, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
