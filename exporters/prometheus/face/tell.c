/* SPDX-License-Identifier: Apache-2.0 */
/* What client libraries panic about. */
#include "registry.h"

#define COMPONENT "prom"

static const struct {
    cotel_log_level level;
    bool refused;
    const char *text;
} troubles[CT_FACE_TROUBLES] = {
    [CT_FACE_BAD_NAME] = {COTEL_LOG_WARNING, true, "is no name of a metric: it records nothing"},
    [CT_FACE_BAD_LABELS] = {COTEL_LOG_WARNING, true,
                            "has a label that is not allowed, or twice: it records nothing"},
    [CT_FACE_BAD_SETTINGS] = {COTEL_LOG_WARNING, true,
                              "has buckets, objectives or an age that can't be: it records "
                              "nothing"},
    [CT_FACE_TAKEN] = {COTEL_LOG_WARNING, true,
                       "is there already with another type, help, labels or settings: this one "
                       "records nothing"},
    [CT_FACE_TOO_MANY_METRICS] = {COTEL_LOG_ERROR, true,
                                  "is one metric too many: it records nothing"},
    [CT_FACE_WRONG_VALUES] = {COTEL_LOG_WARNING, true,
                              "was given more or fewer label values than it has labels: this "
                              "records nothing"},
    [CT_FACE_BAD_VALUE] = {COTEL_LOG_WARNING, true,
                           "was given a label value that is not UTF-8: this records nothing"},
    [CT_FACE_OVERFLOW] = {COTEL_LOG_WARNING, false,
                          "has as many label values as it may: others share one series"},
    [CT_FACE_BAD_NUMBER] = {COTEL_LOG_WARNING, false,
                            "was given a number that is negative or not finite: it is refused"},
    [CT_FACE_INEXACT] = {COTEL_LOG_WARNING, false,
                         "can't keep the errors of its quantiles in its memory"},
    [CT_FACE_NO_PRODUCER] = {COTEL_LOG_WARNING, false,
                             "is a summary, and no reader has cotel_prom_producer_create()'s "
                             "producer: it is not exported yet"},
    [CT_FACE_OTHER_NAME] = {COTEL_LOG_WARNING, false, "comes out with runs of underscores as one"},
    [CT_FACE_NO_TOTAL] = {COTEL_LOG_WARNING, false, "is a counter: it comes out with _total"},
    [CT_FACE_OUT_OF_MEMORY] = {COTEL_LOG_ERROR, true, "found no memory: this records nothing"},
};

void ct_face_tell(struct cotel_prom_registry *registry, enum ct_face_trouble trouble,
                  const char *subject)
{
    if (troubles[trouble].refused)
        atomic_fetch_add_explicit(&registry->counters.refused, 1, memory_order_relaxed);
    cotel_diagnostics_limited(&registry->limits[trouble], troubles[trouble].level, COMPONENT,
                              "metric \"%s\" %s", subject ? subject : "", troubles[trouble].text);
}
