/* SPDX-License-Identifier: Apache-2.0 */
/* nghttp2's side of a connection: what comes in is handed to the calls. */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_SESSION_H
#define COTEL_EXPORTERS_OTLP_GRPC_SESSION_H

#include "exporters/otlp/grpc/connection.h"

/* A session with its settings to be sent; the connection must outlive it. NULL: memory is out. */
nghttp2_session *ct_grpc_session_create(struct ct_grpc_connection *connection);

#endif
