/* SPDX-License-Identifier: Apache-2.0 */
/* In place of fetch.c where libcurl is missing. */
#include "metrics/source.h"

bool ct_source_fetch(struct ct_source *source, const char *url, struct ct_fault *fault)
{
    return ct_fault_set(fault, "this build of cotel is without libcurl; pipe it into --from -");
}
