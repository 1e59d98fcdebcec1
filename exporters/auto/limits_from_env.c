/* SPDX-License-Identifier: Apache-2.0 */
#include "from_env.h"

/* The special limit, else the general one; *out stays when neither is given. */
static void choose(const struct ct_env_number *special, const struct ct_env_number *general,
                   uint32_t *out)
{
    if (special->is_set)
        *out = special->value;
    else if (general->is_set)
        *out = general->value;
}

void ct_limits_from_env(const struct ct_env *env, cotel_span_limits *limits)
{
    choose(&env->span_attribute_count, &env->attribute_count, &limits->attributes);
    choose(&env->event_attribute_count, &env->attribute_count, &limits->attributes_per_event);
    choose(&env->link_attribute_count, &env->attribute_count, &limits->attributes_per_link);
    choose(&env->span_attribute_value_length, &env->attribute_value_length, &limits->value_length);
    limits->events = env->event_count;
    limits->links = env->link_count;
}
