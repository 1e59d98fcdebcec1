/* SPDX-License-Identifier: Apache-2.0 */
/** @file metrics.h
 *  Metrics: how often, how long, how much.
 *
 *      cotel_meter *meter = cotel_meter_get("my.library", NULL);
 *      cotel_counter *requests = cotel_counter_get(meter, "requests", NULL);
 *      const cotel_attribute attributes[] = {cotel_attribute_string("model", "gpt-4o")};
 *      cotel_counter_add(requests, 1, attributes, 1);
 *
 *  Where the attributes are known beforehand, bind them once; recording then takes a few
 *  nanoseconds:
 *
 *      cotel_bound_counter *gpt = cotel_counter_bind(requests, attributes, 1);
 *      cotel_bound_counter_add(gpt, 1);
 *
 *  Each kind of instrument comes for integers and for doubles, as types of their own: what counts
 *  money can't be given to a function that would cut off the cents.
 *
 *  Everything here may be called from any thread, several at a time on one instrument, before an
 *  SDK is installed, and after it was shut down: then the calls do nothing, safely. None blocks,
 *  and none can fail in a way that the program must handle; what could not be recorded is counted.
 *  A thread that records takes no lock that another one holds for more than a few instructions, and
 *  allocates only for a set of attributes that is new, that has more than 32, or that is not as it
 *  would be kept: a key that is there twice, text that is not UTF-8, values that are no scalars. A
 *  new set may wait for another new one of its instrument. Not for signal handlers: one may have
 *  interrupted the very thread that holds a lock.
 *
 *  Attributes are a set: their order does not matter, of equal keys the last one counts, one with
 *  an empty key is not there. They are not subject to attribute limits; the number of sets of an
 *  instrument is (2000 by default, cotel/sdk/view.h).
 *
 *  Implements: metrics/api.md of the specification.
 */
#ifndef COTEL_METRICS_H
#define COTEL_METRICS_H

#include <cotel/attribute.h>
#include <cotel/context.h>
#include <cotel/trace.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/* ---- meters ------------------------------------------------------------------------------- */

/** Makes instruments for one instrumentation scope. Borrowed for ever: never freed. */
typedef struct cotel_meter cotel_meter;

/** Makes meters; owned by the program through the SDK, see cotel/sdk/meter_provider.h. */
typedef struct cotel_meter_provider cotel_meter_provider;

/** What else identifies a scope. Every field is copied. */
typedef struct cotel_meter_options {
    size_t size;                       /**< sizeof of this struct */
    const char *version;               /**< of the library; NULL: none */
    const char *schema_url;            /**< NULL: none */
    const cotel_attribute *attributes; /**< of the scope */
    size_t attribute_count;
} cotel_meter_options;

