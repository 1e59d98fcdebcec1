/* SPDX-License-Identifier: Apache-2.0 */
/* Without a thread: the program's own event loop does the exporting. */
#include "fixture.h"

#include <poll.h>
#include <signal.h>

/* What an event loop would do. @return whether a descriptor was ready before the deadline. */
static bool wait_for_events(struct fixture *f, uint64_t at_most_ms)
{
    cotel_poll_item items[8];
    struct pollfd fds[8];
    uint64_t deadline;
    size_t count = ct_runtime_poll(f->runtime, items, 8, &deadline);
    assert_in_range(count, 1, 8);
    for (size_t i = 0; i < count; i++)
        fds[i] = (struct pollfd){.fd = items[i].fd, .events = POLLIN};
    deadline = ct_deadline_earlier(deadline, ct_deadline_after_ms(at_most_ms));
    return poll(fds, count, ct_deadline_poll_timeout(deadline)) > 0;
}

static void a_full_batch_makes_a_descriptor_ready(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_false(wait_for_events(&f, 0));
    assert_int_equal(put_many(&f, &producer, 511), 511);
    assert_false(wait_for_events(&f, 0));
    assert_true(put(&f, &producer));
    assert_true(wait_for_events(&f, 5000));
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_int_equal(fake_records(&f.exporter), 512);
    fixture_end(&f);
}

static void the_deadline_is_that_of_the_delay(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.options.schedule_delay_ms = 100;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_true(put(&f, &producer));
    uint64_t begin = ct_clock_monotonic_ns();
    while (fake_records(&f.exporter) == 0 && ct_clock_monotonic_ns() - begin < 5 * SECOND) {
        (void)wait_for_events(&f, 5000);
        assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    }
    assert_in_range(ct_clock_monotonic_ns() - begin, 90 * MS, 100 * MS + LATE);
    fixture_end(&f);
}

static void an_exporter_s_descriptor_is_among_those_to_poll(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, HOLD);
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_int_equal(put_many(&f, &producer, 512), 512);
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_int_equal(fixture_stats(&f).in_flight, 512);
    assert_false(wait_for_events(&f, 10));
    fake_release(&f.exporter);
    assert_true(wait_for_events(&f, 5000));
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_int_equal(fixture_stats(&f).accepted, 512);
    fixture_end(&f);
}

static void raise_sigpipe(struct fake_exporter *self)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
}

static void sigpipe_never_reaches_the_program(void **state)
{
    struct fixture f;
    struct ct_producer producer = {0};
    fixture_begin(&f, ACCEPT);
    f.exporter.in_begin = raise_sigpipe;
    fixture_start(&f, COTEL_WORKER_CALLER, false);
    assert_int_equal(put_many(&f, &producer, 512), 512);
    assert_int_equal(ct_runtime_drive(f.runtime), COTEL_STATUS_OK);
    assert_int_equal(fake_records(&f.exporter), 512);
    sigset_t mask;
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    assert_false(sigismember(&mask, SIGPIPE));
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_batch_makes_a_descriptor_ready),
        cmocka_unit_test(the_deadline_is_that_of_the_delay),
        cmocka_unit_test(an_exporter_s_descriptor_is_among_those_to_poll),
        cmocka_unit_test(sigpipe_never_reaches_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
