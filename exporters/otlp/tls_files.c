/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/tls_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Fields beyond the caller's size keep their defaults. */
static bool complete(const cotel_otlp_tls_options *given, cotel_otlp_tls_options *out)
{
    *out = (cotel_otlp_tls_options)COTEL_OTLP_TLS_OPTIONS_INIT;
    if (given == NULL)
        return true;
    if (given->size < sizeof given->size)
        return false;
    memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    return true;
}

/* Whether a file has the beginning of something in PEM. What is in there is read when a connection
 * is made, and may be replaced until then: but a wrong path should be told at once. */
static bool is_pem(const char *path)
{
    static const char beginning[] = "-----BEGIN ";
    char line[256];
    bool found = false;
    struct stat entry;
    if (stat(path, &entry) != 0 || !S_ISREG(entry.st_mode))
        return false; /* a pipe would be waited for */
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = strncmp(line, beginning, sizeof beginning - 1) == 0;
    fclose(file); /* read only: nothing is lost */
    return found;
}

static bool is_usable(const char *path)
{
    return path == NULL || is_pem(path);
}

static bool is_valid(const cotel_otlp_tls_options *options)
{
    if (options->key_file != NULL && options->certificate_file == NULL)
        return false;
    return is_usable(options->ca_file) && is_usable(options->certificate_file) &&
           is_usable(options->key_file);
}

static bool copy(const char *path, char **out)
{
    *out = path != NULL ? strdup(path) : NULL;
    return path == NULL || *out != NULL;
}

/* False when it is not there. */
static bool read_stamp(const char *path, struct ct_otlp_file_stamp *out)
{
    struct stat found;
    if (path == NULL || stat(path, &found) != 0)
        return false;
    *out = (struct ct_otlp_file_stamp){
        .device = found.st_dev,
        .inode = found.st_ino,
        .size = (uint64_t)found.st_size,
        .changed_s = found.st_ctim.tv_sec,
        .changed_ns = found.st_ctim.tv_nsec,
    };
    return true;
}

bool ct_otlp_tls_files_changed(struct ct_otlp_tls_files *files)
{
    const char *const paths[CT_OTLP_TLS_FILES] = {files->ca, files->certificate, files->key};
    bool changed = false;
    for (size_t i = 0; i < CT_OTLP_TLS_FILES; i++) {
        struct ct_otlp_file_stamp now = {0}; /* with its padding, if it has any */
        if (!read_stamp(paths[i], &now) || memcmp(&now, &files->stamps[i], sizeof now) == 0)
            continue;
        files->stamps[i] = now;
        changed = true;
    }
    return changed;
}

cotel_status ct_otlp_tls_files_init(struct ct_otlp_tls_files *files,
                                    const cotel_otlp_tls_options *given)
{
    cotel_otlp_tls_options options;
    *files = (struct ct_otlp_tls_files){.skip_verify = false};
    if (!complete(given, &options) || !is_valid(&options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    files->skip_verify = options.insecure_skip_verify;
    bool copied = copy(options.ca_file, &files->ca);
    copied &= copy(options.certificate_file, &files->certificate);
    copied &= copy(options.key_file, &files->key);
    if (!copied) {
        ct_otlp_tls_files_fini(files);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    (void)ct_otlp_tls_files_changed(files); /* takes note of them */
    return COTEL_STATUS_OK;
}

void ct_otlp_tls_files_fini(struct ct_otlp_tls_files *files)
{
    free(files->ca);
    free(files->certificate);
    free(files->key);
    *files = (struct ct_otlp_tls_files){.skip_verify = false};
}
