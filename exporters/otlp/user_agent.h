/* SPDX-License-Identifier: Apache-2.0 */
/* How the exporters introduce themselves (protocol/exporter.md "User Agent"). */
#ifndef COTEL_EXPORTERS_OTLP_USER_AGENT_H
#define COTEL_EXPORTERS_OTLP_USER_AGENT_H

#include <cotel/status.h>

/* "PRODUCT OTel-OTLP-Exporter-C/VERSION"; NULL or empty: without a product. *out is the caller's to
 * free. INVALID_ARGUMENT: a product that is no printable ASCII. OUT_OF_MEMORY. */
cotel_status ct_otlp_user_agent(const char *product, char **out);

#endif
