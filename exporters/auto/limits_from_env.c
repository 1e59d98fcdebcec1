/* SPDX-License-Identifier: Apache-2.0 */
#include "from_env.h"

void ct_limits_from_env(const struct ct_env *env, cotel_span_limits *limits)
{
    limits->attributes = env->attribute_count.number;
    limits->attributes_per_event = env->event_attribute_count.number;
    limits->attributes_per_link = env->link_attribute_count.number;
    limits->value_length = env->attribute_value_length.number;
    limits->events = env->event_count.number;
    limits->links = env->link_count.number;
}
