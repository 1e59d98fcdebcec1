/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/instrument_report.h"

#include <cotel/sdk/diagnostics.h>

#include "sdk/metrics/view/aggregation_rules.h"
#include "sdk/metrics/view/identity.h"
#include "wire/str.h"

#define COMPONENT "meter"

/* A text for "%.*s". */
#define TEXT(text) (int)(text).size, (text).data

void ct_instrument_report_faults(const struct ct_instrument_info *info)
{
    if (!ct_instrument_name_is_valid(info->name))
        cotel_diagnostics_report(COTEL_LOG_ERROR, COMPONENT,
                                 "\"%.*s\" is no name for an instrument", TEXT(info->name));
    if (!ct_instrument_unit_is_valid(info->unit))
        cotel_diagnostics_report(
            COTEL_LOG_ERROR, COMPONENT,
            "the unit of %.*s is longer than %d bytes or not ASCII, and is left out",
            TEXT(info->name), COTEL_INSTRUMENT_MAX_UNIT);
    if (!ct_boundaries_are_valid(info->boundaries, info->boundary_count))
        cotel_diagnostics_report(COTEL_LOG_ERROR, COMPONENT,
                                 "the boundaries advised for %.*s do not ascend, are not finite or "
                                 "too many, and are left out",
                                 TEXT(info->name));
}

void ct_instrument_report_case(const struct ct_sdk_instrument *first,
                               const struct ct_instrument_info *info)
{
    if (!ct_str_equal(first->info.name, info->name))
        cotel_diagnostics_report(COTEL_LOG_ERROR, COMPONENT,
                                 "the instrument %.*s is called %.*s, as it was before",
                                 TEXT(info->name), TEXT(first->info.name));
}

/* ---- advice ---- */

static bool has_same_advice(const struct ct_instrument_info *a, const struct ct_instrument_info *b)
{
    if ((a->boundaries == NULL) != (b->boundaries == NULL) ||
        a->boundary_count != b->boundary_count ||
        a->attribute_key_count != b->attribute_key_count ||
        (a->attribute_keys == NULL) != (b->attribute_keys == NULL))
        return false;
    for (size_t i = 0; a->boundaries != NULL && i < a->boundary_count; i++) {
        if (a->boundaries[i] != b->boundaries[i])
            return false;
    }
    for (size_t i = 0; a->attribute_keys != NULL && i < a->attribute_key_count; i++) {
        if (!ct_str_equal(a->attribute_keys[i], b->attribute_keys[i]))
            return false;
    }
    return true;
}

void ct_instrument_report_advice(const struct ct_sdk_instrument *first,
                                 const struct ct_instrument_info *info)
{
    if (!has_same_advice(&first->info, info))
        cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                                 "the advice for %.*s differs from that of its first "
                                 "registration, which counts",
                                 TEXT(info->name));
}

/* ---- streams that a backend can't tell apart ---- */

static bool is_conflict(const struct ct_stream *a, const struct ct_stream *b)
{
    return a != b && a->reader == b->reader &&
           ct_instrument_name_equal(a->config.name, b->config.name);
}

/* Whether a stream of `other` is in the way of this one. */
static bool has_conflict(const struct ct_sdk_instrument *other, const struct ct_stream *stream)
{
    for (size_t i = 0; i < other->stream_count; i++) {
        if (is_conflict(other->streams[i], stream))
            return true;
    }
    return false;
}

static const struct ct_sdk_instrument *find_conflict(const struct ct_sdk_instrument *instrument,
                                                     const struct ct_stream *stream)
{
    if (has_conflict(instrument, stream))
        return instrument;
    const struct ct_sdk_instrument *other =
        atomic_load_explicit(&instrument->meter->first, memory_order_acquire);
    while (other != NULL && !has_conflict(other, stream))
        other = atomic_load_explicit(&other->next, memory_order_acquire);
    return other;
}

/* With what helps: a view that selects by what the two differ in. */
static void report_two(const struct ct_sdk_instrument *instrument,
                       const struct ct_sdk_instrument *other, cotel_str stream)
{
    if (other == instrument)
        cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                                 "several views of the instrument %.*s give a stream called %.*s: "
                                 "all are exported; a name of its own in each view tells them "
                                 "apart",
                                 TEXT(instrument->info.name), TEXT(stream));
    else if (ct_instrument_name_equal(other->info.name, instrument->info.name))
        cotel_diagnostics_report(
            COTEL_LOG_WARNING, COMPONENT,
            "there are two instruments %.*s of one meter that differ in kind, type of number, unit "
            "or description: both are exported; a view may rename one of them by its kind or unit, "
            "or give both one description",
            TEXT(instrument->info.name));
    else
        cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                                 "%.*s and %.*s both give a stream called %.*s: both are exported; "
                                 "a view may rename one of them",
                                 TEXT(other->info.name), TEXT(instrument->info.name), TEXT(stream));
}

void ct_instrument_report_conflict(const struct ct_sdk_instrument *instrument)
{
    for (size_t i = 0; i < instrument->stream_count; i++) {
        const struct ct_stream *stream = instrument->streams[i];
        const struct ct_sdk_instrument *other = find_conflict(instrument, stream);
        if (other != NULL) {
            report_two(instrument, other, stream->config.name);
            return;
        }
    }
}
