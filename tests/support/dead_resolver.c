/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into a test, it is a dead name server: looking up a name takes half a minute and fails.
 * The program's own definition goes before the C library's, for libcurl too. */
#include <netdb.h>
#include <unistd.h>

enum { SECONDS = 30 };

__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **out)
{
    unsigned left = SECONDS;
    while (left > 0)
        left = sleep(left);
    return EAI_AGAIN;
}
