/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/config.h"

#include "exporters/net/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void cotel_prometheus_options_init(cotel_prometheus_options *options)
{
    static const cotel_prometheus_options defaults = COTEL_PROMETHEUS_OPTIONS_INIT;
    if (options)
        memcpy(options, &defaults, sizeof defaults); /* with the padding, so that it compares */
}

bool ct_prom_options_complete(const cotel_prometheus_options *given, cotel_prometheus_options *out)
{
    cotel_prometheus_options_init(out);
    if (!given)
        return true;
    if (given->size < sizeof given->size)
        return false;
    memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    return true;
}

/* ---- what may be ---- */

/* A path of a URL as it stands on the wire: what is special there would have to be encoded. */
static bool is_path(const char *path)
{
    if (!path || path[0] != '/')
        return false;
    for (const char *c = path; *c; c++) {
        if (*c <= ' ' || *c > '~' || strchr("?#%\"<>\\^`{|}", *c))
            return false;
    }
    return true;
}

static bool is_name(const char *text)
{
    return !text || text[0] != '\0';
}

/* Another name would not be read. */
static bool is_textfile(const char *name)
{
    static const char suffix[] = ".prom";
    size_t wanted = sizeof suffix - 1;
    if (!name)
        return true;
    size_t size = strlen(name);
    return size > wanted && strcmp(name + size - wanted, suffix) == 0;
}

static bool are_patterns(const char *const *items, size_t count)
{
    if (count > 0 && !items)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!items[i])
            return false;
    }
    return true;
}

static bool are_limits(const cotel_prometheus_options *options)
{
    if (options->collect_timeout_ms == 0 || options->client_timeout_ms == 0)
        return false;
    if (options->idle_timeout_ms == 0 || options->max_pending_bytes == 0)
        return false;
    return options->max_connections > 0 &&
           options->max_connections <= COTEL_PROMETHEUS_MAX_CONNECTIONS;
}

static bool are_names(const cotel_prometheus_options *options)
{
    if (!options->host || !is_name(options->host) || !is_path(options->path))
        return false;
    if (!is_name(options->target_file) || !is_name(options->target_host))
        return false;
    return is_textfile(options->textfile) &&
           are_patterns(options->resource_labels, options->resource_label_count) &&
           are_patterns(options->excluded_resource_labels, options->excluded_resource_label_count);
}

static bool are_choices(const cotel_prometheus_options *options)
{
    return (unsigned)options->translation <= COTEL_PROMETHEUS_NO_TRANSLATION &&
           (unsigned)options->port_policy <= COTEL_PROMETHEUS_PORT_OR_NEXT;
}

/* ---- copies ---- */

/* False: memory is out. */
static bool copy_text(char **to, const char *text)
{
    if (!text)
        return true;
    *to = strdup(text);
    return *to != NULL;
}

static bool copy_patterns(struct ct_prom_patterns *to, const char *const *items, size_t count)
{
    const char **copies = count > 0 ? calloc(count, sizeof *copies) : NULL;
    if (count > 0 && !copies)
        return false;
    *to = (struct ct_prom_patterns){copies, count};
    for (size_t i = 0; i < count; i++) {
        copies[i] = strdup(items[i]);
        if (!copies[i])
            return false;
    }
    return true;
}

static void free_patterns(struct ct_prom_patterns *patterns)
{
    for (size_t i = 0; i < patterns->count; i++)
        free((void *)patterns->items[i]);
    free((void *)patterns->items);
}

static bool copy_rendering(struct ct_prom_settings *to, const cotel_prometheus_options *options)
{
    to->translation = options->translation;
    to->scope_labels = options->scope_labels;
    to->target_info = options->target_info;
    return copy_patterns(&to->include, options->resource_labels, options->resource_label_count) &&
           copy_patterns(&to->exclude, options->excluded_resource_labels,
                         options->excluded_resource_label_count);
}

static bool copy_texts(struct ct_prom_config *config, const cotel_prometheus_options *options)
{
    return copy_text(&config->host, options->host) && copy_text(&config->path, options->path) &&
           copy_text(&config->target_file, options->target_file) &&
           copy_text(&config->target_host, options->target_host) &&
           copy_text(&config->textfile, options->textfile);
}

static cotel_status copy_resource(struct ct_prom_config *config,
                                  const cotel_prometheus_options *options)
{
    if (!options->target_file || !options->listen)
        return COTEL_STATUS_OK;
    if (!options->target_resource)
        return cotel_resource_detect(COTEL_DETECT_ALL, &config->target_resource);
    config->target_resource = cotel_resource_ref(options->target_resource);
    return COTEL_STATUS_OK;
}

static bool takes_next_port(const cotel_prometheus_options *options)
{
    if (options->port_policy == COTEL_PROMETHEUS_PORT_AUTO)
        return options->target_file != NULL;
    return options->port_policy == COTEL_PROMETHEUS_PORT_OR_NEXT;
}

cotel_status ct_prom_config_init(struct ct_prom_config *config,
                                 const cotel_prometheus_options *options)
{
    if (!are_choices(options) || !are_names(options) || !are_limits(options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    *config = (struct ct_prom_config){
        .port = options->port,
        .takes_next_port = takes_next_port(options),
        .listens = options->listen,
        .textfile_interval_ns = options->textfile ? ct_net_ms(options->textfile_interval_ms) : 0,
        .textfile_at_shutdown = options->textfile && options->textfile_at_shutdown,
        .collect_timeout_ms = options->collect_timeout_ms,
        .client_timeout_ns = ct_net_ms(options->client_timeout_ms),
        .idle_timeout_ns = ct_net_ms(options->idle_timeout_ms),
        .max_connections = options->max_connections,
        .max_pending_bytes = options->max_pending_bytes,
    };
    cotel_status status = COTEL_STATUS_OUT_OF_MEMORY;
    if (copy_texts(config, options) && copy_rendering(&config->rendering, options))
        status = copy_resource(config, options);
    if (status != COTEL_STATUS_OK)
        ct_prom_config_fini(config);
    return status;
}

void ct_prom_config_fini(struct ct_prom_config *config)
{
    free(config->host);
    free(config->path);
    free(config->target_file);
    free(config->target_host);
    free(config->textfile);
    free_patterns(&config->rendering.include);
    free_patterns(&config->rendering.exclude);
    cotel_resource_unref(config->target_resource);
    *config = (struct ct_prom_config){0};
}

/* ---- names of files ---- */

/* Room for a number in place of each pair. */
static size_t room_for_name(const char *pattern)
{
    size_t room = 1;
    for (const char *c = pattern; *c; c++)
        room += *c == '%' ? 3 * sizeof(long) : 1;
    return room;
}

char *ct_prom_file_name(const char *pattern)
{
    size_t room = room_for_name(pattern), size = 0;
    char *name = malloc(room);
    if (!name)
        return NULL;
    for (const char *c = pattern; *c; c++) {
        if (c[0] == '%' && c[1] == 'p')
            size += (size_t)snprintf(name + size, room - size, "%ld", (long)getpid());
        else
            name[size++] = *c;
        if (c[0] == '%' && (c[1] == 'p' || c[1] == '%'))
            c++;
    }
    name[size] = '\0';
    return name;
}
