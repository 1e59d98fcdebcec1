/* SPDX-License-Identifier: Apache-2.0 */
/* What became of spans that went through the whole SDK to a peer that misbehaves, and what was told
 * of it. */
#ifndef COTEL_TESTS_FAULT_ACCOUNTING_H
#define COTEL_TESTS_FAULT_ACCOUNTING_H

#include <cotel/exporters/otlp.h>
#include <cotel/sdk/sdk.h>

/* Two batches: one ends before the other begins. */
enum { SPANS = 20, BATCH = 10 };

/* Of a batch to a peer that never answers well; and where it may take as long as it needs. */
enum { SHORT_MS = 400, PATIENCE_MS = 20000 };

/* What a row of a fault table says. */
struct expectation {
    uint64_t lost; /* of SPANS; the others arrive */
    cotel_drop_reason reason;
    unsigned requests;       /* how many the peer sees; 0: any number, by the clock */
    uint64_t least_ms;       /* how long it takes */
    const char *told;        /* words of one line of diagnostics; NULL: nothing is told */
    const char *told_of_try; /* words of another, about a retry; NULL: none is looked for */
};

/* Sends SPANS through a provider with this exporter and flushes. Fails when the counts, of spans,
 * or of drops by reason, do not add up, or are not as expected. */
void account_for(const char *fault, cotel_exporter *exporter, const struct expectation *expected);

/* The same of the counts alone; what is told is not looked at. */
void count_for(cotel_exporter *exporter, const struct expectation *expected);

/* Makes and destroys so many providers with a tracer each that export nothing: tracers are kept for
 * good, so this is what providers leave behind whatever their exporters do. */
void make_tracers(int count);

/* The peer's part: how many requests it saw. */
void account_for_requests(const struct expectation *expected, unsigned requests);

/* Eight million zeros, packed into a few kilobytes. Borrowed; made once. */
const void *gzip_bomb(size_t *size);

#endif
