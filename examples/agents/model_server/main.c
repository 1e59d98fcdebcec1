/* SPDX-License-Identifier: Apache-2.0 */
/* A stand-in for a language model, for the agents to call over real HTTP. Not instrumented: most
 * model servers are somebody else's.
 *
 *     model_server [--port N] [--port-file FILE] [--slow MS] [--fail N]
 *
 *     --port N          listen on 127.0.0.1:N; 0, the default, takes any free port
 *     --port-file FILE  write the port there once it is open
 *     --slow MS         take so long for an answer (default 0)
 *     --fail N          answer the first N requests by 503
 *
 * It ends on SIGINT and SIGTERM. */
#include "model_server/server.h"

#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static const char *port_file;

static bool read_number(const char *text, unsigned long max, unsigned long *out)
{
    char *end;
    *out = strtoul(text, &end, 10);
    return end != text && *end == '\0' && *out <= max;
}

static bool read_options(int argc, char **argv, struct server_options *options)
{
    static const struct option known[] = {{"port", required_argument, NULL, 'p'},
                                          {"port-file", required_argument, NULL, 'f'},
                                          {"slow", required_argument, NULL, 's'},
                                          {"fail", required_argument, NULL, 'x'},
                                          {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        unsigned long number = 0;
        if (option == '?' || (option != 'f' && !read_number(optarg, 65535, &number)))
            return false;
        if (option == 'f')
            port_file = optarg;
        else if (option == 'p')
            options->port = (uint16_t)number;
        else if (option == 's')
            options->slow_ms = (unsigned)number;
        else
            options->fail = (unsigned)number;
    }
    return optind == argc;
}

/* Whoever waits for the file never sees half of it: it gets its name when it is whole. */
static bool write_port_file(const char *path, unsigned port)
{
    char draft[4096];
    if (snprintf(draft, sizeof draft, "%s.new", path) >= (int)sizeof draft)
        return false;
    FILE *file = fopen(draft, "w");
    if (!file)
        return false;
    bool written = fprintf(file, "%u\n", port) > 0;
    written = fclose(file) == 0 && written;
    return written && rename(draft, path) == 0;
}

static void wait_for_signal(const sigset_t *signals)
{
    int number;
    sigwait(signals, &number);
}

int main(int argc, char **argv)
{
    struct server_options options = {0};
    if (!read_options(argc, argv, &options)) {
        fprintf(stderr, "usage: %s [--port N] [--port-file FILE] [--slow MS] [--fail N]\n",
                argv[0]);
        return 2;
    }
    /* Blocked before the first thread starts, so that none but this one gets them. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);

    struct server server = {0};
    unsigned port = server_start(&server, &options);
    if (port == 0) {
        fprintf(stderr, "model_server: cannot listen\n");
        return 1;
    }
    bool ready = !port_file || write_port_file(port_file, port);
    if (ready)
        wait_for_signal(&signals);
    else
        perror(port_file);
    server_stop(&server);
    return ready ? 0 : 1;
}
