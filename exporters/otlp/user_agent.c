/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/user_agent.h"

#include <cotel/version.h>

#include <stdbool.h>
#include <stdio.h>

static const char own[] = "OTel-OTLP-Exporter-C/" COTEL_VERSION;

static bool is_printable(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < 0x20 || *c > 0x7e)
            return false;
    }
    return true;
}

cotel_status ct_otlp_user_agent(const char *product, char **out)
{
    bool has_product = product != NULL && product[0] != '\0';
    if (has_product && !is_printable(product))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (asprintf(out, "%s%s%s", has_product ? product : "", has_product ? " " : "", own) >= 0)
        return COTEL_STATUS_OK;
    *out = NULL;
    return COTEL_STATUS_OUT_OF_MEMORY;
}
