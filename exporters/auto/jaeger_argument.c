/* SPDX-License-Identifier: Apache-2.0 */
#include "jaeger_argument.h"

#include "env_parse.h"

static bool read_endpoint(struct ct_jaeger_argument *argument, cotel_str value)
{
    if (!ct_env_is_url(value))
        return false;
    argument->has_endpoint = true;
    argument->endpoint = value;
    return true;
}

static bool read_polling_interval(struct ct_jaeger_argument *argument, cotel_str value)
{
    uint32_t number;
    if (!ct_env_parse_number(value, &number) || number == 0)
        return false;
    argument->has_polling_interval = true;
    argument->polling_interval_ms = number;
    return true;
}

static bool read_initial_rate(struct ct_jaeger_argument *argument, cotel_str value)
{
    if (!ct_env_parse_ratio(value, &argument->initial_rate))
        return false;
    argument->has_initial_rate = true;
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct ct_jaeger_argument *argument, cotel_str value);
} members[] = {
    {"endpoint", read_endpoint},
    {"pollingIntervalMs", read_polling_interval},
    {"initialSamplingRate", read_initial_rate},
};

/* False: it cannot be used; *name is what it is called. */
static bool read_member(struct ct_jaeger_argument *argument, cotel_str member, cotel_str *name)
{
    const char *equals = memchr(member.data, '=', member.size);
    *name = cotel_str_n(member.data, 0);
    if (!equals)
        return false;
    size_t name_size = (size_t)(equals - member.data);
    *name = ct_env_trim(cotel_str_n(member.data, name_size));
    cotel_str value = ct_env_trim(cotel_str_n(equals + 1, member.size - name_size - 1));
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (ct_env_is_word(*name, members[i].name))
            return members[i].read(argument, value);
    }
    return false;
}

bool ct_jaeger_argument_read(struct ct_jaeger_argument *argument, cotel_str text, cotel_str *wrong)
{
    cotel_str member;
    *argument = (struct ct_jaeger_argument){.has_endpoint = false};
    while (ct_env_next_member(&text, &member)) {
        if (member.size != 0 && !read_member(argument, member, wrong))
            return false;
    }
    return true;
}
