/* SPDX-License-Identifier: Apache-2.0 */
#include "print_parts.h"

#include <inttypes.h>
#include <time.h>

#define NS_PER_SECOND UINT64_C(1000000000)

void ct_print_string(struct ct_output *output, const char *text)
{
    ct_output_put(output, text, strlen(text));
}

void ct_print_line(struct ct_output *output, const char *label, cotel_str text)
{
    if (text.size == 0)
        return;
    ct_print_string(output, label);
    ct_output_text(output, text);
    ct_print_string(output, "\n");
}

void ct_print_time(struct ct_output *output, uint64_t unix_ns)
{
    time_t seconds = (time_t)(unix_ns / NS_PER_SECOND);
    struct tm parts;
    char text[32];
    if (!gmtime_r(&seconds, &parts) ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
        return;
    ct_output_format(output, "%s.%09" PRIu64 "Z", text, unix_ns % NS_PER_SECOND);
}

void ct_print_attributes(struct ct_output *output, const char *indent, cotel_iterator attributes)
{
    cotel_attribute_view attribute;
    while (cotel_iterator_next_attribute(&attributes, &attribute)) {
        ct_print_string(output, indent);
        ct_output_text(output, attribute.key);
        ct_print_string(output, ": ");
        ct_print_value(output, &attribute.value);
        ct_print_string(output, "\n");
    }
}

void ct_print_ids(struct ct_output *output, const cotel_trace_id *trace_id,
                  const cotel_span_id *span_id)
{
    char trace[COTEL_TRACE_ID_HEX_SIZE], span[COTEL_SPAN_ID_HEX_SIZE];
    cotel_trace_id_to_hex(trace_id, trace);
    cotel_span_id_to_hex(span_id, span);
    ct_output_format(output, "trace %s span %s", trace, span);
}

void ct_print_origin(struct ct_output *output, const cotel_scope_view *scope,
                     const cotel_resource *resource)
{
    cotel_value service;
    if (cotel_resource_get(resource, cotel_str_of("service.name"), &service) &&
        service.type == COTEL_VALUE_STRING)
        ct_print_line(output, CT_LINE("service:    "), service.as.string);
    if (!scope)
        return;
    ct_print_line(output, CT_LINE("scope:      "), scope->name);
    ct_print_line(output, CT_LINE("version:    "), scope->version);
    ct_print_line(output, CT_LINE("schema:     "), scope->schema_url);
}
