/* SPDX-License-Identifier: Apache-2.0 */
/* What a request is answered with. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_ANSWER_H
#define COTEL_EXPORTERS_PROMETHEUS_ANSWER_H

#include <stdbool.h>

struct MHD_Connection;
struct ct_prom_client;
struct ct_prom_server;

/* Whether it is a method that is answered with something to read. */
bool ct_prom_is_read(const char *method);

/* Once for each request. False: memory is out, and the connection to be
 * closed. */
bool ct_prom_answer(struct ct_prom_server *server, struct ct_prom_client *client,
                    struct MHD_Connection *connection, const char *method, const char *path);

#endif
