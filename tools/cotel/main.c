/* SPDX-License-Identifier: Apache-2.0 */
/* The cotel program: finds the subcommand and gets out of the way. */
#include "command.h"

#include <cotel/version.h>

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
#ifdef CT_HAS_ENV
    {"env", "show what the OTEL_* variables come to", ct_env_main},
#endif
    {"metrics", "get metrics, and show them or write them in another form", ct_metrics_main},
    {"view", "receive traces on this machine and show them", ct_view_main},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void print_usage(FILE *out)
{
    fputs("Usage: cotel COMMAND [OPTION]...\n\nCommands:\n", out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s%s\n", commands[i].name, commands[i].summary);
    fputs("\ncotel COMMAND --help tells more; cotel --version its version.\n", out);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";

    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);

    if (strcmp(name, "--version") == 0) {
        puts("cotel " COTEL_VERSION);
        return CT_EXIT_OK;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        print_usage(stdout);
        return CT_EXIT_OK;
    }
    if (*name)
        fprintf(stderr, "cotel: there is no command %s\n\n", name);
    print_usage(stderr);
    return CT_EXIT_USAGE;
}
