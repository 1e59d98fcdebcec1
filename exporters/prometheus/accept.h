/* SPDX-License-Identifier: Apache-2.0 */
/* What a client accepts, as its headers say it (RFC 9110, sections 12.4.2, 12.5.1 and 12.5.3).
 *
 * Of all that there is each kind gets the weight of the most specific range that speaks of it, and
 * the heaviest wins; of equals the one that the client named first, and of those that one range
 * covers the oldest format. Whatever cannot be read is passed over, range by range: a scrape is
 * worth more than a grammar, and whoever accepts nothing of ours gets text 0.0.4 as from all
 * libraries for Prometheus. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_ACCEPT_H
#define COTEL_EXPORTERS_PROMETHEUS_ACCEPT_H

#include <cotel/exporters/prometheus.h>

struct ct_prom_wanted {
    cotel_prometheus_format format;
    cotel_prometheus_version version;
    cotel_prometheus_escaping escaping;
};

/* By the value of Accept. Any bytes. */
struct ct_prom_wanted ct_prom_accept(cotel_str header);

/* Whether Accept-Encoding has gzip, and not identity before it. Any bytes. */
bool ct_prom_accepts_gzip(cotel_str header);

#endif
