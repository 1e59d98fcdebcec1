/* SPDX-License-Identifier: Apache-2.0 */
/* Every environment variable of the specification, in one table: what it may hold, what counts
 * without it, and what it sets. Everything else in this folder that knows of variables asks it. */
#ifndef COTEL_EXPORTERS_AUTO_ENV_TABLE_H
#define COTEL_EXPORTERS_AUTO_ENV_TABLE_H

#include <cotel/visibility.h>

/* What a variable holds. Words compare without regard to case, spaces around anything don't count.
 */
enum ct_env_kind {
    CT_ENV_BOOLEAN,          /* true; anything else is false */
    CT_ENV_INTEGER,          /* a whole number from `least` to `most` */
    CT_ENV_DURATION,         /* the same, in milliseconds */
    CT_ENV_TIMEOUT,          /* the same; 0: no limit */
    CT_ENV_ENUM,             /* one of `words` */
    CT_ENV_ENUM_LIST,        /* some of `words`, between commas */
    CT_ENV_SAMPLER_ARGUMENT, /* what the sampler that is chosen takes */
    CT_ENV_URL,              /* of http or https; a password in it is a secret */
    CT_ENV_OTLP_ENDPOINT,    /* what the `protocol` can send to; the same */
    CT_ENV_PAIRS,            /* name=value, between commas, percent-encoded */
    CT_ENV_HEADERS,          /* the same; the values are secrets */
    CT_ENV_PATH,             /* of a file; a good one even when it cannot be read, which is told */
    CT_ENV_TEXT              /* anything */
};

/* Who acts on it. */
enum ct_env_reader {
    CT_ENV_NOBODY,   /* this version does not; setting it is told */
    CT_ENV_INIT,     /* cotel_sdk_init_from_env(), through struct ct_env */
    CT_ENV_GENERAL,  /* the same, for the variables that name it as their general one */
    CT_ENV_RESOURCE, /* the SDK itself, whenever it detects a resource */
};

struct ct_env_word {
    const char *text; /* NULL ends the list */
    int value;
};

struct ct_env_variable {
    const char *name;
    enum ct_env_kind kind;
    const char *preset;  /* the default, as one would write it; "": there is none */
    const char *goes_to; /* what it sets, to its user */

    enum ct_env_reader reader;
    size_t offset;           /* of its struct ct_env_value in struct ct_env, for CT_ENV_INIT */
    const char *general;     /* the variable that counts when this one is not set; NULL: none */
    const char *pairs, *key; /* the list that may hold its value, under this name; NULL: none */
    const char *path;        /* of a URL: what follows the general one's; NULL: nothing */
    const char *protocol;    /* of an OTLP endpoint: the variable that says what is spoken there */
    const char *grpc_preset; /* the default where that is gRPC */
    const char *exporters;   /* of a signal's: the variable that says whether it is used */
    const struct ct_env_word *words;
    uint32_t least, most; /* of a number; most 0: 2^31-1 */
    const char *at_most;  /* of a number: the variable whose number it may not exceed */
    const char *anyway;   /* for CT_ENV_NOBODY: the value that asks for what is done anyway */
};

extern const struct ct_env_variable ct_env_variables[];
extern const size_t ct_env_variable_count;

/* NULL when there is none of that name. */
const struct ct_env_variable *ct_env_find(const char *name);

/* What a user calls the kind, such as "duration, ms". */
const char *ct_env_kind_name(enum ct_env_kind kind);

/* The values of words. */
enum ct_env_sampler {
    CT_ENV_ALWAYS_ON,
    CT_ENV_ALWAYS_OFF,
    CT_ENV_TRACE_ID_RATIO,
    CT_ENV_PARENT_ALWAYS_ON,
    CT_ENV_PARENT_ALWAYS_OFF,
    CT_ENV_PARENT_TRACE_ID_RATIO,
    CT_ENV_JAEGER_REMOTE,
    CT_ENV_PARENT_JAEGER_REMOTE
};

/* `none` stands for an empty list, wherever there is a list. */
#define CT_ENV_NONE (-1)

enum ct_env_protocol { CT_ENV_HTTP_PROTOBUF, CT_ENV_HTTP_JSON, CT_ENV_GRPC };

enum ct_env_exporter { CT_ENV_OTLP, CT_ENV_OTLP_STDOUT, CT_ENV_CONSOLE, CT_ENV_PROMETHEUS };

enum ct_env_propagator {
    CT_ENV_TRACECONTEXT,
    CT_ENV_BAGGAGE,
    CT_ENV_B3,
    CT_ENV_B3_MULTI,
    CT_ENV_JAEGER
};

#endif
