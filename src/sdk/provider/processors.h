/* SPDX-License-Identifier: Apache-2.0 */
/* The list of a provider's processors: attached, flushed and shut down in order. */
#ifndef COTEL_SRC_SDK_PROVIDER_PROCESSORS_H
#define COTEL_SRC_SDK_PROVIDER_PROCESSORS_H

#include "sdk/provider/provider.h"

/* All or none: on failure those that were attached are shut down, and still the caller's. */
cotel_status ct_processors_attach_all(struct ct_provider *provider,
                                      cotel_span_processor *const *processors, size_t count);

/* One behind the others. One caller at a time. */
cotel_status ct_processors_attach(struct ct_provider *provider, cotel_span_processor *processor);

/* The first status that is not OK, after all were asked. */
cotel_status ct_processors_flush(struct ct_provider *provider, uint64_t deadline_ns);
cotel_status ct_processors_shutdown(struct ct_provider *provider, uint64_t deadline_ns,
                                    uint64_t *abandoned);

void ct_processors_destroy(struct ct_provider *provider);

#endif
