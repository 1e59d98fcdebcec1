/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates made while a test runs: none is kept anywhere, so none expires there. Whatever
 * cannot be done ends the test program. */
#ifndef COTEL_TESTS_SUPPORT_CERTIFICATES_H
#define COTEL_TESTS_SUPPORT_CERTIFICATES_H

#include <stdbool.h>

struct authority;

/* Somebody who signs; the certificate goes to `path` as PEM. */
struct authority *authority_create(const char *name, const char *path);

struct certificate_wish {
    const char *host; /* a name or an address that it is good for */
    bool is_expired;
    bool with_key; /* the key goes into the certificate's file too */
};

/* Writes a certificate and its key (NULL: not on its own) as PEM. A file that is there is replaced
 * by renaming, as tools that renew certificates do. `signer` NULL: self-signed. */
void certificate_issue(const struct authority *signer, const struct certificate_wish *wish,
                       const char *certificate_path, const char *key_path);

void authority_free(struct authority *authority);

#endif
