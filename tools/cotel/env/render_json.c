/* SPDX-License-Identifier: Apache-2.0 */
#include "env/render.h"

#include <jansson.h>

/* NULL for what is not there. */
static json_t *text(const char *value)
{
    return value && *value ? json_string_nocheck(value) : json_null();
}

/* The environment is bytes; what of it is no UTF-8 can't be said in JSON, and becomes null. */
static json_t *free_text(const char *value)
{
    json_t *string = *value ? json_string(value) : NULL;

    return string ? string : json_null();
}

static json_t *object_of(const cotel_env_variable *variable)
{
    return json_pack("{s:s, s:s, s:o, s:s, s:o, s:b, s:o, s:s, s:o, s:o}", "name", variable->name,
                     "type", variable->type, "value", free_text(variable->value), "source",
                     ct_env_source_name(variable->source), "decided_by", text(variable->decided_by),
                     "set", variable->is_set, "default", text(variable->default_value), "sets",
                     variable->goes_to, "accepts", text(variable->accepts), "note",
                     free_text(variable->note));
}

bool ct_env_render_json(FILE *out, bool only_set)
{
    cotel_env_variable variable;
    json_t *array = json_array();
    bool is_whole = array != NULL;

    for (size_t i = 0; is_whole && ct_env_next(&i, only_set, &variable);)
        is_whole = json_array_append_new(array, object_of(&variable)) == 0;
    if (is_whole) {
        (void)json_dumpf(array, out, JSON_INDENT(2));
        fputc('\n', out);
    }
    json_decref(array);
    return is_whole;
}
