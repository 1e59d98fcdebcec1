/* SPDX-License-Identifier: Apache-2.0 */
#include "writer/artifact.h"

#include <cotel/cotel.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_MAX_BYTES 4096
#define NAME_MAX_BYTES 80

/* "Checkout outage of 14 March" is saved as checkout-outage-of-14-march. */
static void name_after(const char *title, char name[NAME_MAX_BYTES])
{
    size_t size = 0;
    for (; *title && size < NAME_MAX_BYTES - 1; title++) {
        if (isalnum((unsigned char)*title))
            name[size++] = (char)tolower((unsigned char)*title);
        else if (size > 0 && name[size - 1] != '-')
            name[size++] = '-';
    }
    while (size > 0 && name[size - 1] == '-')
        size--;
    name[size] = '\0';
}

/* 0, or an errno. */
static int write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return errno;
    int error = fputs(text, file) < 0 ? errno : 0;
    if (fclose(file) != 0 && error == 0)
        error = errno;
    return error;
}

static int replace_file(const char *path, const char *text)
{
    char draft[PATH_MAX_BYTES + 32];
    snprintf(draft, sizeof draft, "%s.%ld", path, (long)getpid());
    int error = write_file(draft, text);
    if (error == 0 && rename(draft, path) != 0)
        error = errno;
    if (error != 0)
        unlink(draft);
    return error;
}

static void record_failure(const cotel_span *span, int error)
{
    const char *name = strerrorname_np(error);
    cotel_span_set_string(span, "error.type", name ? name : "_OTHER");
    cotel_span_set_status(span, COTEL_STATUS_CODE_ERROR, strerror(error));
}

char *artifact_save(const char *folder, const char *title, const char *text)
{
    char name[NAME_MAX_BYTES];
    char path[PATH_MAX_BYTES];
    name_after(title, name);
    snprintf(path, sizeof path, "%s/%s.md", folder, name);

    cotel_span span =
        cotel_span_start(cotel_tracer_get("agents.writer", NULL), "save_artifact", NULL);
    cotel_span_set_string(&span, "file.path", path);
    cotel_span_set_int(&span, "file.size", (int64_t)strlen(text));
    int error = replace_file(path, text);
    if (error != 0)
        record_failure(&span, error);
    cotel_span_end(&span);
    return error == 0 ? strdup(path) : NULL;
}
