/* SPDX-License-Identifier: Apache-2.0 */
/* In place of otlp_grpc_from_settings.c, where that exporter is not built. Nothing else is tried:
 * at gRPC's endpoint nobody would understand it. */
#include "otlp_settings.h"

cotel_status ct_otlp_grpc_from_settings(const struct ct_otlp_settings *settings,
                                        cotel_exporter **out)
{
    cotel_diagnostics_report(COTEL_LOG_ERROR, CT_ENV_COMPONENT,
                             "OTLP over gRPC is not in this build");
    return COTEL_STATUS_NOT_FOUND;
}
