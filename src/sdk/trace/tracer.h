/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK's side of a tracer: a scope, encoded once, and the provider it belongs to. Lives for
 * ever. */
#ifndef COTEL_SRC_SDK_TRACE_TRACER_H
#define COTEL_SRC_SDK_TRACE_TRACER_H

#include <cotel/sdk/provider.h>
#include <cotel/sdk/span_view.h>

#include "api/provider.h"

struct ct_provider;

struct ct_sdk_tracer {
    struct ct_tracer_impl impl;
    struct ct_provider *provider;
    uint64_t provider_serial; /* the provider's place may be another's by now */
    cotel_scope_view scope;
    cotel_span_limits limits;    /* the provider's: a span may outlive that */
    struct ct_sdk_tracer *older; /* of all tracers that were ever made */
};

/* NULL when memory is out. */
struct ct_sdk_tracer *ct_sdk_tracer_create(struct ct_provider *provider,
                                           const struct ct_scope *scope);

/* Starts a span: what the API calls. */
void ct_span_start(struct ct_tracer_impl *tracer, cotel_str name, const cotel_span_options *options,
                   cotel_span *out);

/* What the API calls on a span with a slot. */
extern const struct ct_span_ops ct_sdk_span_ops;

#endif
