/* SPDX-License-Identifier: Apache-2.0 */
/* 64 threads record ten million measurements into 1,000 series of a counter and of two histograms,
 * bound and not, while two readers collect without a pause, one cumulative, one delta, and a third
 * one is scraped over HTTP. */
#include "scraper.h"
#include "totals.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define THREADS 64
#define SERIES 1000
#define MEASUREMENTS SANITIZED_SHARE(10000000)
/* A thread records each of its rounds once to each of the three instruments. */
#define ROUNDS (MEASUREMENTS / THREADS / 3)

static cotel_counter *counter;
static cotel_double_histogram *explicit_one;
static cotel_double_histogram *exponential;
static atomic_bool done;

struct recorder {
    pthread_t thread;
    unsigned number;
};

static void record_round(unsigned number, unsigned round)
{
    unsigned series = (number * 7919 + round) % SERIES;
    char name[16];
    (void)snprintf(name, sizeof name, "%u", series);
    const cotel_attribute attributes[] = {cotel_attribute_string("series", name),
                                          cotel_attribute_int("parity", series % 2),
                                          cotel_attribute_bool("low", series < SERIES / 2)};
    const cotel_attribute reversed[] = {attributes[2], attributes[1], attributes[0]};
    cotel_counter_add(counter, 1, round % 2 ? attributes : reversed, 3);
    cotel_double_histogram_record(explicit_one, round % 100, attributes, 3);
    cotel_double_histogram_record(exponential, round % 1000 + 0.5, reversed, 3);
}

/* Every eighth thread records through bound instruments instead. */
static void record_bound(unsigned number)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("series", "bound"),
                                          cotel_attribute_int("number", number % 16)};
    cotel_bound_counter *count = cotel_counter_bind(counter, attributes, 2);
    cotel_bound_double_histogram *first = cotel_double_histogram_bind(explicit_one, attributes, 2);
    cotel_bound_double_histogram *second = cotel_double_histogram_bind(exponential, attributes, 2);
    for (unsigned round = 0; round < ROUNDS; round++) {
        cotel_bound_counter_add(count, 1);
        cotel_bound_double_histogram_record(first, round % 100);
        cotel_bound_double_histogram_record(second, round % 1000 + 0.5);
    }
    cotel_bound_counter_unbind(count);
    cotel_bound_double_histogram_unbind(first);
    cotel_bound_double_histogram_unbind(second);
}

static void *record(void *argument)
{
    const struct recorder *recorder = argument;
    if (recorder->number % 8 == 7) {
        record_bound(recorder->number);
        return NULL;
    }
    for (unsigned round = 0; round < ROUNDS; round++)
        record_round(recorder->number, round);
    return NULL;
}

/* What has come from a reader. */
struct collector {
    pthread_t thread;
    cotel_metric_reader *reader;
    bool is_delta;
    size_t collections;
    struct totals counts, explicits, exponentials;
};

/* Deltas add up; of cumulative sums, none may ever go down. */
static void take(struct totals *so_far, const struct totals *now, bool is_delta)
{
    if (!is_delta) {
        assert_true(now->sum >= so_far->sum);
        assert_true(now->measurements >= so_far->measurements);
        *so_far = *now;
        return;
    }
    so_far->sum += now->sum;
    so_far->measurements += now->measurements;
    so_far->bucketed += now->bucketed;
    so_far->measured += now->measured;
}

static void collect_once(struct collector *collector)
{
    cotel_batch *batch = collect_now(collector->reader);
    struct totals counts = totals_of(batch, "count");
    struct totals explicits = totals_of(batch, "explicit");
    struct totals exponentials = totals_of(batch, "exponential");
    assert_int_equal(explicits.measurements, explicits.bucketed);
    assert_int_equal(exponentials.measurements, exponentials.bucketed);
    take(&collector->counts, &counts, collector->is_delta);
    take(&collector->explicits, &explicits, collector->is_delta);
    take(&collector->exponentials, &exponentials, collector->is_delta);
    collector->collections++;
    cotel_batch_unref(batch);
}

static void *collect(void *argument)
{
    while (!atomic_load(&done))
        collect_once(argument);
    return NULL;
}

/* ---- Prometheus ---- */

struct scraped {
    pthread_t thread;
    struct scraper *scraper;
    size_t scrapes;
    double count; /* of all series; never goes down */
};

static void scrape_once(struct scraped *scraped)
{
    double count = scraper_sum(scraped->scraper, "count_total");
    assert_true(count >= scraped->count);
    scraped->count = count;
    scraped->scrapes++;
}

static void *scrape(void *argument)
{
    while (!atomic_load(&done))
        scrape_once(argument);
    return NULL;
}

static void run_all(struct collector *collectors, size_t count, struct scraped *scraped)
{
    struct recorder recorders[THREADS];
    assert_int_equal(pthread_create(&scraped->thread, NULL, scrape, scraped), 0);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_create(&collectors[i].thread, NULL, collect, &collectors[i]), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        recorders[i].number = i;
        assert_int_equal(pthread_create(&recorders[i].thread, NULL, record, &recorders[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(recorders[i].thread, NULL);
    atomic_store(&done, true);
    for (size_t i = 0; i < count; i++)
        pthread_join(collectors[i].thread, NULL);
    pthread_join(scraped->thread, NULL);
}

static void assert_totals(const struct collector *collector)
{
    const int64_t each = (int64_t)ROUNDS * THREADS;
    double explicit_sum = 0, exponential_sum = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        explicit_sum += round % 100;
        exponential_sum += round % 1000 + 0.5;
    }
    assert_int_equal(collector->counts.sum, each);
    assert_int_equal(collector->explicits.measurements, each);
    assert_int_equal(collector->exponentials.measurements, each);
    assert_true(collector->explicits.measured == explicit_sum * THREADS);
    assert_true(collector->exponentials.measured == exponential_sum * THREADS);
}

static void ten_million_of_64_threads_are_counted_once_during_collections(void **state)
{
    (void)state;
    cotel_aggregation base2 = COTEL_AGGREGATION_INIT;
    base2.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM;
    cotel_view view = COTEL_VIEW_INIT;
    view.instrument_name = "exponential";
    view.aggregation = &base2;
    struct scraped scraped = {.scraper = scraper_create()};
    cotel_metric_reader *readers[] = {reader_with(COTEL_TEMPORALITY_CUMULATIVE, 0),
                                      reader_with(COTEL_TEMPORALITY_DELTA, 0),
                                      scraper_reader(scraped.scraper)};
    cotel_meter_provider *provider = provider_with(readers, COUNT_OF(readers), &view, 1);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "load", NULL);
    counter = cotel_counter_get(meter, "count", NULL);
    explicit_one = cotel_double_histogram_get(meter, "explicit", NULL);
    exponential = cotel_double_histogram_get(meter, "exponential", NULL);

    struct collector collectors[] = {{.reader = readers[0]},
                                     {.reader = readers[1], .is_delta = true}};
    run_all(collectors, 2, &scraped);
    scrape_once(&scraped);
    assert_true(scraped.scrapes > 1);
    assert_true(scraped.count == (double)ROUNDS * THREADS);
    for (size_t i = 0; i < 2; i++) {
        collect_once(&collectors[i]);
        assert_true(collectors[i].collections > 1);
        assert_totals(&collectors[i]);
    }
    cotel_meter_provider_destroy(provider);
    scraper_destroy(scraped.scraper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_million_of_64_threads_are_counted_once_during_collections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
