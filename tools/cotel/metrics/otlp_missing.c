/* SPDX-License-Identifier: Apache-2.0 */
/* In place of otlp.c where the Prometheus exporter is missing. */
#include "metrics/otlp.h"

bool ct_read_otlp(struct ct_text text, struct ct_exposition *exposition, struct ct_fault *fault)
{
    *fault = (struct ct_fault){0};
    return ct_fault_set(fault, "this build of cotel reads no OTLP: it is without the exporter");
}
