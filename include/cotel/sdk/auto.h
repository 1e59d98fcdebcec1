/* SPDX-License-Identifier: Apache-2.0 */
/** @file auto.h
 *  Setting cotel up from the environment, with every exporter there is (libcotel-all).
 *
 *  Implements: configuration/sdk-environment-variables.md; configuration/common.md;
 *  protocol/exporter.md.
 */
#ifndef COTEL_SDK_AUTO_H
#define COTEL_SDK_AUTO_H

#include <cotel/sdk/sdk.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** cotel_sdk_init() from the OTEL_* variables: docs/environment.md lists them, and `cotel env`
 *  shows what they come to. Without any, spans go in batches, and metrics every minute, over
 *  OTLP/HTTP to localhost:4318; a program that measures nothing sends nothing of metrics. An empty
 *  variable is as one that is not set; so is one that cannot be used, and that is told to
 *  diagnostics. An exporter that cannot be had (a certificate that cannot be read, gRPC in a build
 *  without it) is left out and told as an error. Secrets are told as ***.
 *
 *  Also sets the level of diagnostics if OTEL_LOG_LEVEL is set, before anything is told, and the
 *  global propagator if OTEL_PROPAGATORS is set; both even if OTEL_SDK_DISABLED is true. What is in
 *  force is told once at COTEL_LOG_INFO, and at COTEL_LOG_DEBUG each variable that is set.
 *
 *  Reads the environment, which no other thread may change meanwhile.
 *  @return as cotel_sdk_init(); OK when OTEL_SDK_DISABLED is true; OUT_OF_MEMORY for propagators.
 *  Never blocks, unless OTEL_EXPORTER_PROMETHEUS_HOST is a name that has to be looked up.
 *  Since 0.1. */
COTEL_API cotel_status cotel_sdk_init_from_env(void);

/* ---- what the environment comes to ---- */

/** Where the value of a variable comes from. */
typedef enum cotel_env_source {
    COTEL_ENV_DEFAULT = 0,     /**< it is not set, or empty */
    COTEL_ENV_ENVIRONMENT = 1, /**< it is set */
    COTEL_ENV_GENERAL = 2,     /**< it is not set, and another one decides: `decided_by` */
    COTEL_ENV_INVALID = 3,     /**< it is set to what cannot be used, and as one not set */
    COTEL_ENV_NOT_READ = 4     /**< this version does not act on it, set or not */
} cotel_env_source;

/** The bytes of a text in a cotel_env_variable, its NUL included; what is longer is cut. */
#define COTEL_ENV_TEXT_SIZE 512

/** One variable of the specification. Strings that are pointers are static. */
typedef struct cotel_env_variable {
    size_t size;               /**< sizeof of this struct */
    const char *name;          /**< such as "OTEL_BSP_SCHEDULE_DELAY" */
    const char *type;          /**< such as "duration, ms" */
    const char *default_value; /**< as one would write it; "": there is none */
    const char *goes_to;       /**< what it sets, in a few words */
    const char *general;       /**< the variable that counts when this is not set; NULL: none */
    cotel_env_source source;
    const char *decided_by; /**< the variable whose value it is, itself or another; NULL: it is
                                 the default */
    bool is_set;            /**< to something that is not empty */
    /** What cotel would use now, as one would write it; a secret, and what may hold one, is ***.
     *  "": nothing. */
    char value[COTEL_ENV_TEXT_SIZE];
    char accepts[COTEL_ENV_TEXT_SIZE]; /**< the values it may have, where they can be listed */
    char note[COTEL_ENV_TEXT_SIZE];    /**< what is wrong with its value; "": nothing */
} cotel_env_variable;

/** Describes the index-th variable, from 0, in an order for reading. Set the size of `out` before.
 *  Reads the environment anew each time; no other thread may change it meanwhile. Says nothing to
 *  diagnostics.
 *  @return false when there are not that many, or `out` is NULL or has no size. Never blocks.
 *  Since 0.1. */
COTEL_API bool cotel_env_variable_at(size_t index, cotel_env_variable *out);

COTEL_END_DECLS

#endif
