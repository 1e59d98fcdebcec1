/* SPDX-License-Identifier: Apache-2.0 */
/* The files that TLS needs, and whether they have changed since connections were made with them. */
#ifndef COTEL_EXPORTERS_OTLP_TLS_FILES_H
#define COTEL_EXPORTERS_OTLP_TLS_FILES_H

#include <cotel/exporters/otlp_common.h>

enum { CT_OTLP_TLS_FILES = 3 };

/* What tells one state of a file from another. All zeros: it is not there. */
struct ct_otlp_file_stamp {
    uint64_t device, inode, size;
    int64_t changed_s, changed_ns;
};

struct ct_otlp_tls_files {
    char *ca;          /* NULL: the system's */
    char *certificate; /* NULL: none */
    char *key;         /* NULL: in the certificate's file */
    bool skip_verify;
    struct ct_otlp_file_stamp stamps[CT_OTLP_TLS_FILES];
};

/* Of options as the caller has given them: NULL, or of an older or newer size. INVALID_ARGUMENT (a
 * file that cannot be read or is not PEM, a key without a certificate), OUT_OF_MEMORY. To be ended
 * by fini() after OK only. */
cotel_status ct_otlp_tls_files_init(struct ct_otlp_tls_files *files,
                                    const cotel_otlp_tls_options *given);

/* Whether a file is another than at the last call (or init). A file that is gone, as it is for a
 * moment while somebody replaces it, is no change. */
bool ct_otlp_tls_files_changed(struct ct_otlp_tls_files *files);

void ct_otlp_tls_files_fini(struct ct_otlp_tls_files *files);

#endif
