/* SPDX-License-Identifier: Apache-2.0 */
/* Frames are told by their files and the places in them, which addr2line turns into lines, and by
 * the names that the dynamic linker knows. No addresses: where things lie in memory is nobody's
 * business but the process's own. */
#include "base/backtrace.h"

#include <stdint.h>
#include <stdio.h>

#ifdef __GLIBC__

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>

/* Of our own calls, above the caller's. */
#define OWN_FRAMES 8

/* A frame's address is that behind its call; the byte before belongs to the call itself. */
static int write_frame(char *out, size_t room, int number, const void *return_address)
{
    const char *address = (const char *)return_address - 1;
    Dl_info info;
    struct link_map *map;
    if (dladdr1(address, &info, (void **)&map, RTLD_DL_LINKMAP) == 0 || info.dli_fname == NULL)
        return snprintf(out, room, "#%d ?\n", number);
    size_t in_file = (uintptr_t)address - map->l_addr;
    if (info.dli_sname == NULL)
        return snprintf(out, room, "#%d (%s+0x%zx)\n", number, info.dli_fname, in_file);
    return snprintf(out, room, "#%d %s+0x%zx (%s+0x%zx)\n", number, info.dli_sname,
                    (size_t)(address - (const char *)info.dli_saddr), info.dli_fname, in_file);
}

/* All of them when the caller's is not among them. */
static int first_of(void *const *frames, int count, const void *caller)
{
    for (int i = 0; i < count; i++) {
        if (frames[i] == caller)
            return i;
    }
    return 0;
}

size_t ct_backtrace(char out[CT_BACKTRACE_MAX], const void *caller)
{
    void *frames[CT_BACKTRACE_FRAMES + OWN_FRAMES];
    int count = backtrace(frames, CT_BACKTRACE_FRAMES + OWN_FRAMES);
    int first = first_of(frames, count, caller);
    size_t used = 0;
    for (int i = first; i < count && i - first < CT_BACKTRACE_FRAMES; i++) {
        size_t room = CT_BACKTRACE_MAX - used;
        int size = write_frame(out + used, room, i - first, frames[i]);
        if (size < 0 || (size_t)size >= room)
            break;
        used += (size_t)size;
    }
    used -= used != 0; /* the last line end */
    out[used] = '\0';
    return used;
}

#else

size_t ct_backtrace(char out[CT_BACKTRACE_MAX], const void *caller)
{
    (void)caller;
    out[0] = '\0';
    return 0;
}

#endif
