/* SPDX-License-Identifier: Apache-2.0 */
/* Request headers as OTEL_EXPORTER_OTLP_HEADERS has them: `name=value,name=value`, the values
 * percent-encoded. */
#ifndef COTEL_EXPORTERS_AUTO_HEADER_LIST_H
#define COTEL_EXPORTERS_AUTO_HEADER_LIST_H

#include <cotel/exporters/otlp.h>

struct ct_header_list {
    cotel_otlp_header *items;
    size_t count;
    char *texts; /* what the items point into */
};

/* False when memory is out or a member is malformed; the list is then empty. To be ended
 * by ct_header_list_fini() either way. */
bool ct_header_list_parse(struct ct_header_list *list, cotel_str text);

void ct_header_list_fini(struct ct_header_list *list);

#endif
