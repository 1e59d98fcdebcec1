/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as /proc/self/cgroup and as /proc/self/mountinfo: what is found is a piece of it, of a
 * length that an id can have. */
#include "fuzz.h"
#include "sdk/resource/container_id.h"

static void check(cotel_str id, cotel_str text)
{
    if (id.size == 0)
        return;
    MUST(id.size >= 34 && id.size < CT_CONTAINER_ID_SIZE);
    MUST(id.data >= text.data && id.data + id.size <= text.data + text.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of its own, so that reading beyond its end is seen. */
    char *copy = malloc(size + !size);
    MUST(copy);
    if (size > 0)
        memcpy(copy, data, size);
    cotel_str text = cotel_str_n(copy, size);
    check(ct_container_id_of_cgroup(text), text);
    check(ct_container_id_of_mountinfo(text), text);
    free(copy);
    return 0;
}
