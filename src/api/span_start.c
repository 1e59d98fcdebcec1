/* SPDX-License-Identifier: Apache-2.0 */
#define COTEL_NO_INLINE /* the functions themselves are defined here */
#include <cotel/trace.h>

#include "api/tracer.h"
#include "base/sized.h"
#include "wire/str.h"

void cotel_span_options_init(cotel_span_options *options)
{
    const cotel_span_options defaults = COTEL_SPAN_OPTIONS_INIT;
    if (options)
        *options = defaults;
}

/* Without an SDK: the parent's identity and nothing else, so that a trace passes through a program
 * that does not record. The parent's slot stays behind, or ending this would end the parent. */
static cotel_span carry_on(const cotel_span_options *options)
{
    if (CT_MEMBER(options, root, false))
        return cotel_span_none();

    cotel_span span = *cotel_context_span_pointer(CT_MEMBER(options, parent, NULL));
    span.slot = NULL;
    span.generation = 0;
    span.state &= COTEL_SPAN_STATE_REMOTE;
    return span;
}

cotel_span cotel_span_start_n(cotel_tracer *tracer, const char *name, size_t name_size,
                              const cotel_span_options *options)
{
    struct ct_tracer_impl *impl = ct_tracer_impl(tracer);
    if (!impl || !CT_REACHES(impl->ops, start))
        return carry_on(options);

    cotel_span span;
    impl->ops->start(impl, ct_str(name, name_size), options, &span);
    return span;
}

cotel_span cotel_span_start(cotel_tracer *tracer, const char *name,
                            const cotel_span_options *options)
{
    return cotel_span_start_n(tracer, name, name ? strlen(name) : 0, options);
}
