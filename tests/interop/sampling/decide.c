/* SPDX-License-Identifier: Apache-2.0 */
/* Usage: decide SAMPLER RATIO <questions >answers
 *
 * A question is a line `trace id, flags of the parent, its tracestate`, parted by blanks; `-` where
 * there is no parent or no tracestate. The answer is the line `decision tracestate`, of the same
 * form. peer.py and peer.js do the same with the official SDKs. */
#include <cotel/cotel.h>
#include <cotel/sdk/sdk.h>

#include <stdio.h>
#include <stdlib.h>

#define LINE_SIZE 1024

static cotel_status composite(cotel_composable_sampler *root, cotel_sampler **out)
{
    return root ? cotel_sampler_composite_create(root, out) : COTEL_STATUS_INVALID_ARGUMENT;
}

static cotel_composable_sampler *share(double ratio)
{
    cotel_composable_sampler *sampler = NULL;
    return cotel_composable_probability_create(ratio, &sampler) == COTEL_STATUS_OK ? sampler : NULL;
}

static cotel_composable_sampler *follow(cotel_composable_sampler *root)
{
    cotel_composable_sampler *sampler = NULL;
    return cotel_composable_parent_threshold_create(root, &sampler) == COTEL_STATUS_OK ? sampler
                                                                                       : NULL;
}

static cotel_status create(const char *name, double ratio, cotel_sampler **out)
{
    if (strcmp(name, "trace_id_ratio") == 0)
        return cotel_sampler_trace_id_ratio_create(ratio, out);
    if (strcmp(name, "probability") == 0)
        return cotel_sampler_probability_create(ratio, out);
    if (strcmp(name, "composite_always_on") == 0)
        return composite(cotel_composable_always_on(), out);
    if (strcmp(name, "composite_always_off") == 0)
        return composite(cotel_composable_always_off(), out);
    if (strcmp(name, "composite_probability") == 0)
        return composite(share(ratio), out);
    if (strcmp(name, "composite_parent_threshold") == 0)
        return composite(follow(share(ratio)), out);
    return COTEL_STATUS_INVALID_ARGUMENT;
}

static void answer(cotel_sampler *sampler, const cotel_sampling_parameters *parameters)
{
    cotel_sampling_result result = {.size = sizeof result};
    sampler->ops->should_sample(sampler, parameters, &result);
    cotel_str text = cotel_tracestate_header(result.sets_tracestate ? result.tracestate
                                                                    : parameters->tracestate);
    printf("%d %.*s\n", (int)result.decision, text.size > 0 ? (int)text.size : 1,
           text.size > 0 ? text.data : "-");
    if (result.sets_tracestate)
        cotel_tracestate_unref(result.tracestate);
}

static bool decide(cotel_sampler *sampler, char *line)
{
    const char *trace_id = strtok(line, " \n"), *flags = strtok(NULL, " \n");
    const char *tracestate = strtok(NULL, " \n");
    cotel_span parent = cotel_span_none();
    cotel_sampling_parameters parameters = {.size = sizeof parameters,
                                            .parent_context = cotel_context_empty(),
                                            .parent = &parent,
                                            .random = true,
                                            .kind = COTEL_SPAN_KIND_INTERNAL,
                                            .name = cotel_str_of("interop")};
    if (!tracestate || !cotel_trace_id_from_hex(trace_id, strlen(trace_id), &parameters.trace_id))
        return false;
    if (strcmp(flags, "-") != 0) {
        parent.trace_id = parameters.trace_id;
        parent.span_id.bytes[0] = 1;
        parent.trace_flags = (uint8_t)strtoul(flags, NULL, 16);
    }
    cotel_tracestate *state = cotel_tracestate_parse(tracestate, strlen(tracestate));
    parameters.tracestate = state;
    answer(sampler, &parameters);
    cotel_tracestate_unref(state);
    return true;
}

int main(int argc, char **argv)
{
    cotel_sampler *sampler = NULL;
    char line[LINE_SIZE];
    bool good = argc == 3 && create(argv[1], strtod(argv[2], NULL), &sampler) == COTEL_STATUS_OK;
    while (good && fgets(line, sizeof line, stdin))
        good = decide(sampler, line);
    cotel_sampler_destroy(sampler);
    return good ? 0 : 1;
}
