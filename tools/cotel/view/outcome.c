/* SPDX-License-Identifier: Apache-2.0 */
#include "view/outcome.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    unsigned http_status;
    enum ct_grpc_code grpc_code;
} grpc_codes[] = {
    {200, CT_GRPC_OK},
    {400, CT_GRPC_INVALID_ARGUMENT},
    {404, CT_GRPC_NOT_FOUND},
    {405, CT_GRPC_UNIMPLEMENTED},
    {413, CT_GRPC_RESOURCE_EXHAUSTED},
    {415, CT_GRPC_INVALID_ARGUMENT},
    {500, CT_GRPC_INTERNAL},
    {501, CT_GRPC_UNIMPLEMENTED},
    {503, CT_GRPC_UNAVAILABLE},
};

void ct_outcome_refuse(struct ct_outcome *outcome, unsigned http_status, const char *format, ...)
{
    va_list arguments;

    if (outcome->http_status)
        return;
    outcome->http_status = http_status;
    va_start(arguments, format);
    vsnprintf(outcome->reason, sizeof(outcome->reason), format, arguments);
    va_end(arguments);
}

enum ct_grpc_code ct_outcome_grpc_code(const struct ct_outcome *outcome)
{
    for (size_t i = 0; i < sizeof(grpc_codes) / sizeof(grpc_codes[0]); i++)
        if (grpc_codes[i].http_status == outcome->http_status)
            return grpc_codes[i].grpc_code;
    return CT_GRPC_UNKNOWN;
}
