/* SPDX-License-Identifier: Apache-2.0 */
#include "view/options.h"

#include "view/receiver.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const struct option long_options[] = {
    {"port", required_argument, NULL, 'p'},
    {"port-file", required_argument, NULL, 'f'},
    {"count", required_argument, NULL, 'c'},
    {"until-idle", required_argument, NULL, 'i'},
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void ct_view_options_help(void)
{
    printf("Usage: cotel view [OPTION]...\n"
           "\n"
           "Receives traces by OTLP/HTTP, protobuf or JSON, on 127.0.0.1 from any OpenTelemetry\n"
           "SDK, and shows each as a tree once its root is there and it has been quiet for half a\n"
           "second. Spans that come later show it again.\n"
           "\n"
           "  --port N         listen on port N; 0: any free one (default %d)\n"
           "  --port-file FILE write the port to FILE, with a newline, once it listens\n"
           "  --json           a JSON object for each trace, on a line, instead of a tree\n"
           "  --count N        exit when N traces have been shown with their root\n"
           "  --until-idle MS  exit when no span has come for MS milliseconds after the first,\n"
           "                   and show what is left\n"
           "  --help           this text\n"
           "\n"
           "Colours only on a terminal, and not if NO_COLOR is set. SIGINT and SIGTERM show what\n"
           "is left and end it with status 0.\n",
           CT_RECEIVER_DEFAULT_PORT);
}

static bool parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *number)
{
    char *end;

    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || errno || value < min || value > max)
        return false;
    *number = value;
    return true;
}

static bool complain(const char *option, const char *wants)
{
    fprintf(stderr, "cotel view: %s wants %s\n", option, wants);
    return false;
}

static bool apply(struct ct_view_options *options, int option)
{
    uint64_t number;

    switch (option) {
    case 'p':
        if (!parse_number(optarg, 0, UINT16_MAX, &number))
            return complain("--port", "a number from 0 to 65535");
        options->port = (uint16_t)number;
        return true;
    case 'f':
        options->port_file = optarg;
        return true;
    case 'c':
        return parse_number(optarg, 1, UINT64_MAX, &options->count) ||
               complain("--count", "a number above 0");
    case 'i':
        if (!parse_number(optarg, 0, INT32_MAX, &number))
            return complain("--until-idle", "a number of milliseconds");
        options->until_idle_ms = (int64_t)number;
        return true;
    case 'j':
        options->json = true;
        return true;
    case 'h':
        options->help = true;
        return true;
    default: /* getopt has said what is wrong */
        return false;
    }
}

bool ct_view_options_parse(struct ct_view_options *options, int argc, char **argv)
{
    static char name[] = "cotel view";
    int option;

    *options = (struct ct_view_options){.port = CT_RECEIVER_DEFAULT_PORT, .until_idle_ms = -1};
    argv[0] = name; /* for getopt's complaints */
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!apply(options, option))
            return false;
    if (optind < argc) {
        fprintf(stderr, "cotel view: %s is not an option\n", argv[optind]);
        return false;
    }
    return true;
}
