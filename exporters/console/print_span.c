/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "print_parts.h"

#define NS_PER_SECOND UINT64_C(1000000000)

static const char *kind_name(cotel_span_kind kind)
{
    switch (kind) {
    case COTEL_SPAN_KIND_INTERNAL:
        return "internal";
    case COTEL_SPAN_KIND_SERVER:
        return "server";
    case COTEL_SPAN_KIND_CLIENT:
        return "client";
    case COTEL_SPAN_KIND_PRODUCER:
        return "producer";
    case COTEL_SPAN_KIND_CONSUMER:
        return "consumer";
    }
    return "unknown";
}

/* From one time to another, which may lie before it. */
static void print_span_of_time(struct ct_output *output, const char *format, uint64_t from_ns,
                               uint64_t to_ns)
{
    bool is_back = to_ns < from_ns;
    uint64_t ns = is_back ? from_ns - to_ns : to_ns - from_ns;
    ct_output_format(output, format, is_back ? "-" : "", ns / NS_PER_SECOND, ns % NS_PER_SECOND);
}

static void print_dropped(struct ct_output *output, const char *indent, const char *what,
                          uint32_t count)
{
    if (count != 0)
        ct_output_format(output, "%s(%" PRIu32 " more %s were dropped)\n", indent, count, what);
}

static void print_identity(struct ct_output *output, const cotel_span_view *span)
{
    ct_print_string(output, CT_LINE("ids:        "));
    ct_print_ids(output, &span->trace_id, &span->span_id);
    if (cotel_span_id_is_valid(&span->parent_span_id)) {
        char parent[COTEL_SPAN_ID_HEX_SIZE];
        cotel_span_id_to_hex(&span->parent_span_id, parent);
        ct_output_format(output, " parent %s", parent);
    }
    ct_output_format(output, " flags %03" PRIx32 "\n", span->flags);
    ct_print_line(output, CT_LINE("tracestate: "), span->tracestate);
}

static void print_times(struct ct_output *output, const cotel_span_view *span)
{
    ct_print_string(output, CT_LINE("start:      "));
    ct_print_time(output, span->start_unix_ns);
    print_span_of_time(output, "\n" CT_LINE("duration:   ") "%s%" PRIu64 ".%09" PRIu64 " s\n",
                       span->start_unix_ns, span->end_unix_ns);
}

static void print_status(struct ct_output *output, const cotel_span_view *span)
{
    if (span->status == COTEL_STATUS_CODE_UNSET)
        return;
    ct_print_string(output, span->status == COTEL_STATUS_CODE_OK ? CT_LINE("status:     ok")
                                                                 : CT_LINE("status:     error"));
    if (span->status_description.size != 0)
        ct_print_string(output, ": ");
    ct_output_text(output, span->status_description);
    ct_print_string(output, "\n");
}

static void print_events(struct ct_output *output, const cotel_span_view *span)
{
    cotel_iterator events = cotel_span_view_events(span);
    cotel_event_view event;
    while (cotel_iterator_next_event(&events, &event)) {
        ct_print_string(output, CT_LINE("event:      "));
        ct_output_text(output, event.name);
        print_span_of_time(output, " (after %s%" PRIu64 ".%09" PRIu64 " s)\n", span->start_unix_ns,
                           event.time_unix_ns);
        ct_print_attributes(output, "      ", cotel_event_view_attributes(&event));
        print_dropped(output, "      ", "attributes", event.dropped_attributes);
    }
    print_dropped(output, "  ", "events", span->dropped_events);
}

static void print_links(struct ct_output *output, const cotel_span_view *span)
{
    cotel_iterator links = cotel_span_view_links(span);
    cotel_link_view link;
    while (cotel_iterator_next_link(&links, &link)) {
        ct_print_string(output, CT_LINE("link:       "));
        ct_print_ids(output, &link.trace_id, &link.span_id);
        ct_output_format(output, " flags %03" PRIx32 "\n", link.flags);
        ct_print_line(output, "      tracestate: ", link.tracestate);
        ct_print_attributes(output, "      ", cotel_link_view_attributes(&link));
        print_dropped(output, "      ", "attributes", link.dropped_attributes);
    }
    print_dropped(output, "  ", "links", span->dropped_links);
}

void ct_print_span(struct ct_output *output, const cotel_span_view *span,
                   const cotel_scope_view *scope, const cotel_resource *resource)
{
    ct_print_string(output, "span ");
    ct_output_text(output, span->name);
    ct_output_format(output, " (%s)\n", kind_name(span->kind));
    ct_print_origin(output, scope, resource);
    print_identity(output, span);
    print_times(output, span);
    print_status(output, span);
    ct_print_attributes(output, "    ", cotel_span_view_attributes(span));
    print_dropped(output, "    ", "attributes", span->dropped_attributes);
    print_events(output, span);
    print_links(output, span);
    ct_print_string(output, "\n");
}
