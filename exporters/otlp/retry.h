/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of an attempt, whichever transport made it, and when the next one is due. */
#ifndef COTEL_EXPORTERS_OTLP_RETRY_H
#define COTEL_EXPORTERS_OTLP_RETRY_H

#include <stdint.h>

/* No wait is shorter, whatever was configured or the peer asked for: a peer that fails at once
 * would otherwise be asked again as fast as the machine can. */
#define CT_OTLP_RETRY_MIN_NS (UINT64_C(10) * 1000 * 1000)

/* The peer did not say when to come back. */
#define CT_OTLP_NOT_SAID UINT64_MAX

enum { CT_OTLP_MESSAGE_SIZE = 384 };

enum ct_otlp_verdict {
    CT_OTLP_ACCEPTED,
    CT_OTLP_RETRY, /* it may go better next time */
    CT_OTLP_REFUSED,
    CT_OTLP_INVALID, /* something in it is bad; the rest may be taken */
    CT_OTLP_TOO_LARGE,
    CT_OTLP_FAILED
};

/* How one attempt ended. */
struct ct_otlp_answer {
    enum ct_otlp_verdict verdict;
    uint64_t rejected;                  /* of an accepted batch */
    uint64_t retry_after_ns;            /* or CT_OTLP_NOT_SAID */
    char message[CT_OTLP_MESSAGE_SIZE]; /* empty: nothing to say */
};

/* Exponential backoff with jitter. */
struct ct_otlp_backoff {
    uint64_t initial_ns;
    uint64_t max_ns;
};

/* How long to wait after `attempts` (at least 1) that failed: initial * 2^(attempts - 1), at most
 * max, of which `random` picks a point in the upper half. What the peer asked for goes first. */
uint64_t ct_otlp_backoff_wait_ns(const struct ct_otlp_backoff *backoff, unsigned attempts,
                                 uint64_t retry_after_ns, uint64_t random);

#endif
