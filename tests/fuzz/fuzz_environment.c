/* SPDX-License-Identifier: Apache-2.0 */
/* Any text in any variable: what it comes to can be shown, hides what is secret, and, written back
 * into the variable, comes to itself. The first byte chooses the variable. */
#include <cotel/sdk/auto.h>

#include "exporters/auto/header_list.h"

#include "fuzz.h"

static bool has_control(const char *text)
{
    while (*text && (unsigned char)*text >= 0x20 && *text != 0x7f)
        text++;
    return *text != '\0';
}

static cotel_env_variable describe(size_t index)
{
    cotel_env_variable variable = {.size = sizeof variable};
    MUST(cotel_env_variable_at(index, &variable));
    MUST(memchr(variable.value, '\0', sizeof variable.value));
    MUST(memchr(variable.note, '\0', sizeof variable.note));
    MUST(!has_control(variable.value) && !has_control(variable.note));
    MUST(variable.source != COTEL_ENV_INVALID || variable.note[0] != '\0');
    MUST(variable.source != COTEL_ENV_DEFAULT || !variable.is_set);
    return variable;
}

/* Control characters are shown as question marks, which may mean something else. */
static void comes_to_itself(size_t index, const cotel_env_variable *first, const char *text)
{
    bool is_cut = strlen(first->value) > sizeof first->value - 8;
    bool is_empty = first->value[0] == '\0'; /* headers: "," */
    if (first->source != COTEL_ENV_ENVIRONMENT || is_cut || is_empty || has_control(text))
        return;
    MUST(setenv(first->name, first->value, 1) == 0);
    cotel_env_variable second = describe(index);
    MUST(second.source == COTEL_ENV_ENVIRONMENT);
    MUST(strcmp(second.value, first->value) == 0);
}

/* Nothing that could forge another header line. */
static void headers_are_clean(const char *text)
{
    struct ct_header_list list;
    if (!ct_header_list_parse(&list, cotel_str_of(text)))
        MUST(list.count == 0);
    for (size_t i = 0; i < list.count; i++) {
        MUST(list.items[i].name[0] != '\0');
        MUST(!has_control(list.items[i].name) && !has_control(list.items[i].value));
    }
    ct_header_list_fini(&list);
}

static size_t variable_count(void)
{
    static size_t count;
    cotel_env_variable variable = {.size = sizeof variable};
    while (cotel_env_variable_at(count, &variable))
        count++;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    size_t index = take_byte(&input) % variable_count();
    char *text = malloc(input.left + 1);
    MUST(text);
    if (input.left > 0)
        memcpy(text, input.at, input.left);
    text[input.left] = '\0';

    /* A sampler that takes an argument, or none of these. */
    MUST(setenv("OTEL_TRACES_SAMPLER", "traceidratio", 1) == 0);
    cotel_env_variable bare = describe(index);
    MUST(setenv(bare.name, text, 1) == 0);
    cotel_env_variable first = describe(index);
    comes_to_itself(index, &first, text);
    headers_are_clean(text);
    MUST(unsetenv(bare.name) == 0);
    free(text);
    return 0;
}
