/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a batch of which the peer refuses a part. */
#include "fixture.h"

#define BATCH 512u
#define POISON 'p'
#define GOOD 'r'

struct peer {
    cotel_export_outcome outcome; /* for whatever has a poisoned record */
    size_t accepted;
    size_t largest;    /* batch, in records */
    char order[BATCH]; /* the scope that each accepted record had */
};

static size_t count_poison(cotel_str bytes)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < bytes.size; i++)
        count += bytes.data[i] == POISON && bytes.data[i + 1] == POISON;
    return count;
}

static bool is_poisoned(const cotel_batch *batch)
{
    size_t count, poison = 0;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    for (size_t i = 0; i < count; i++)
        poison += count_poison(groups[i].bytes);
    return poison > 0;
}

static cotel_export_outcome judge(void *user, const cotel_batch *batch)
{
    struct peer *peer = user;
    size_t count;
    const cotel_batch_group *groups = cotel_batch_groups(batch, &count);
    if (is_poisoned(batch))
        return peer->outcome;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < groups[i].count; j++)
            peer->order[peer->accepted++] = (char)('0' + (groups[i].scope - fake_scopes));
    }
    return COTEL_EXPORT_ACCEPTED;
}

static void begin(struct fixture *f, struct peer *peer, cotel_export_outcome outcome)
{
    *peer = (struct peer){.outcome = outcome};
    fixture_begin(f, JUDGE);
    f->exporter.judge = judge;
    f->exporter.user = peer;
    f->options.max_export_batch_size = BATCH;
    fixture_start(f, COTEL_WORKER_CALLER, false);
}

static void put_poisoned(struct fixture *f, struct ct_producer *producer, size_t at)
{
    for (size_t i = 0; i < BATCH; i++)
        assert_true(put_in(f, producer, &fake_scopes[i % 3], 100, i == at ? POISON : GOOD));
}

static void the_culprit_alone_is_lost_wherever_it_stands(void **state)
{
    static const cotel_export_outcome outcomes[] = {COTEL_EXPORT_INVALID, COTEL_EXPORT_TOO_LARGE};
    static const size_t places[] = {0, 1, 255, 256, 300, BATCH - 1};
    for (size_t i = 0; i < 2 * sizeof places / sizeof *places; i++) {
        struct fixture f;
        struct peer peer;
        struct ct_producer producer = {0};
        begin(&f, &peer, outcomes[i % 2]);
        put_poisoned(&f, &producer, places[i / 2]);
        assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(10000)),
                         COTEL_STATUS_EXPORT_FAILED);
        cotel_pipeline_stats stats = fixture_stats(&f);
        assert_int_equal(stats.accepted, BATCH - 1);
        assert_int_equal(peer.accepted, BATCH - 1);
        assert_int_equal(stats.dropped[i % 2 ? COTEL_DROP_TOO_LARGE : COTEL_DROP_REFUSED], 1);
        assert_int_equal(f.exporter.batches, 1 + 2 * 9); /* nine halvings of 512 */
        assert_adds_up(&stats);
        retire(&f, &producer);
        fixture_end(&f);
    }
}

static void parts_keep_records_and_scopes_together(void **state)
{
    struct fixture f;
    struct peer peer;
    struct ct_producer producer = {0};
    size_t seen[3] = {0};
    begin(&f, &peer, COTEL_EXPORT_INVALID);
    put_poisoned(&f, &producer, 7); /* of scope 1 */
    (void)ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(10000));
    for (size_t i = 0; i < peer.accepted; i++)
        seen[peer.order[i] - '0']++;
    assert_int_equal(seen[0], 171);
    assert_int_equal(seen[1], 170);
    assert_int_equal(seen[2], 170);
    for (size_t i = 1; i < peer.accepted; i++) /* the groups are sent in their order */
        assert_true(peer.order[i - 1] <= peer.order[i]);
    retire(&f, &producer);
    fixture_end(&f);
}

static void what_is_refused_as_a_whole_is_not_halved(void **state)
{
    struct fixture f;
    struct peer peer;
    struct ct_producer producer = {0};
    begin(&f, &peer, COTEL_EXPORT_REFUSED);
    put_poisoned(&f, &producer, 7);
    (void)ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(10000));
    assert_int_equal(f.exporter.batches, 1);
    assert_int_equal(fixture_stats(&f).dropped[COTEL_DROP_REFUSED], BATCH);
    retire(&f, &producer);
    fixture_end(&f);
}

static void a_peer_that_refuses_everything_is_asked_so_often_and_no_more(void **state)
{
    struct fixture f;
    struct peer peer;
    struct ct_producer producer = {0};
    begin(&f, &peer, COTEL_EXPORT_INVALID);
    for (size_t i = 0; i < BATCH; i++)
        assert_true(put_in(&f, &producer, &fake_scopes[0], 100, POISON));
    assert_int_equal(ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(10000)),
                     COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(f.exporter.batches, 1 + 2 * CT_ISOLATION_MAX_SPLITS);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.dropped[COTEL_DROP_REFUSED], BATCH);
    assert_int_equal(stats.in_flight, 0);
    retire(&f, &producer);
    fixture_end(&f);
}

static cotel_export_outcome bad_and_then_slow(void *user, const cotel_batch *batch)
{
    if (cotel_batch_count(batch) > 1)
        return judge(user, batch);
    usleep(150000);
    return judge(user, batch);
}

static void parts_that_wait_at_the_deadline_of_their_batch_are_lost(void **state)
{
    struct fixture f;
    struct peer peer;
    struct ct_producer producer = {0};
    begin(&f, &peer, COTEL_EXPORT_INVALID);
    f.exporter.judge = bad_and_then_slow;
    f.pipeline->export_timeout_ns = 100 * MS;
    put_poisoned(&f, &producer, 0);
    (void)ct_pipeline_flush(f.pipeline, ct_deadline_after_ms(10000));
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.dropped[COTEL_DROP_REFUSED], 1);
    assert_int_equal(stats.dropped[COTEL_DROP_TIMEOUT], BATCH - 1);
    assert_adds_up(&stats);
    retire(&f, &producer);
    fixture_end(&f);
}

static void parts_that_wait_at_the_end_of_a_shutdown_are_abandoned(void **state)
{
    struct fixture f;
    struct peer peer;
    struct ct_producer producer = {0};
    uint64_t abandoned = 0;
    begin(&f, &peer, COTEL_EXPORT_INVALID);
    f.exporter.judge = bad_and_then_slow;
    put_poisoned(&f, &producer, 0);
    assert_int_equal(ct_pipeline_shutdown(f.pipeline, ct_deadline_after_ms(100), &abandoned),
                     COTEL_STATUS_TIMEOUT);
    assert_int_equal(abandoned, BATCH - 1);
    cotel_pipeline_stats stats = fixture_stats(&f);
    assert_int_equal(stats.dropped[COTEL_DROP_SHUTDOWN], BATCH - 1);
    retire(&f, &producer);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_culprit_alone_is_lost_wherever_it_stands),
        cmocka_unit_test(parts_keep_records_and_scopes_together),
        cmocka_unit_test(what_is_refused_as_a_whole_is_not_halved),
        cmocka_unit_test(a_peer_that_refuses_everything_is_asked_so_often_and_no_more),
        cmocka_unit_test(parts_that_wait_at_the_deadline_of_their_batch_are_lost),
        cmocka_unit_test(parts_that_wait_at_the_end_of_a_shutdown_are_abandoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
