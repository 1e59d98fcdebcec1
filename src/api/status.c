/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/status.h>

struct status_entry {
    cotel_status status;
    const char *name;
    const char *text;
};

static const struct status_entry entries[] = {
#define STATUS_ENTRY(name, value, text) {COTEL_STATUS_##name, #name, text},
    COTEL_STATUS_MAP(STATUS_ENTRY)
#undef STATUS_ENTRY
};

static const struct status_entry *find(cotel_status status)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (entries[i].status == status)
            return &entries[i];
    }
    return NULL;
}

const char *cotel_status_name(cotel_status status)
{
    const struct status_entry *entry = find(status);
    return entry ? entry->name : "UNKNOWN";
}

const char *cotel_status_text(cotel_status status)
{
    const struct status_entry *entry = find(status);
    return entry ? entry->text : "not a status of this version";
}
