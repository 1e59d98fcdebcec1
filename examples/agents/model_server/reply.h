/* SPDX-License-Identifier: Apache-2.0 */
/* Sending an answer: at once, or in paced pieces. */
#ifndef AGENTS_MODEL_SERVER_REPLY_H
#define AGENTS_MODEL_SERVER_REPLY_H

#include <microhttpd.h>

/* Sends JSON text, which is taken over; NULL closes the connection. */
enum MHD_Result reply_json(struct MHD_Connection *connection, unsigned status, char *json);

/* Sends server-sent events, which are taken over, so that all of them take `duration_ms`. */
enum MHD_Result reply_events(struct MHD_Connection *connection, char *events, unsigned duration_ms);

/* Waits, on this connection's own thread. */
void reply_pause(unsigned duration_ms);

#endif
