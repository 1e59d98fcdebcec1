/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/clients.h"

#include "exporters/net/clock.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* How many may be about to be closed: one is sent away in a round of the server's, for each socket,
 * and is gone after the next one or two. */
#define MAX_LEAVING 16

static bool is_there(const struct ct_prom_client *client)
{
    return client->fd >= 0;
}

bool ct_prom_clients_init(struct ct_prom_clients *clients, size_t limit, uint64_t client_timeout_ns,
                          uint64_t idle_timeout_ns)
{
    size_t capacity = limit + MAX_LEAVING;
    *clients = (struct ct_prom_clients){.items = calloc(capacity, sizeof *clients->items),
                                        .capacity = capacity,
                                        .limit = limit,
                                        .client_timeout_ns = client_timeout_ns,
                                        .idle_timeout_ns = idle_timeout_ns};
    if (!clients->items)
        return false;
    for (size_t i = 0; i < capacity; i++)
        clients->items[i].fd = -1;
    return true;
}

void ct_prom_clients_fini(struct ct_prom_clients *clients)
{
    free(clients->items);
    *clients = (struct ct_prom_clients){.items = NULL};
}

static void enter(struct ct_prom_client *client, enum ct_prom_stage stage, uint64_t now_ns,
                  uint64_t timeout_ns)
{
    /* One that was shut down stays so, whatever libmicrohttpd still tells of it. */
    if (client->stage == CT_PROM_LEAVING)
        return;
    client->stage = stage;
    client->since_ns = now_ns;
    client->deadline_ns = ct_net_after_ns(now_ns, timeout_ns);
}

static void shut_down(struct ct_prom_client *client)
{
    (void)shutdown(client->fd, SHUT_RDWR); /* fails when the client has gone already */
    client->stage = CT_PROM_LEAVING;
    client->deadline_ns = UINT64_MAX;
}

/* ---- coming ---- */

static struct ct_prom_client *find_free(struct ct_prom_clients *clients)
{
    for (size_t i = 0; i < clients->capacity; i++) {
        if (!is_there(&clients->items[i]))
            return &clients->items[i];
    }
    return NULL;
}

static size_t count_staying(const struct ct_prom_clients *clients)
{
    size_t count = 0;
    for (size_t i = 0; i < clients->capacity; i++) {
        const struct ct_prom_client *client = &clients->items[i];
        count += is_there(client) && client->stage != CT_PROM_LEAVING;
    }
    return count;
}

static bool is_without_request(const struct ct_prom_client *client)
{
    return is_there(client) && (client->stage == CT_PROM_NEW || client->stage == CT_PROM_IDLE);
}

static struct ct_prom_client *find_longest_without_request(struct ct_prom_clients *clients)
{
    struct ct_prom_client *longest = NULL;
    for (size_t i = 0; i < clients->capacity; i++) {
        struct ct_prom_client *client = &clients->items[i];
        if (is_without_request(client) && (!longest || client->since_ns < longest->since_ns))
            longest = client;
    }
    return longest;
}

/* False: nobody can be sent away. */
static bool make_room(struct ct_prom_clients *clients, bool *evicted)
{
    if (count_staying(clients) < clients->limit)
        return true;
    struct ct_prom_client *client = find_longest_without_request(clients);
    if (!client)
        return false;
    shut_down(client);
    *evicted = true;
    return true;
}

struct ct_prom_client *ct_prom_clients_add(struct ct_prom_clients *clients, int fd, uint64_t now_ns,
                                           bool *evicted)
{
    *evicted = false;
    struct ct_prom_client *client = find_free(clients);
    if (!client || !make_room(clients, evicted))
        return NULL;
    *client = (struct ct_prom_client){.fd = fd, .stage = CT_PROM_NEW};
    enter(client, CT_PROM_NEW, now_ns, clients->client_timeout_ns);
    return client;
}

/* ---- staying ---- */

/* A first request has its time since the client came; each one after it begins anew. */
void ct_prom_client_reads(struct ct_prom_clients *clients, struct ct_prom_client *client,
                          uint64_t now_ns)
{
    uint64_t deadline_ns = client->deadline_ns;
    bool is_first = client->stage == CT_PROM_NEW;
    enter(client, CT_PROM_READING, now_ns, clients->client_timeout_ns);
    if (is_first)
        client->deadline_ns = deadline_ns;
}

static void set_pending(struct ct_prom_clients *clients, struct ct_prom_client *client,
                        size_t bytes)
{
    clients->pending_bytes += bytes - client->pending_bytes;
    client->pending_bytes = bytes;
}

void ct_prom_client_takes(struct ct_prom_clients *clients, struct ct_prom_client *client,
                          size_t bytes, uint64_t now_ns)
{
    set_pending(clients, client, bytes);
    enter(client, CT_PROM_TAKING, now_ns, clients->client_timeout_ns);
}

void ct_prom_client_rests(struct ct_prom_clients *clients, struct ct_prom_client *client,
                          uint64_t now_ns)
{
    set_pending(clients, client, 0);
    enter(client, CT_PROM_IDLE, now_ns, clients->idle_timeout_ns);
}

struct ct_prom_expiry ct_prom_clients_expire(struct ct_prom_clients *clients, uint64_t now_ns)
{
    struct ct_prom_expiry expiry = {0, UINT64_MAX};
    for (size_t i = 0; i < clients->capacity; i++) {
        struct ct_prom_client *client = &clients->items[i];
        if (!is_there(client))
            continue;
        if (client->deadline_ns <= now_ns) {
            expiry.slow += client->stage != CT_PROM_IDLE;
            shut_down(client);
        } else if (client->deadline_ns < expiry.next_ns) {
            expiry.next_ns = client->deadline_ns;
        }
    }
    return expiry;
}

/* ---- going ---- */

void ct_prom_client_remove(struct ct_prom_clients *clients, struct ct_prom_client *client)
{
    set_pending(clients, client, 0);
    client->fd = -1;
}

void ct_prom_clients_close_all(struct ct_prom_clients *clients)
{
    for (size_t i = 0; i < clients->capacity; i++) {
        if (!is_there(&clients->items[i]))
            continue;
        (void)close(clients->items[i].fd);
        clients->items[i] = (struct ct_prom_client){.fd = -1};
    }
    clients->pending_bytes = 0;
}
