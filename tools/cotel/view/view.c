/* SPDX-License-Identifier: Apache-2.0 */
/* cotel view: one poll loop, and a thread where something is to be forwarded. Bodies come from the
 * receiver, become spans, are put together by the store, and are written when the store says so.
 * Traces go to stdout, everything else to stderr. */
#include "command.h"
#include "view/clock.h"
#include "view/forward/forwarder.h"
#include "view/grpc/server.h"
#include "view/intake.h"
#include "view/options.h"
#include "view/receiver.h"
#include "view/render_json.h"
#include "view/render_text.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct view {
    struct ct_view_options options;
    bool colours;
    struct ct_receiver *receiver;
    struct ct_grpc_server *grpc; /* NULL: none */
    struct ct_intake intake;
    int signals;
    uint64_t complete; /* traces shown with their root, each once */
    bool stopping;
    bool failed;
};

static void fail(struct view *view, const char *what)
{
    fprintf(stderr, "cotel view: %s\n", what);
    view->failed = true;
    view->stopping = true;
}

static bool is_count_reached(const struct view *view)
{
    return view->options.count > 0 && view->complete >= view->options.count;
}

static void show(void *user, const struct ct_trace *trace, enum ct_show_reason reason)
{
    struct view *view = user;

    if (is_count_reached(view))
        return;
    if (reason == CT_SHOW_EVICTED)
        fprintf(stderr, "cotel view: too much to keep; the next trace is shown as far as it has"
                        " come, and forgotten\n");

    bool rendered = view->options.json ? ct_render_json(stdout, trace)
                                       : ct_render_text(stdout, trace, view->colours);
    if (!rendered)
        fprintf(stderr, "cotel view: no memory to show a trace of %zu spans\n", trace->spans.count);
    if (fflush(stdout) != 0)
        fail(view, "cannot write to stdout");
    view->complete += trace->has_root && !trace->was_complete;
}

static void report_refusal(void *user, const char *answer, const char *reason)
{
    fprintf(stderr, "cotel view: answered %s: %s\n", answer, reason);
}

static struct ct_outcome take(void *user, enum ct_signal signal, enum ct_format format,
                              const uint8_t *body, size_t size_bytes)
{
    struct view *view = user;

    return ct_intake_take(&view->intake, signal, format, body, size_bytes, ct_now_ms());
}

/* The earlier of two times or spans of time, of which -1 means never. */
static int64_t earlier(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

static int64_t idle_end_ms(const struct view *view)
{
    if (view->options.until_idle_ms < 0 || view->intake.last_ms < 0)
        return -1;
    return view->intake.last_ms + view->options.until_idle_ms;
}

static int64_t poll_timeout_ms(const struct view *view)
{
    int64_t wake_ms = earlier(ct_store_next_due_ms(view->intake.store), idle_end_ms(view));
    int64_t now = ct_now_ms();

    int64_t wait_ms = wake_ms < 0 ? -1 : wake_ms <= now ? 0 : wake_ms - now;
    if (view->grpc)
        wait_ms = earlier(wait_ms, ct_grpc_server_timeout_ms(view->grpc));
    return earlier(wait_ms, ct_receiver_timeout_ms(view->receiver));
}

static void wait_and_serve(struct view *view)
{
    struct pollfd polled[] = {
        {.fd = view->signals, .events = POLLIN},
        {.fd = ct_receiver_descriptor(view->receiver), .events = POLLIN},
        {.fd = view->grpc ? ct_grpc_server_descriptor(view->grpc) : -1, .events = POLLIN}};

    if (poll(polled, sizeof(polled) / sizeof(polled[0]), (int)poll_timeout_ms(view)) < 0 &&
        errno != EINTR)
        fail(view, strerror(errno));
    if (polled[0].revents)
        view->stopping = true;
    ct_receiver_run(view->receiver);
    if (view->grpc)
        ct_grpc_server_run(view->grpc);
}

/* Without --metrics it is only said that there are any: traces are what stdout is for. */
static void show_metrics(struct view *view)
{
    const struct ct_metrics *metrics = view->intake.metrics;
    bool is_shown = true;

    if (ct_metrics_points(metrics) == 0)
        return;
    if (!view->options.metrics)
        fprintf(stderr, "cotel view: %" PRIu64 " points of metrics came; --metrics shows them\n",
                ct_metrics_points(metrics));
    else if (view->options.json)
        is_shown = ct_metrics_render_json(metrics, stdout);
    else
        ct_metrics_render_text(metrics, stdout);
    if (!is_shown)
        fprintf(stderr, "cotel view: no memory to show metrics\n");
    if (ct_metrics_left_out(metrics) > 0)
        fprintf(stderr, "cotel view: too many series; %" PRIu64 " points are not shown\n",
                ct_metrics_left_out(metrics));
    if (fflush(stdout) != 0)
        fail(view, "cannot write to stdout");
}

static void serve(struct view *view)
{
    while (!view->stopping) {
        wait_and_serve(view);
        ct_store_show_due(view->intake.store, ct_now_ms());
        int64_t end_ms = idle_end_ms(view);
        if (is_count_reached(view) || (end_ms >= 0 && end_ms <= ct_now_ms()))
            view->stopping = true;
    }
    if (view->grpc)
        ct_grpc_server_wind_up(view->grpc);
    if (!view->failed)
        ct_store_show_rest(view->intake.store);
    if (!view->failed)
        show_metrics(view);
    if (view->intake.forwarder)
        ct_forwarder_end(view->intake.forwarder);
}

/* Written aside and moved, so that whoever waits for the file never reads half a number. */
static bool write_port_file(const char *path, unsigned port)
{
    char aside[4096];

    if (!path)
        return true;
    if (snprintf(aside, sizeof(aside), "%s.new", path) >= (int)sizeof(aside))
        return false;
    FILE *file = fopen(aside, "w");
    if (!file)
        return false;
    bool written = fprintf(file, "%u\n", port) > 0;
    return fclose(file) == 0 && written && rename(aside, path) == 0;
}

static bool write_port_files(const struct view *view)
{
    return write_port_file(view->options.port_file, ct_receiver_port(view->receiver)) &&
           (!view->grpc ||
            write_port_file(view->options.grpc_port_file, ct_grpc_server_port(view->grpc)));
}

static void greet(const struct view *view)
{
    unsigned port = ct_receiver_port(view->receiver);

    fprintf(stderr, "listening on 127.0.0.1:%u\n", port);
    if (view->grpc)
        fprintf(stderr, "listening on 127.0.0.1:%u for gRPC\n",
                (unsigned)ct_grpc_server_port(view->grpc));
    if (isatty(STDERR_FILENO))
        fprintf(stderr,
                "waiting for traces: start a program with"
                " OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:%u\n"
                "and OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf; Ctrl-C ends this\n\n",
                port);
}

/* SIGPIPE is ignored since a client or a pager may go while it is written to; SIGINT and SIGTERM
 * are read from a descriptor in the loop. */
static bool catch_signals(struct view *view)
{
    sigset_t ending;

    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigprocmask(SIG_BLOCK, &ending, NULL) != 0)
        return false;
    view->signals = signalfd(-1, &ending, SFD_CLOEXEC);
    return view->signals >= 0;
}

