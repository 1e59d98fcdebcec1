/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

bool ct_net_is_address(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

bool ct_net_is_localhost(const char *host)
{
    static const char name[] = "localhost";
    size_t size = strlen(host), wanted = sizeof name - 1;
    return size >= wanted && strcasecmp(host + size - wanted, name) == 0 &&
           (size == wanted || host[size - wanted - 1] == '.');
}
