/* SPDX-License-Identifier: Apache-2.0 */
/* The command line may hold secrets: only who asks for it gets it. */
#include <stdlib.h>

#include "sdk/resource/detect.h"
#include "sdk/resource/read_file.h"

/* What is beyond is left out. */
#define COMMAND_MAX_SIZE (64u << 10)
#define COMMAND_MAX_ARGUMENTS 1024

/* Cuts the text at its NULs; returns how many pieces there are. */
static size_t split(cotel_str text, cotel_str *pieces, size_t capacity)
{
    size_t count = 0;
    while (text.size != 0 && count < capacity) {
        size_t size = strnlen(text.data, text.size);
        pieces[count++] = cotel_str_n(text.data, size);
        size_t step = size < text.size ? size + 1 : size;
        text = cotel_str_n(text.data + step, text.size - step);
    }
    return count;
}

void ct_detect_command(struct ct_findings *findings)
{
    struct ct_attribute_list *list = &findings->loose;
    struct ct_buffer text = CT_BUFFER_INIT;
    cotel_str *arguments = calloc(COMMAND_MAX_ARGUMENTS, sizeof *arguments);
    if (!arguments) {
        list->failed = true;
    } else if (ct_read_file("/proc/self/cmdline", COMMAND_MAX_SIZE, &text) && text.size != 0) {
        size_t count = split(cotel_str_n((const char *)text.data, text.size), arguments,
                             COMMAND_MAX_ARGUMENTS);
        ct_attribute_list_add(list, cotel_attribute_of("process.command_args",
                                                       cotel_value_string_array(arguments, count)));
        findings->loose_have_schema = true;
    }
    free(arguments);
    ct_buffer_fini(&text);
}
