/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/diagnostics.h>

#include <stdlib.h>

#include "sdk/resource/resource.h"
#include "wire/str.h"

/* Empty gives way to the other; two that differ cannot both be true. */
static cotel_str merge_schema_urls(cotel_str old, cotel_str updating)
{
    if (old.size == 0 || ct_str_equal(old, updating))
        return updating;
    if (updating.size == 0)
        return old;
    cotel_diagnostics_report(COTEL_LOG_WARNING, "resource",
                             "merged resources have different schema urls, %.*s and %.*s: the "
                             "result has none",
                             (int)old.size, old.data, (int)updating.size, updating.data);
    return cotel_str_n(NULL, 0);
}

cotel_status cotel_resource_merge(const cotel_resource *old, const cotel_resource *updating,
                                  cotel_resource **out)
{
    if (!old || !updating || !out)
        return COTEL_STATUS_INVALID_ARGUMENT;
    size_t old_count, updating_count;
    const cotel_attribute *old_items = cotel_resource_attributes(old, &old_count);
    const cotel_attribute *updating_items = cotel_resource_attributes(updating, &updating_count);
    cotel_attribute *all = calloc(old_count + updating_count + 1, sizeof *all);
    if (!all)
        return COTEL_STATUS_OUT_OF_MEMORY;
    /* Behind the old ones, since of equal keys the last one is kept. */
    for (size_t i = 0; i < old_count; i++)
        all[i] = old_items[i];
    for (size_t i = 0; i < updating_count; i++)
        all[old_count + i] = updating_items[i];
    cotel_str url =
        merge_schema_urls(cotel_resource_schema_url(old), cotel_resource_schema_url(updating));
    cotel_status status = ct_resource_build(all, old_count + updating_count, url, out);
    free(all);
    return status;
}