/** Every default of cotel_meter_options. */
#define COTEL_METER_OPTIONS_INIT                         \
    {                                                    \
        sizeof(cotel_meter_options), NULL, NULL, NULL, 0 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_meter_options_init(cotel_meter_options *options);

/** The meter of a scope, from the global provider. One taken before an SDK is installed starts to
 *  work once it is, with all its instruments, bound ones and callbacks. The same name, version,
 *  schema url and attributes give the same meter. A NULL or empty name works, and stays as it is;
 *  an SDK that is installed tells diagnostics. `options` may be NULL. Never NULL: when memory is
 *  out, or 65,536 scopes exist, a shared meter whose instruments record nothing. Takes a short
 *  lock; keep the result. Since 0.1. Implements: metrics/api.md "Get a Meter". */
COTEL_API cotel_meter *cotel_meter_get(const char *name, const cotel_meter_options *options);

/** The same from a certain provider that was not destroyed; NULL: the global one. Since 0.1. */
COTEL_API cotel_meter *cotel_meter_provider_get_meter(cotel_meter_provider *provider,
                                                      const char *name,
                                                      const cotel_meter_options *options);

/** The provider behind cotel_meter_get(); NULL when there is none. Borrowed. Since 0.1. */
COTEL_API cotel_meter_provider *cotel_meter_provider_global(void);

/** Sets it; NULL takes it away. Meters already taken with cotel_meter_get() follow. Does not own:
 *  whoever created the provider shuts it down. Takes a short lock. Since 0.1. */
COTEL_API void cotel_meter_provider_set_global(cotel_meter_provider *provider);

/* ---- instruments -------------------------------------------------------------------------- */

/** The kinds of instruments. The numbers are fixed; those of integers and of doubles are one. */
typedef enum cotel_instrument_kind {
    COTEL_INSTRUMENT_COUNTER = 0,
    COTEL_INSTRUMENT_UP_DOWN_COUNTER = 1,
    COTEL_INSTRUMENT_HISTOGRAM = 2,
    COTEL_INSTRUMENT_GAUGE = 3,
    COTEL_INSTRUMENT_OBSERVABLE_COUNTER = 4,
    COTEL_INSTRUMENT_OBSERVABLE_UP_DOWN_COUNTER = 5,
    COTEL_INSTRUMENT_OBSERVABLE_GAUGE = 6
} cotel_instrument_kind;

/** How many kinds there are. */
#define COTEL_INSTRUMENT_KINDS 7

/** The longest name of an instrument, and the longest unit, in bytes. */
#define COTEL_INSTRUMENT_MAX_NAME 255
#define COTEL_INSTRUMENT_MAX_UNIT 63

/** The most instruments of one meter. */
#define COTEL_METER_MAX_INSTRUMENTS 4096

/** What an instrument is besides its name. Every field is copied. */
typedef struct cotel_instrument_options {
    size_t size;             /**< sizeof of this struct */
    const char *unit;        /**< of UCUM, such as "s", "By", "{request}"; NULL: none */
    const char *description; /**< NULL: none */
    /** Advice: the boundaries of a histogram's buckets, ascending. NULL: the SDK's default; not
     * NULL with a count of 0: one bucket. A view beats it. */
    const double *boundaries;
    size_t boundary_count;
    /** Advice: the attributes that are worth keeping; others go to exemplars only. NULL: all. A
     * view that names its own beats it. [Development in the specification] */
    const char *const *attribute_keys;
    size_t attribute_key_count;
} cotel_instrument_options;

/** Every default of cotel_instrument_options. */
#define COTEL_INSTRUMENT_OPTIONS_INIT                                  \
    {                                                                  \
        sizeof(cotel_instrument_options), NULL, NULL, NULL, 0, NULL, 0 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_instrument_options_init(cotel_instrument_options *options);

/* Instruments are borrowed for ever, good to keep in a static. The same meter, kind, type of
 * number, name, unit, description and advice give the same instrument. One whose name is taken with
 * another kind, unit or description works too: it is a stream of its own, and an SDK tells
 * diagnostics. A name is a letter and up to 254 of letters, digits and _ . - /; upper and lower
 * case are the same, and the first one seen counts. With a name that is not so, or that is NULL,
 * the instrument works under that name, and an SDK tells diagnostics. A unit longer than 63 bytes,
 * or not of ASCII, is told too and left out. Never NULL: when memory is out, or the meter has
 * COTEL_METER_MAX_INSTRUMENTS, one that records nothing. `meter` NULL gives such a one too. All of
 * these take a short lock. */

/** Counts what only grows, such as requests, tokens, cents. A negative increment is refused, and
 *  counted. */
typedef struct cotel_counter cotel_counter;
typedef struct cotel_double_counter cotel_double_counter;
/** Counts what comes and goes, such as requests under way. */
typedef struct cotel_up_down_counter cotel_up_down_counter;
typedef struct cotel_double_up_down_counter cotel_double_up_down_counter;
/** Measures what has a distribution, such as latencies and sizes. A negative value is refused, and
 *  counted. */
typedef struct cotel_histogram cotel_histogram;
typedef struct cotel_double_histogram cotel_double_histogram;
/** Says what is so now, such as a temperature. */
typedef struct cotel_gauge cotel_gauge;
typedef struct cotel_double_gauge cotel_double_gauge;

/** The instrument of that kind. `options` may be NULL. Since 0.1.
 *  Implements: metrics/api.md "Instrument". */
COTEL_API cotel_counter *cotel_counter_get(cotel_meter *meter, const char *name,
                                           const cotel_instrument_options *options);
COTEL_API cotel_double_counter *cotel_double_counter_get(cotel_meter *meter, const char *name,
                                                         const cotel_instrument_options *options);
COTEL_API cotel_up_down_counter *cotel_up_down_counter_get(cotel_meter *meter, const char *name,
                                                           const cotel_instrument_options *options);
COTEL_API cotel_double_up_down_counter *cotel_double_up_down_counter_get(
    cotel_meter *meter, const char *name, const cotel_instrument_options *options);
COTEL_API cotel_histogram *cotel_histogram_get(cotel_meter *meter, const char *name,
                                               const cotel_instrument_options *options);
COTEL_API cotel_double_histogram *cotel_double_histogram_get(
    cotel_meter *meter, const char *name, const cotel_instrument_options *options);
COTEL_API cotel_gauge *cotel_gauge_get(cotel_meter *meter, const char *name,
                                       const cotel_instrument_options *options);
COTEL_API cotel_double_gauge *cotel_double_gauge_get(cotel_meter *meter, const char *name,
                                                     const cotel_instrument_options *options);

/** Records one value. The current context says which span an exemplar points to. Takes a NULL
 *  instrument, and NULL attributes with a count of 0. Values of doubles that are not finite are
 *  refused, and counted, except by gauges, unless a view makes sums or buckets of them. Since 0.1.
 */
COTEL_API void cotel_counter_add(cotel_counter *counter, int64_t value,
                                 const cotel_attribute *attributes, size_t count);
COTEL_API void cotel_double_counter_add(cotel_double_counter *counter, double value,
                                        const cotel_attribute *attributes, size_t count);
COTEL_API void cotel_up_down_counter_add(cotel_up_down_counter *counter, int64_t value,
                                         const cotel_attribute *attributes, size_t count);
COTEL_API void cotel_double_up_down_counter_add(cotel_double_up_down_counter *counter, double value,
                                                const cotel_attribute *attributes, size_t count);
COTEL_API void cotel_histogram_record(cotel_histogram *histogram, int64_t value,
                                      const cotel_attribute *attributes, size_t count);
COTEL_API void cotel_double_histogram_record(cotel_double_histogram *histogram, double value,
                                             const cotel_attribute *attributes, size_t count);
COTEL_API void cotel_gauge_record(cotel_gauge *gauge, int64_t value,
                                  const cotel_attribute *attributes, size_t count);
COTEL_API void cotel_double_gauge_record(cotel_double_gauge *gauge, double value,
                                         const cotel_attribute *attributes, size_t count);

/** The same in a context of its own (NULL: the current one). Since 0.1. */
COTEL_API void cotel_counter_add_in(cotel_counter *counter, int64_t value,
                                    const cotel_attribute *attributes, size_t count,
                                    const cotel_context *context);
COTEL_API void cotel_double_counter_add_in(cotel_double_counter *counter, double value,
                                           const cotel_attribute *attributes, size_t count,
                                           const cotel_context *context);
COTEL_API void cotel_up_down_counter_add_in(cotel_up_down_counter *counter, int64_t value,
                                            const cotel_attribute *attributes, size_t count,
                                            const cotel_context *context);
COTEL_API void cotel_double_up_down_counter_add_in(cotel_double_up_down_counter *counter,
                                                   double value, const cotel_attribute *attributes,
                                                   size_t count, const cotel_context *context);
COTEL_API void cotel_histogram_record_in(cotel_histogram *histogram, int64_t value,
                                         const cotel_attribute *attributes, size_t count,
                                         const cotel_context *context);
COTEL_API void cotel_double_histogram_record_in(cotel_double_histogram *histogram, double value,
                                                const cotel_attribute *attributes, size_t count,
                                                const cotel_context *context);
COTEL_API void cotel_gauge_record_in(cotel_gauge *gauge, int64_t value,
                                     const cotel_attribute *attributes, size_t count,
                                     const cotel_context *context);
COTEL_API void cotel_double_gauge_record_in(cotel_double_gauge *gauge, double value,
                                            const cotel_attribute *attributes, size_t count,
                                            const cotel_context *context);

/** Whether recording can come to anything: false without an SDK, after shutdown, when the meter is
 *  disabled, and when every view of the instrument drops it. It may change; ask each time. NULL is
 *  not. Since 0.1. Implements: metrics/api.md "Enabled". */
COTEL_API bool cotel_counter_enabled(const cotel_counter *counter);
COTEL_API bool cotel_double_counter_enabled(const cotel_double_counter *counter);
COTEL_API bool cotel_up_down_counter_enabled(const cotel_up_down_counter *counter);
COTEL_API bool cotel_double_up_down_counter_enabled(const cotel_double_up_down_counter *counter);
COTEL_API bool cotel_histogram_enabled(const cotel_histogram *histogram);
COTEL_API bool cotel_double_histogram_enabled(const cotel_double_histogram *histogram);
COTEL_API bool cotel_gauge_enabled(const cotel_gauge *gauge);
COTEL_API bool cotel_double_gauge_enabled(const cotel_double_gauge *gauge);

/* ---- bound instruments -------------------------------------------------------------------- */

/** An instrument with its attributes: they are looked up, filtered by views and held against the
 *  cardinality limit once, when it is bound. Behaves as recording with these attributes does. Yours
 *  to unbind: a bound one that is kept counts against the limit for as long. */
typedef struct cotel_bound_counter cotel_bound_counter;
typedef struct cotel_bound_double_counter cotel_bound_double_counter;
typedef struct cotel_bound_up_down_counter cotel_bound_up_down_counter;
typedef struct cotel_bound_double_up_down_counter cotel_bound_double_up_down_counter;
typedef struct cotel_bound_histogram cotel_bound_histogram;
typedef struct cotel_bound_double_histogram cotel_bound_double_histogram;
typedef struct cotel_bound_gauge cotel_bound_gauge;
typedef struct cotel_bound_double_gauge cotel_bound_double_gauge;

/** Binds. The attributes are copied. Works before an SDK is installed, and follows it. NULL, which
 *  all that take a bound instrument accept, when memory is out or the instrument is NULL. Takes a
 *  short lock. Since 0.1. Implements: metrics/api.md "Bind" [Development]. */
COTEL_API cotel_bound_counter *cotel_counter_bind(cotel_counter *counter,
                                                  const cotel_attribute *attributes, size_t count);
COTEL_API cotel_bound_double_counter *cotel_double_counter_bind(cotel_double_counter *counter,
                                                                const cotel_attribute *attributes,
                                                                size_t count);
COTEL_API cotel_bound_up_down_counter *cotel_up_down_counter_bind(cotel_up_down_counter *counter,
                                                                  const cotel_attribute *attributes,
                                                                  size_t count);
COTEL_API cotel_bound_double_up_down_counter *cotel_double_up_down_counter_bind(
    cotel_double_up_down_counter *counter, const cotel_attribute *attributes, size_t count);
COTEL_API cotel_bound_histogram *cotel_histogram_bind(cotel_histogram *histogram,
                                                      const cotel_attribute *attributes,
                                                      size_t count);
COTEL_API cotel_bound_double_histogram *cotel_double_histogram_bind(
    cotel_double_histogram *histogram, const cotel_attribute *attributes, size_t count);
COTEL_API cotel_bound_gauge *cotel_gauge_bind(cotel_gauge *gauge, const cotel_attribute *attributes,
                                              size_t count);
COTEL_API cotel_bound_double_gauge *cotel_double_gauge_bind(cotel_double_gauge *gauge,
                                                            const cotel_attribute *attributes,
                                                            size_t count);

/** Records one value, in the current context. Takes NULL. Since 0.1. */
COTEL_API void cotel_bound_counter_add(cotel_bound_counter *bound, int64_t value);
COTEL_API void cotel_bound_double_counter_add(cotel_bound_double_counter *bound, double value);
COTEL_API void cotel_bound_up_down_counter_add(cotel_bound_up_down_counter *bound, int64_t value);
COTEL_API void cotel_bound_double_up_down_counter_add(cotel_bound_double_up_down_counter *bound,
                                                      double value);
COTEL_API void cotel_bound_histogram_record(cotel_bound_histogram *bound, int64_t value);
COTEL_API void cotel_bound_double_histogram_record(cotel_bound_double_histogram *bound,
                                                   double value);
COTEL_API void cotel_bound_gauge_record(cotel_bound_gauge *bound, int64_t value);
COTEL_API void cotel_bound_double_gauge_record(cotel_bound_double_gauge *bound, double value);

/** Gives it back; no other thread may be using it. What was recorded stays. Takes NULL. Takes a
 *  short lock. Since 0.1. */
COTEL_API void cotel_bound_counter_unbind(cotel_bound_counter *bound);
COTEL_API void cotel_bound_double_counter_unbind(cotel_bound_double_counter *bound);
COTEL_API void cotel_bound_up_down_counter_unbind(cotel_bound_up_down_counter *bound);
COTEL_API void cotel_bound_double_up_down_counter_unbind(cotel_bound_double_up_down_counter *bound);
COTEL_API void cotel_bound_histogram_unbind(cotel_bound_histogram *bound);
COTEL_API void cotel_bound_double_histogram_unbind(cotel_bound_double_histogram *bound);
COTEL_API void cotel_bound_gauge_unbind(cotel_bound_gauge *bound);
COTEL_API void cotel_bound_double_gauge_unbind(cotel_bound_double_gauge *bound);

/* ---- observable instruments --------------------------------------------------------------- */

/** An instrument that is not recorded: whoever collects asks callbacks for its values. Borrowed for
 *  ever. */
typedef struct cotel_observable cotel_observable;

/** Where a callback puts its observations. Good during the callback only. */
typedef struct cotel_observer cotel_observer;

/** Observes: calls cotel_observe() for each value. Called once for each collection of each reader,
 *  on the thread that collects, never twice at a time by one provider, and with no lock held that
 *  recording takes. It should return at once: what it waits for, all metrics of the provider wait
 *  for. It may record, get instruments, and add and remove callbacks; one that it adds is called
 *  from the next collection on. Flushing or shutting metrics down from it is refused. A child that
 *  it forks does not finish the collection: what it observes comes to nothing. */
typedef void (*cotel_observable_callback)(cotel_observer *observer, void *user);

/** The instrument of that kind, for integers or doubles. `options` may be NULL. `callback`, if it
 *  is not NULL, is added as cotel_observable_add_callback() does, for ever, and once with a `user`
 *  however often the instrument is asked for; it may run on another thread before this returns, so
 *  one that finds its instrument where the result is put is to be added afterwards. What it
 * observes is a total (counters) or a value (gauges), not an increment. Since 0.1. Implements:
 * metrics/api.md "Asynchronous Instrument API". */
COTEL_API cotel_observable *cotel_observable_counter_get(cotel_meter *meter, const char *name,
                                                         const cotel_instrument_options *options,
                                                         cotel_observable_callback callback,
                                                         void *user);
COTEL_API cotel_observable *cotel_observable_double_counter_get(
    cotel_meter *meter, const char *name, const cotel_instrument_options *options,
    cotel_observable_callback callback, void *user);
COTEL_API cotel_observable *cotel_observable_up_down_counter_get(
    cotel_meter *meter, const char *name, const cotel_instrument_options *options,
    cotel_observable_callback callback, void *user);
COTEL_API cotel_observable *cotel_observable_double_up_down_counter_get(
    cotel_meter *meter, const char *name, const cotel_instrument_options *options,
    cotel_observable_callback callback, void *user);
COTEL_API cotel_observable *cotel_observable_gauge_get(cotel_meter *meter, const char *name,
                                                       const cotel_instrument_options *options,
                                                       cotel_observable_callback callback,
                                                       void *user);
COTEL_API cotel_observable *cotel_observable_double_gauge_get(
    cotel_meter *meter, const char *name, const cotel_instrument_options *options,
    cotel_observable_callback callback, void *user);

/** One value of an instrument that the callback was added for. A set of attributes that is not
 *  observed in a collection is not exported by it; of one that is observed twice the last value
 *  counts (where sets become one, since a view leaves attributes out or they are beyond the limit,
 *  counters add up all that is observed). An integer observed on an instrument of doubles becomes
 *  one. Refused and counted: an instrument that the callback was not added for, a double on an
 *  instrument of integers, and doubles that are not finite except on gauges. Since 0.1. */
COTEL_API void cotel_observe(cotel_observer *observer, cotel_observable *instrument, int64_t value,
                             const cotel_attribute *attributes, size_t count);
COTEL_API void cotel_observe_double(cotel_observer *observer, cotel_observable *instrument,
                                    double value, const cotel_attribute *attributes, size_t count);

/** A callback that was added. */
typedef struct cotel_callback cotel_callback;

/** The most instruments of one callback. */
#define COTEL_CALLBACK_MAX_INSTRUMENTS 64

/** Adds a callback for several instruments of one meter. Works before an SDK is installed, and
 *  follows it. @return yours to remove; NULL, without a callback, when memory is out, `callback` is
 *  NULL, there are no instruments or more than COTEL_CALLBACK_MAX_INSTRUMENTS, one is NULL, or they
 *  are of several meters. Takes a short lock. Since 0.1. */
COTEL_API cotel_callback *cotel_observable_add_callback(cotel_observable *const *instruments,
                                                        size_t count,
                                                        cotel_observable_callback callback,
                                                        void *user);

/** Removes and frees it. When this returns it is not running and will not be called again, unless
 *  it is removed from inside itself: then it runs to its end. Waits for a callback that is running
 *  on another thread. Takes NULL. Since 0.1. */
COTEL_API void cotel_callback_remove(cotel_callback *callback);

COTEL_END_DECLS

#endif
