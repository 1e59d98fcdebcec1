/* SPDX-License-Identifier: Apache-2.0 */
#include "env/options.h"

#include <getopt.h>
#include <stdio.h>

static const struct option long_options[] = {
    {"set", no_argument, NULL, 's'},
    {"json", no_argument, NULL, 'j'},
    {"markdown", no_argument, NULL, 'm'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void ct_env_options_help(void)
{
    fputs("Usage: cotel env [OPTION]...\n"
          "\n"
          "Shows what the OTEL_* variables of this environment come to in a program that calls\n"
          "cotel_sdk_init_from_env(): the value in force, where it comes from, the default, and\n"
          "what it sets. Passwords and keys are shown as ***.\n"
          "\n"
          "  environment    the variable is set\n"
          "  OTEL_...       it is not, and this one decides\n"
          "  default        none is\n"
          "  invalid        it is set to what cannot be used\n"
          "  not read       this version does not act on it\n"
          "\n"
          "  --set          only the variables that are set\n"
          "  --json         a JSON array with an object for each variable\n"
          "  --markdown     the variables as a page, whatever the environment\n"
          "  --help         this text\n"
          "\n"
          "    OTEL_BSP_SCHEDULE_DELAY=1000 cotel env --set\n"
          "\n"
          "Exits with 0, with 1 if it cannot write, with 2 if it does not know an option.\n",
          stdout);
}

static bool apply(struct ct_env_options *options, int option)
{
    switch (option) {
    case 's':
        options->only_set = true;
        return true;
    case 'j':
        options->format = CT_ENV_FORMAT_JSON;
        return true;
    case 'm':
        options->format = CT_ENV_FORMAT_MARKDOWN;
        return true;
    case 'h':
        options->help = true;
        return true;
    default: /* getopt has said what is wrong */
        return false;
    }
}

bool ct_env_options_parse(struct ct_env_options *options, int argc, char **argv)
{
    static char name[] = "cotel env";
    int option;

    *options = (struct ct_env_options){.format = CT_ENV_FORMAT_TEXT};
    argv[0] = name; /* for getopt's complaints */
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!apply(options, option))
            return false;
    if (optind < argc) {
        fprintf(stderr, "cotel env: %s is not an option\n", argv[optind]);
        return false;
    }
    return true;
}
