/* SPDX-License-Identifier: Apache-2.0 */
/* A share of traces, by the trace id alone, so that all who use the same ratio decide alike, and
 * whatever a smaller ratio takes a larger one takes too. The id's last eight bytes, read as a
 * big-endian number, are compared with ratio * 2^64: the specification leaves the algorithm open,
 * and this is the one of the Go and Python SDKs, whose services may be in the same trace. */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include "sdk/sampler/sampler.h"

#define COMPONENT "trace_id_ratio_sampler"

/* "TraceIdRatioBased{0.000100}" and its NUL. */
#define DESCRIPTION_SIZE 28
#define RATIO_DECIMALS 1000000

/* A child whose parent was decided otherwise breaks its trace: that is what ParentBased is for. */
static const char breaks_traces[] =
    "decides over spans that have a parent: traces may come out incomplete; use it as the root of "
    "a parent based sampler";

struct ratio_sampler {
    cotel_sampler base;
    uint64_t threshold;
    bool all; /* ratio 1: 2^64 does not fit the threshold */
    atomic_bool has_warned;
    char description[DESCRIPTION_SIZE];
};

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    struct ratio_sampler *sampler = (struct ratio_sampler *)self;
    uint64_t low;
    memcpy(&low, parameters->trace_id.bytes + 8, sizeof low);
    if (sampler->all || be64toh(low) < sampler->threshold)
        result->decision = COTEL_SAMPLING_RECORD_AND_SAMPLE;
    else
        result->decision = COTEL_SAMPLING_DROP;
    if (ct_sampler_has_parent(parameters))
        ct_sampler_warn_once(&sampler->has_warned, COMPONENT, breaks_traces);
}

static const char *description(const cotel_sampler *self)
{
    return ((const struct ratio_sampler *)self)->description;
}

static void destroy(cotel_sampler *self)
{
    free(self);
}

static const cotel_sampler_ops ops = {
    .size = sizeof ops,
    .should_sample = should_sample,
    .description = description,
    .destroy = destroy,
};

/* Not by "%f", which writes the decimal point of the program's locale. */
static void describe(struct ratio_sampler *sampler, double ratio)
{
    unsigned millionths = (unsigned)(ratio * RATIO_DECIMALS + 0.5);
    (void)snprintf(sampler->description, sizeof sampler->description, "TraceIdRatioBased{%u.%06u}",
                   millionths / RATIO_DECIMALS % 10, millionths % RATIO_DECIMALS);
}

cotel_status cotel_sampler_trace_id_ratio_create(double ratio, cotel_sampler **out)
{
    /* Written so that a NaN is refused. */
    if (!out || !(ratio >= 0.0 && ratio <= 1.0))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct ratio_sampler *sampler = calloc(1, sizeof *sampler);
    if (!sampler)
        return COTEL_STATUS_OUT_OF_MEMORY;
    sampler->base.ops = &ops;
    sampler->all = ratio >= 1.0;
    sampler->threshold = sampler->all ? 0 : (uint64_t)(ratio * 0x1p64);
    describe(sampler, ratio);
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
