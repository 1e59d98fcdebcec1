/* SPDX-License-Identifier: Apache-2.0 */
/* Usage: send_batches ENDPOINT [NAME=VALUE...]
 *
 * Sends `batches` batches of `spans` spans with `padding` bytes each, all at once if `concurrency`
 * allows and one after the other otherwise, by the gRPC exporter alone. Prints a line for each, in
 * their order: outcome, rejected spans, milliseconds, message. tests/support/export_host.c stands
 * in for the SDK. */
#include "tests/support/export_host.h"

#include <cotel/exporters/otlp_grpc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BATCHES = 64, GRACE_MS = 2000 };

static const char *value_of(char **arguments, const char *name, const char *otherwise)
{
    size_t size = strlen(name);
    for (; *arguments != NULL; arguments++) {
        if (strncmp(*arguments, name, size) == 0 && (*arguments)[size] == '=')
            return *arguments + size + 1;
    }
    return otherwise;
}

static unsigned long number_of(char **arguments, const char *name, const char *otherwise)
{
    return strtoul(value_of(arguments, name, otherwise), NULL, 10);
}

static cotel_exporter *exporter_of(const char *endpoint, char **arguments)
{
    static const cotel_otlp_header headers[] = {{"X-Api-Key", "k3y"}, {"x-empty", ""}};
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.endpoint = endpoint;
    options.headers = headers;
    options.header_count = 2;
    options.user_agent = "shop/1.2";
    options.concurrency = number_of(arguments, "concurrency", "1");
    options.keepalive_ms = number_of(arguments, "keepalive_ms", "0");
    options.backoff_initial_ms = 20;
    options.backoff_max_ms = 50;
    if (number_of(arguments, "gzip", "0") != 0)
        options.compression = COTEL_OTLP_COMPRESSION_GZIP;
    cotel_exporter *exporter = NULL;
    if (cotel_otlp_grpc_exporter_create(&options, &exporter) != COTEL_STATUS_OK)
        exit(2);
    return exporter;
}

static void print_result(const struct host_result *result, uint64_t took_ms)
{
    static const char *const names[] = {"ACCEPTED",  "REFUSED", "TOO_LARGE", "TIMEOUT",
                                        "CANCELLED", "FAILED",  "INVALID"};
    printf("%s %llu %llu %s\n", result->done == 1 ? names[result->outcome] : "LOST",
           (unsigned long long)result->rejected, (unsigned long long)took_ms, result->message);
    fflush(stdout);
}

int main(int count, char **arguments)
{
    static struct host_result results[MAX_BATCHES];
    if (count < 2)
        return 2;
    cotel_exporter *exporter = exporter_of(arguments[1], arguments + 2);
    size_t batches = number_of(arguments, "batches", "1");
    size_t spans = number_of(arguments, "spans", "10");
    size_t padding = number_of(arguments, "padding", "100");
    uint64_t timeout_ms = number_of(arguments, "timeout_ms", "10000");
    size_t at_once = exporter->ops->concurrency;
    for (size_t i = 0; i < batches && i < MAX_BATCHES; i += at_once) {
        struct host_result *pointers[MAX_BATCHES];
        uint64_t began_ms = host_now_ms();
        size_t these = batches - i < at_once ? batches - i : at_once;
        for (size_t k = 0; k < these; k++) {
            pointers[k] = &results[i + k];
            host_begin(exporter, host_batch(1, spans, padding), timeout_ms, pointers[k]);
        }
        host_drive(exporter, pointers, these, timeout_ms + GRACE_MS);
        for (size_t k = 0; k < these; k++)
            print_result(pointers[k], host_now_ms() - began_ms);
    }
    host_finish(exporter);
    return 0;
}
