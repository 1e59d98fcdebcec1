/* SPDX-License-Identifier: Apache-2.0 */
#include "view/options.h"

#include "view/forward/forwarder.h"
#include "view/forward/post.h"
#include "view/grpc/server.h"
#include "view/receiver.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

/* What getopt returns for options that have no letter. */
enum { GRPC_PORT = 256, GRPC_PORT_FILE, GRPC_MAX_BYTES, NO_GRPC, FORWARD, FORWARD_MAX_BYTES };

static const struct option long_options[] = {
    {"port", required_argument, NULL, 'p'},
    {"port-file", required_argument, NULL, 'f'},
    {"grpc-port", required_argument, NULL, GRPC_PORT},
    {"grpc-port-file", required_argument, NULL, GRPC_PORT_FILE},
    {"grpc-max-bytes", required_argument, NULL, GRPC_MAX_BYTES},
    {"no-grpc", no_argument, NULL, NO_GRPC},
    {"forward", required_argument, NULL, FORWARD},
    {"forward-max-bytes", required_argument, NULL, FORWARD_MAX_BYTES},
    {"count", required_argument, NULL, 'c'},
    {"until-idle", required_argument, NULL, 'i'},
    {"json", no_argument, NULL, 'j'},
    {"metrics", no_argument, NULL, 'm'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void ct_view_options_help(void)
{
    printf(
        "Usage: cotel view [OPTION]...\n"
        "\n"
        "Receives traces by OTLP/HTTP, protobuf or JSON, and by OTLP/gRPC on 127.0.0.1 from any\n"
        "OpenTelemetry SDK, and shows each as a tree once its root is there and it has been quiet\n"
        "for half a second. Spans that come later show it again.\n"
        "\n"
        "  --port N              listen on port N for HTTP; 0: any free one (default %d)\n"
        "  --port-file FILE      write the port to FILE, with a newline, once it listens\n"
        "  --grpc-port N         the same for gRPC (default %d; 0 if --port is 0)\n"
        "  --grpc-port-file FILE the same for gRPC\n"
        "  --grpc-max-bytes N    the largest message of gRPC (default %d)\n"
        "  --no-grpc             no gRPC\n"
        "  --forward URL         send what comes on to the receiver of OTLP/HTTP at URL; without\n"
        "                        a path, to its /v1/traces\n"
        "  --forward-max-bytes N so much may wait for that receiver; what comes beyond is not\n"
        "                        forwarded (default %d)\n"
        "  --json                a JSON object for each trace, on a line, instead of a tree\n"
        "  --metrics             show at the end the metrics that have come, too\n"
        "  --count N             exit when N traces have been shown with their root\n"
        "  --until-idle MS       exit when no span (with --metrics: nothing) has come for MS\n"
        "                        milliseconds after the first, and show what is left\n"
        "  --help                this text\n"
        "\n"
        "Colours only on a terminal, and not if NO_COLOR is set. SIGINT and SIGTERM show what\n"
        "is left and end it with status 0.\n",
        CT_RECEIVER_DEFAULT_PORT, CT_GRPC_DEFAULT_PORT, CT_GRPC_DEFAULT_MAX_MESSAGE_BYTES,
        CT_FORWARD_DEFAULT_QUEUE_BYTES);
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

static bool parse_port(const char *option, uint16_t *port)
{
    uint64_t number;

    if (!parse_number(optarg, 0, UINT16_MAX, &number))
        return complain(option, "a number from 0 to 65535");
    *port = (uint16_t)number;
    return true;
}

static bool apply_grpc(struct ct_view_options *options, int option)
{
    uint64_t number;

    options->is_grpc_wanted |= option != NO_GRPC;
    switch (option) {
    case GRPC_PORT:
        options->is_grpc_port_given = true;
        return parse_port("--grpc-port", &options->grpc_port);
    case GRPC_PORT_FILE:
        options->grpc_port_file = optarg;
        return true;
    case GRPC_MAX_BYTES:
        if (!parse_number(optarg, 1, CT_RECEIVER_MAX_BODY_BYTES, &number))
            return complain("--grpc-max-bytes", "a number from 1 to 67108864");
        options->grpc_max_bytes = (size_t)number;
        return true;
    case NO_GRPC:
        options->no_grpc = true;
        return true;
    default: /* getopt has said what is wrong */
        return false;
    }
}

static bool apply_forward(struct ct_view_options *options, int option)
{
    uint64_t number;

    if (option == FORWARD) {
        options->forward_url = optarg;
        return true;
    }
    if (!parse_number(optarg, 1, CT_FORWARD_MAX_QUEUE_BYTES, &number))
        return complain("--forward-max-bytes", "a number from 1 to 1073741824");
    options->forward_max_bytes = (size_t)number;
    return true;
}

static bool check_forward(struct ct_view_options *options)
{
    if (!options->forward_url)
        return options->forward_max_bytes == 0 || complain("--forward-max-bytes", "--forward");
    if (options->forward_max_bytes == 0)
        options->forward_max_bytes = CT_FORWARD_DEFAULT_QUEUE_BYTES;

    switch (ct_post_check_url(options->forward_url)) {
    case 0:
        return true;
    case ENOTSUP:
        return complain("--forward", "a build of cotel with libcurl, which this one is not");
    default:
        return complain("--forward", "a URL of http or https");
    }
}

static bool apply(struct ct_view_options *options, int option)
{
    uint64_t number;

    switch (option) {
    case 'p':
        return parse_port("--port", &options->port);
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
    case 'm':
        options->metrics = true;
        return true;
    case 'h':
        options->help = true;
        return true;
    case FORWARD:
    case FORWARD_MAX_BYTES:
        return apply_forward(options, option);
    default:
        return apply_grpc(options, option);
    }
}

bool ct_view_options_parse(struct ct_view_options *options, int argc, char **argv)
{
    static char name[] = "cotel view";
    int option;

    *options = (struct ct_view_options){
        .port = CT_RECEIVER_DEFAULT_PORT,
        .grpc_port = CT_GRPC_DEFAULT_PORT,
        .grpc_max_bytes = CT_GRPC_DEFAULT_MAX_MESSAGE_BYTES,
        .until_idle_ms = -1,
    };
    argv[0] = name; /* for getopt's complaints */
    while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
        if (!apply(options, option))
            return false;
    if (optind < argc) {
        fprintf(stderr, "cotel view: %s is not an option\n", argv[optind]);
        return false;
    }
    if (options->no_grpc && options->is_grpc_wanted)
        return complain("--no-grpc", "no other option that begins with --grpc");
    if (options->port == 0 && !options->is_grpc_port_given)
        options->grpc_port = 0;
    return check_forward(options);
}
