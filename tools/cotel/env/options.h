/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_TOOLS_COTEL_ENV_OPTIONS_H
#define COTEL_TOOLS_COTEL_ENV_OPTIONS_H

#include <stdbool.h>

enum ct_env_format { CT_ENV_FORMAT_TEXT, CT_ENV_FORMAT_JSON, CT_ENV_FORMAT_MARKDOWN };

struct ct_env_options {
    enum ct_env_format format;
    bool only_set;
    bool help;
};

/* Complains to stderr when it returns false. */
bool ct_env_options_parse(struct ct_env_options *options, int argc, char **argv);

void ct_env_options_help(void);

#endif
