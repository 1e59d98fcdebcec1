/* SPDX-License-Identifier: Apache-2.0 */
/* What is received, by the address that it is sent to. */
#ifndef COTEL_TOOLS_COTEL_VIEW_SIGNAL_H
#define COTEL_TOOLS_COTEL_VIEW_SIGNAL_H

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>

enum ct_signal { CT_SIGNAL_TRACES, CT_SIGNAL_METRICS };

/* False: nothing is received there. */
bool ct_signal_of_path(const char *path, enum ct_signal *signal);     /* over HTTP */
bool ct_signal_of_method(const char *method, enum ct_signal *signal); /* over gRPC */

/* Of its requests. */
const ProtobufCMessageDescriptor *ct_signal_request_type(enum ct_signal signal);

#endif
