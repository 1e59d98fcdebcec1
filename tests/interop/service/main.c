/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <curl/curl.h>

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define SHUTDOWN_MS 5000

static const char usage[] =
    "Usage: service [--port PORT]\n"
    "\n"
    "Serves http://127.0.0.1:PORT/ (default: any free port), prints that address, and ends with\n"
    "SIGTERM or SIGINT. A request is a POST of a JSON array:\n"
    "\n"
    "    [{\"url\": URL, \"arguments\": [...]}, ...]\n"
    "\n"
    "Each URL, which has to be of this machine, is called by POST with its arguments as the body, "
    "in\n"
    "the trace that the request's headers tell of. The OTEL_* variables set up the rest.\n";

static bool read_port(const char *text, uint16_t *port)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (end == text || *end || number > UINT16_MAX)
        return false;
    *port = (uint16_t)number;
    return true;
}

/* Ends the program when they are wrong, or ask for help. */
static uint16_t read_options(int count, char **arguments)
{
    static const struct option options[] = {{"port", required_argument, NULL, 'p'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    uint16_t port = 0;
    int option;
    while ((option = getopt_long(count, arguments, "p:h", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            exit(0);
        }
        if (option != 'p' || !read_port(optarg, &port)) {
            fputs(usage, stderr);
            exit(2);
        }
    }
    return port;
}

static int serve_until(const sigset_t *signals, uint16_t port)
{
    int signal;
    struct server *server = server_start(port);
    if (!server) {
        fprintf(stderr, "service: port %u of 127.0.0.1 cannot be served\n", port);
        return 1;
    }
    printf("http://127.0.0.1:%u/\n", server_port(server));
    fflush(stdout);
    sigwait(signals, &signal);
    server_stop(server);
    return 0;
}

int main(int count, char **arguments)
{
    uint16_t port = read_options(count, arguments);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* for the threads to come too */

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        cotel_sdk_init_from_env() != COTEL_STATUS_OK)
        return 1;
    int result = serve_until(&signals, port);
    if (cotel_sdk_shutdown(SHUTDOWN_MS, NULL) != COTEL_STATUS_OK)
        fputs("service: not all spans were delivered\n", stderr);
    curl_global_cleanup();
    return result;
}
