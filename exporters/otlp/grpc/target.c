/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/target.h"

#include "exporters/net/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

enum { PORT_MAX = 65535 };

/* A part of the endpoint; borrowed from it. */
struct part {
    const char *data;
    size_t size;
};

static struct part until(const char *text, const char *stops)
{
    return (struct part){text, strcspn(text, stops)};
}

static bool skip(const char **text, const char *prefix)
{
    size_t size = strlen(prefix);
    if (strncasecmp(*text, prefix, size) != 0)
        return false;
    *text += size;
    return true;
}

static bool copy(struct part part, char **out)
{
    *out = strndup(part.data, part.size);
    return *out != NULL;
}

static bool is_port(struct part part)
{
    unsigned long port = 0;
    for (size_t i = 0; i < part.size; i++) {
        if (part.data[i] < '0' || part.data[i] > '9' || port > PORT_MAX)
            return false;
        port = port * 10 + (unsigned long)(part.data[i] - '0');
    }
    return part.size > 0 && port > 0 && port <= PORT_MAX;
}

/* What may stand in a name; an address in brackets may have colons too. */
static bool is_host(struct part part, bool bracketed)
{
    for (size_t i = 0; i < part.size; i++) {
        char c = part.data[i];
        bool is_alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!is_alnum && !strchr("-._", c) && !(bracketed && c == ':'))
            return false;
    }
    return part.size > 0;
}

static const char *known_addresses(const char *host)
{
    if (ct_net_is_localhost(host))
        return "::1,127.0.0.1"; /* what the last one says is told, and every machine has that */
    return ct_net_is_address(host) ? host : NULL;
}

/* HOST, [ADDRESS], and a port behind either. */
static bool split(struct part authority, struct part *host, struct part *port)
{
    const char *end = authority.data + authority.size;
    bool bracketed = authority.size > 0 && authority.data[0] == '[';
    const char *start = authority.data + bracketed;
    const char *stop = memchr(start, bracketed ? ']' : ':', (size_t)(end - start));
    if (bracketed && !stop)
        return false;
    stop = stop ? stop : end;
    *host = (struct part){start, (size_t)(stop - start)};
    stop += bracketed;
    if (stop < end && (*stop != ':' || stop + 1 == end))
        return false;
    if (stop < end)
        *port = (struct part){stop + 1, (size_t)(end - stop - 1)};
    return is_host(*host, bracketed) && is_port(*port);
}

static cotel_status init_network(struct ct_grpc_target *target, const char *text,
                                 const char *default_port)
{
    struct part authority = until(text, "/?#"), host;
    struct part port = {default_port, strlen(default_port)};
    if (!split(authority, &host, &port))
        return COTEL_STATUS_INVALID_ARGUMENT;
    bool copied = copy(host, &target->host) && copy(port, &target->port) &&
                  copy(authority, &target->authority);
    const char *scheme = target->is_secure ? "https" : "http";
    if (!copied || asprintf(&target->shown, "%s://%s (gRPC)", scheme, target->authority) < 0) {
        target->shown = NULL;
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    target->addresses = known_addresses(target->host);
    return COTEL_STATUS_OK;
}

static cotel_status init_file(struct ct_grpc_target *target, const char *path)
{
    size_t size = strlen(path);
    if (size == 0 || size >= sizeof((struct sockaddr_un *)0)->sun_path)
        return COTEL_STATUS_INVALID_ARGUMENT;
    target->path = strdup(path);
    target->host = strdup("localhost");
    target->addresses = "";
    target->port = strdup("0");
    target->authority = strdup("localhost");
    if (asprintf(&target->shown, "unix:%s (gRPC)", path) < 0)
        target->shown = NULL;
    return target->path && target->host && target->port && target->authority && target->shown
               ? COTEL_STATUS_OK
               : COTEL_STATUS_OUT_OF_MEMORY;
}

static cotel_status take_apart(struct ct_grpc_target *target, const char *text, bool insecure)
{
    if (skip(&text, "unix://") || skip(&text, "unix:"))
        return init_file(target, text);
    if (skip(&text, "http://"))
        return init_network(target, text, "80");
    target->is_secure = true;
    if (skip(&text, "https://"))
        return init_network(target, text, "443");
    target->is_secure = !insecure;
    return init_network(target, text, "4317");
}

cotel_status ct_grpc_target_init(struct ct_grpc_target *target, const char *endpoint, bool insecure)
{
    *target = (struct ct_grpc_target){.host = NULL};
    cotel_status status = take_apart(target, endpoint, insecure);
    if (status != COTEL_STATUS_OK)
        ct_grpc_target_fini(target);
    return status;
}

void ct_grpc_target_fini(struct ct_grpc_target *target)
{
    free(target->host);
    free(target->port);
    free(target->path);
    free(target->authority);
    free(target->shown);
    *target = (struct ct_grpc_target){.host = NULL};
}
