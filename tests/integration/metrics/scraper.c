/* SPDX-License-Identifier: Apache-2.0 */
#include "scraper.h"

#include "totals.h"

#include <cotel/exporters/prometheus.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const char request[] = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                              "Accept: application/openmetrics-text;version=1.0.0\r\n"
                              "Connection: close\r\n\r\n";

struct scraper {
    cotel_prometheus_exporter *exporter;
    char *answer;
    size_t capacity;
};

struct scraper *scraper_create(void)
{
    struct scraper *scraper = calloc(1, sizeof *scraper);
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    options.port = 0;
    options.collect_timeout_ms = FLUSH_MS;
    options.client_timeout_ms = FLUSH_MS;
    assert_non_null(scraper);
    assert_int_equal(cotel_prometheus_exporter_create(&options, &scraper->exporter),
                     COTEL_STATUS_OK);
    return scraper;
}

void scraper_destroy(struct scraper *scraper)
{
    cotel_prometheus_exporter_destroy(scraper->exporter);
    free(scraper->answer);
    free(scraper);
}

cotel_metric_reader *scraper_reader(struct scraper *scraper)
{
    return cotel_prometheus_exporter_as_reader(scraper->exporter);
}

static int connect_to(const struct scraper *scraper)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port =
                                      htons(cotel_prometheus_exporter_port(scraper->exporter))};
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(client >= 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    return client;
}

/* Reads to the end of the connection; the answer then ends with a NUL. */
static size_t read_all(struct scraper *scraper, int client)
{
    size_t size = 0;
    for (;;) {
        if (scraper->capacity - size < 65536) {
            scraper->capacity = scraper->capacity * 2 + 131072;
            scraper->answer = realloc(scraper->answer, scraper->capacity);
            assert_non_null(scraper->answer);
        }
        ssize_t got = recv(client, scraper->answer + size, scraper->capacity - size - 1, 0);
        assert_true(got >= 0);
        if (got == 0)
            break;
        size += (size_t)got;
    }
    scraper->answer[size] = '\0';
    return size;
}

static bool ends_whole(const char *answer, size_t size)
{
    static const char end[] = "# EOF\n";
    return size > strlen(end) && strcmp(answer + size - strlen(end), end) == 0;
}

double scraper_sum(struct scraper *scraper, const char *name)
{
    int client = connect_to(scraper);
    assert_int_equal(send(client, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    size_t size = read_all(scraper, client);
    close(client);
    assert_int_equal(strncmp(scraper->answer, "HTTP/1.1 200", 12), 0);
    assert_true(ends_whole(scraper->answer, size));
    double sum = 0;
    for (char *line = scraper->answer; (line = strchr(line, '\n')) != NULL;) {
        line++;
        if (strncmp(line, name, strlen(name)) != 0 || line[strlen(name)] != '{')
            continue;
        sum += strtod(strstr(line, "} ") + 2, NULL);
    }
    return sum;
}
