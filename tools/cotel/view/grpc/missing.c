/* SPDX-License-Identifier: Apache-2.0 */
/* In place of the server where nghttp2 is missing. */
#include "view/grpc/server.h"

#include <errno.h>

struct ct_grpc_server *ct_grpc_server_create(uint16_t port, size_t max_message_bytes,
                                             const struct ct_receiver_callbacks *callbacks)
{
    errno = ENOTSUP;
    return NULL;
}

void ct_grpc_server_destroy(struct ct_grpc_server *server) {}

uint16_t ct_grpc_server_port(const struct ct_grpc_server *server)
{
    return 0;
}

int ct_grpc_server_descriptor(const struct ct_grpc_server *server)
{
    return -1;
}

int ct_grpc_server_timeout_ms(const struct ct_grpc_server *server)
{
    return -1;
}

void ct_grpc_server_run(struct ct_grpc_server *server) {}

void ct_grpc_server_wind_up(struct ct_grpc_server *server) {}
