/* SPDX-License-Identifier: Apache-2.0 */
/* The whole of it: a program of its own, with an environment that is set for it. The first argument
 * is that program. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT_MAX 16384
#define VARIABLES_MAX 8
#define PATIENCE_MS 20000

static const char *program;

struct run {
    pid_t pid;
    int out, err; /* files in memory */
    char out_text[TEXT_MAX], err_text[TEXT_MAX];
};

static int memory_file(void)
{
    int fd = memfd_create("run", MFD_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

/* Keeps what the sanitizers and the loader need of the test's own environment. */
static void exec_program(const char *const variables[])
{
    const char *kept[] = {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"};
    char *values[4];
    for (size_t i = 0; i < 4; i++) {
        const char *value = getenv(kept[i]);
        values[i] = value ? strdup(value) : NULL;
    }
    (void)clearenv();
    for (size_t i = 0; i < 4; i++) {
        if (values[i])
            (void)setenv(kept[i], values[i], 1);
    }
    for (size_t i = 0; variables[i]; i++)
        (void)putenv((char *)(uintptr_t)variables[i]);
    (void)execl(program, program, (char *)NULL);
    _exit(127);
}

static void start(struct run *run, const char *const variables[])
{
    run->out = memory_file();
    run->err = memory_file();
    run->pid = fork();
    assert_true(run->pid >= 0);
    if (run->pid != 0)
        return;
    if (dup2(run->out, STDOUT_FILENO) < 0 || dup2(run->err, STDERR_FILENO) < 0)
        _exit(126);
    exec_program(variables);
}

static void take_text(int fd, char text[TEXT_MAX])
{
    ssize_t size = pread(fd, text, TEXT_MAX - 1, 0);
    assert_true(size >= 0);
    text[size] = '\0';
    assert_int_equal(close(fd), 0);
}

static void finish(struct run *run)
{
    int status;
    assert_int_equal(waitpid(run->pid, &status, 0), run->pid);
    take_text(run->out, run->out_text);
    take_text(run->err, run->err_text);
    if (status != 0)
        fail_msg("status %d: %s", status, run->err_text);
}

#define RUN(run, ...)                                                     \
    do {                                                                  \
        const char *const variables[VARIABLES_MAX] = {__VA_ARGS__, NULL}; \
        start((run), variables);                                          \
        finish(run);                                                      \
    } while (0)

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no \"%s\" in: %s", part, text);
}

static void the_console_shows_the_span_and_the_service(void **state)
{
    struct run run;
    RUN(&run, "OTEL_TRACES_EXPORTER=console", "OTEL_SERVICE_NAME=writer");
    assert_says(run.out_text, "span work (internal)\n");
    assert_says(run.out_text, "  service:    writer\n");
    assert_says(run.out_text, "  scope:      traced_program\n");
    assert_says(run.out_text, "    text: \"abcdef\"\n    number: 7\n");
    assert_string_equal(run.err_text, "init OK, shutdown OK\n");
}

static void limits_hold(void **state)
{
    struct run run;
    RUN(&run, "OTEL_TRACES_EXPORTER=console", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=1",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT=3");
    assert_says(run.out_text, "    text: \"abc\"\n    (1 more attributes were dropped)\n");
}

static void nothing_is_shown_when_disabled_unsampled_or_without_exporter(void **state)
{
    struct run run;
    RUN(&run, "OTEL_TRACES_EXPORTER=console", "OTEL_SDK_DISABLED=true");
    assert_string_equal(run.out_text, "");
    assert_string_equal(run.err_text, "init OK, shutdown OK\n");
    RUN(&run, "OTEL_TRACES_EXPORTER=console", "OTEL_TRACES_SAMPLER=always_off");
    assert_string_equal(run.out_text, "");
    RUN(&run, "OTEL_TRACES_EXPORTER=none");
    assert_string_equal(run.out_text, "");
    assert_string_equal(run.err_text, "init OK, shutdown OK\n");
}

static void mistakes_are_told_and_do_no_harm(void **state)
{
    struct run run;
    RUN(&run, "OTEL_TRACES_EXPORTER=console,zipkin", "OTEL_BSP_MAX_QUEUE_SIZE=many",
        "OTEL_RESOURCE_ATTRIBUTES=a", "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=grpc");
    assert_says(run.err_text, "zipkin");
    assert_says(run.err_text, "OTEL_BSP_MAX_QUEUE_SIZE=many");
    assert_says(run.err_text, "OTEL_RESOURCE_ATTRIBUTES is ignored");
    assert_says(run.err_text, "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=grpc");
    assert_says(run.out_text, "span work (internal)\n");
}

/* A socket on loopback and its port. */
static int listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static bool is_whole(const char *request, size_t size)
{
    const char *body = memmem(request, size, "\r\n\r\n", 4);
    const char *length = strcasestr(request, "content-length:");
    if (!body || !length)
        return false;
    return size >= (size_t)(body + 4 - request) + strtoul(length + 15, NULL, 10);
}

/* Takes one request and answers it. Returns its size; it ends with a NUL. */
static size_t serve_once(int listener, char request[TEXT_MAX])
{
    struct pollfd item = {.fd = listener, .events = POLLIN};
    assert_int_equal(poll(&item, 1, PATIENCE_MS), 1);
    int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(peer >= 0);
    size_t size = 0;
    request[0] = '\0';
    while (!is_whole(request, size)) {
        ssize_t got = recv(peer, request + size, TEXT_MAX - 1 - size, 0);
        assert_true(got > 0);
        size += (size_t)got;
        request[size] = '\0';
    }
    const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n"
                          "Content-Length: 0\r\nConnection: close\r\n\r\n";
    assert_int_equal(send(peer, answer, sizeof answer - 1, MSG_NOSIGNAL), sizeof answer - 1);
    assert_int_equal(close(peer), 0);
    return size;
}

static void otlp_goes_to_the_endpoint_with_the_headers(void **state)
{
    struct run run;
    char endpoint[128], request[TEXT_MAX];
    int port, listener = listen_somewhere(&port);
    (void)snprintf(endpoint, sizeof endpoint,
                   "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:%d/base/", port);
    const char *const variables[] = {endpoint, "OTEL_EXPORTER_OTLP_HEADERS=api-key=s3%20cret",
                                     "OTEL_RESOURCE_ATTRIBUTES=team=core,service.name=critic",
                                     NULL};
    start(&run, variables);
    size_t size = serve_once(listener, request);
    finish(&run);
    assert_int_equal(close(listener), 0);
    assert_says(request, "POST /base/v1/traces HTTP/1.1\r\n");
    assert_non_null(strcasestr(request, "\r\napi-key: s3 cret\r\n"));
    const char *inside[] = {"critic", "core", "traced_program", "work", "abcdef", "cotel"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        assert_non_null(memmem(request, size, inside[i], strlen(inside[i])));
    assert_string_equal(run.err_text, "init OK, shutdown OK\n");
}

static void an_endpoint_where_nobody_listens_holds_nobody_up(void **state)
{
    struct run run;
    char endpoint[128];
    int port, listener = listen_somewhere(&port);
    assert_int_equal(close(listener), 0);
    (void)snprintf(endpoint, sizeof endpoint,
                   "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:%d/v1/traces", port);
    RUN(&run, endpoint, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=100");
    assert_says(run.err_text, "init OK, shutdown ");
    assert_null(strstr(run.err_text, "shutdown OK"));
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 99;
    program = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_console_shows_the_span_and_the_service),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(nothing_is_shown_when_disabled_unsampled_or_without_exporter),
        cmocka_unit_test(mistakes_are_told_and_do_no_harm),
        cmocka_unit_test(otlp_goes_to_the_endpoint_with_the_headers),
        cmocka_unit_test(an_endpoint_where_nobody_listens_holds_nobody_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
