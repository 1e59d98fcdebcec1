/* SPDX-License-Identifier: Apache-2.0 */
/* An exporter for Prometheus, and a client that scrapes it over HTTP. */
#ifndef COTEL_TESTS_INTEGRATION_METRICS_SCRAPER_H
#define COTEL_TESTS_INTEGRATION_METRICS_SCRAPER_H

#include <cotel/sdk/metric_reader.h>

struct scraper;

/* Listens on a free port. */
struct scraper *scraper_create(void);
void scraper_destroy(struct scraper *scraper);

/* To be given to a provider. */
cotel_metric_reader *scraper_reader(struct scraper *scraper);

/* One scrape; the sum of all samples of that name. Ends the test when it is not whole. */
double scraper_sum(struct scraper *scraper, const char *name);

#endif