static struct ct_receiver_callbacks callbacks_of(struct view *view)
{
    return (struct ct_receiver_callbacks){.take = take, .refused = report_refusal, .user = view};
}

static bool open_receiver(struct view *view)
{
    const struct ct_receiver_callbacks callbacks = callbacks_of(view);

    view->receiver = ct_receiver_create(view->options.port, &callbacks);
    if (view->receiver)
        return true;
    fprintf(stderr, "cotel view: cannot listen on 127.0.0.1:%u: %s\n", (unsigned)view->options.port,
            strerror(errno));
    if (errno == EADDRINUSE)
        fputs("Another collector may be running; --port takes another port.\n", stderr);
    return false;
}

/* Where it was not asked for, HTTP alone will do. */
static bool open_grpc(struct view *view)
{
    const struct ct_view_options *options = &view->options;
    const struct ct_receiver_callbacks callbacks = callbacks_of(view);

    if (options->no_grpc)
        return true;
    view->grpc = ct_grpc_server_create(options->grpc_port, options->grpc_max_bytes, &callbacks);
    if (view->grpc)
        return true;
    if (errno == ENOTSUP && options->is_grpc_wanted)
        fputs("cotel view: no gRPC: this build of cotel is without nghttp2\n", stderr);
    else if (errno != ENOTSUP)
        fprintf(stderr, "cotel view: no gRPC on 127.0.0.1:%u: %s; --grpc-port takes another port\n",
                (unsigned)options->grpc_port, strerror(errno));
    return !options->is_grpc_wanted;
}

static bool open_store(struct view *view)
{
    const struct ct_store_options options = {.max_traces = CT_STORE_MAX_TRACES,
                                             .max_bytes = CT_STORE_MAX_BYTES,
                                             .show = show,
                                             .user = view};

    view->intake.store = ct_store_create(&options);
    view->intake.metrics = ct_metrics_create();
    view->intake.are_metrics_shown = view->options.metrics;
    return view->intake.store && view->intake.metrics;
}

static bool open_forwarder(struct view *view)
{
    const struct ct_view_options *options = &view->options;

    if (!options->forward_url)
        return true;
    view->intake.forwarder = ct_forwarder_create(
        options->forward_url, ct_receiver_port(view->receiver), options->forward_max_bytes);
    return view->intake.forwarder != NULL;
}

static bool start(struct view *view)
{
    if (!open_receiver(view) || !open_grpc(view))
        return false;
    if (!open_store(view) || !catch_signals(view) || !open_forwarder(view) ||
        !write_port_files(view)) {
        fprintf(stderr, "cotel view: cannot start: %s\n",
                errno == ELOOP ? "--forward leads to this viewer itself" : strerror(errno));
        return false;
    }
    return true;
}

static void close_view(struct view *view)
{
    ct_grpc_server_destroy(view->grpc);
    ct_receiver_destroy(view->receiver);
    ct_forwarder_destroy(view->intake.forwarder);
    ct_metrics_destroy(view->intake.metrics);
    ct_store_destroy(view->intake.store);
    if (view->signals >= 0)
        close(view->signals);
}

int ct_view_main(int argc, char **argv)
{
    struct view view = {.intake = {.last_ms = -1}, .signals = -1};

    if (!ct_view_options_parse(&view.options, argc, argv))
        return CT_EXIT_USAGE;
    if (view.options.help) {
        ct_view_options_help();
        return CT_EXIT_OK;
    }

    setlocale(LC_CTYPE, "C.UTF-8"); /* whatever the user's: what comes in is UTF-8 */
    const char *no_color = getenv("NO_COLOR");
    view.colours = isatty(STDOUT_FILENO) && (!no_color || !*no_color);

    bool started = start(&view);
    if (started) {
        greet(&view);
        serve(&view);
    }
    close_view(&view);
    return started && !view.failed ? CT_EXIT_OK : CT_EXIT_FAILURE;
}
