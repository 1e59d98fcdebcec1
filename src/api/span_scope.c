/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/trace.h>

cotel_span_scope cotel_span_scope_start(cotel_tracer *tracer, const char *name,
                                        const cotel_span_options *options)
{
    cotel_span_scope scope;
    scope.span = cotel_span_start(tracer, name, options);
    scope.token = cotel_span_activate(&scope.span);
    return scope;
}

void cotel_span_scope_end(cotel_span_scope *scope)
{
    if (!scope)
        return;
    cotel_context_detach(scope->token);
    cotel_span_end(&scope->span);
    /* A second end finds nothing. */
    memset(scope, 0, sizeof *scope);
}
