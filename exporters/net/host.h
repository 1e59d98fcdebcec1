/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of host it is that a URL names. */
#ifndef COTEL_EXPORTERS_NET_HOST_H
#define COTEL_EXPORTERS_NET_HOST_H

#include <stdbool.h>

/* Whether it is an address of IPv4 or IPv6, in digits and without brackets. */
bool ct_net_is_address(const char *host);

/* Whether it is "localhost" or a name below it, which RFC 6761 keeps from the name servers. */
bool ct_net_is_localhost(const char *host);

#endif
