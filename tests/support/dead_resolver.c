/* SPDX-License-Identifier: Apache-2.0 */
/* To be preloaded: looking up a name takes half a minute and fails, as behind a dead name server.
 * Digits are still read at once. */
#include <dlfcn.h>
#include <netdb.h>
#include <stddef.h>
#include <unistd.h>

__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **out);

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    if (hints == NULL || (hints->ai_flags & AI_NUMERICHOST) == 0) {
        sleep(30);
        return EAI_AGAIN;
    }
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real(node, service, hints, out);
}
