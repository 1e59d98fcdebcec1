/* SPDX-License-Identifier: Apache-2.0 */
/* The target file: what file_sd_configs of Prometheus reads.
 *
 * Its labels are put on every series, so they say who the process is and not which run of it: the
 * service.instance.id of the resource is another one after each start, and would make all series
 * new ones. Prometheus' own label `instance` has the address. */
#include "exporters/prometheus/files.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As <limits.h> need not say. */
#define HOST_NAME_SIZE 256

/* ---- JSON ---- */

static void put_character(struct ct_prom_text *text, char c)
{
    char escaped[8];
    if (c == '"' || c == '\\') {
        ct_prom_text_putc(text, '\\');
        ct_prom_text_putc(text, c);
    } else if ((unsigned char)c < ' ') {
        (void)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)(unsigned char)c);
        ct_prom_text_puts(text, escaped);
    } else {
        ct_prom_text_putc(text, c);
    }
}

static void put_string(struct ct_prom_text *text, cotel_str string)
{
    ct_prom_text_putc(text, '"');
    for (size_t i = 0; string.data && i < string.size; i++)
        put_character(text, string.data[i]);
    ct_prom_text_putc(text, '"');
}

static void put_label(struct ct_prom_text *text, const char *name, cotel_str value)
{
    bool is_first = text->size > 0 && text->data[text->size - 1] == '{';
    if (!is_first)
        ct_prom_text_puts(text, ", ");
    put_string(text, cotel_str_of(name));
    ct_prom_text_puts(text, ": ");
    put_string(text, value);
}

/* ---- the target ---- */

static void put_attribute(struct ct_prom_text *text, const cotel_resource *resource,
                          const char *key, const char *label)
{
    cotel_value value;
    if (cotel_resource_get(resource, cotel_str_of(key), &value) &&
        value.type == COTEL_VALUE_STRING && value.as.string.size > 0)
        put_label(text, label, value.as.string);
}

static void put_labels(struct ct_prom_text *text, const struct ct_prom_config *config)
{
    ct_prom_text_putc(text, '{');
    if (strcmp(config->path, "/metrics") != 0)
        put_label(text, "__metrics_path__", cotel_str_of(config->path));
    put_attribute(text, config->target_resource, "service.name", "service_name");
    put_attribute(text, config->target_resource, "service.namespace", "service_namespace");
    ct_prom_text_putc(text, '}');
}

/* NULL: the address that is listened on will do. */
static const char *host_to_name(const struct ct_prom_config *config,
                                const struct ct_prom_sockets *sockets, char name[HOST_NAME_SIZE])
{
    if (config->target_host)
        return config->target_host;
    if (!sockets->is_any || gethostname(name, HOST_NAME_SIZE) != 0)
        return NULL;
    name[HOST_NAME_SIZE - 1] = '\0';
    return name;
}

static void put_target(struct ct_prom_text *text, const struct ct_prom_config *config,
                       const struct ct_prom_sockets *sockets)
{
    char name[HOST_NAME_SIZE], port[8];
    struct ct_prom_text target = {NULL, 0, 0, false};
    const char *host = host_to_name(config, sockets, name);
    bool in_brackets = host && host[0] != '[' && strchr(host, ':');
    (void)snprintf(port, sizeof port, ":%u", (unsigned)sockets->port);
    if (in_brackets)
        ct_prom_text_putc(&target, '[');
    ct_prom_text_puts(&target, host ? host : sockets->address);
    if (in_brackets)
        ct_prom_text_putc(&target, ']');
    if (host)
        ct_prom_text_puts(&target, port);
    put_string(text, ct_prom_text_str(&target));
    text->failed = text->failed || target.failed;
    ct_prom_text_fini(&target);
}

bool ct_prom_target_describe(const struct ct_prom_config *config,
                             const struct ct_prom_sockets *sockets, struct ct_prom_text *text)
{
    ct_prom_text_puts(text, "[{\"targets\": [");
    put_target(text, config, sockets);
    ct_prom_text_puts(text, "], \"labels\": ");
    put_labels(text, config);
    ct_prom_text_puts(text, "}]\n");
    return !text->failed;
}
