/* SPDX-License-Identifier: Apache-2.0 */
#include "samplers/jaeger_remote/config.h"

#include <cotel/sdk/resource.h>

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_endpoint[] = "http://localhost:5778/sampling";
static const char default_path[] = "/sampling";

void cotel_jaeger_remote_sampler_options_init(cotel_jaeger_remote_sampler_options *options)
{
    static const cotel_jaeger_remote_sampler_options defaults =
        COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    if (options != NULL)
        memcpy(options, &defaults, sizeof defaults); /* with the padding, so that it compares */
}

bool ct_jaeger_options_complete(const cotel_jaeger_remote_sampler_options *given,
                                cotel_jaeger_remote_sampler_options *out)
{
    cotel_jaeger_remote_sampler_options_init(out);
    if (given == NULL)
        return true;
    if (given->size < sizeof given->size)
        return false;
    memcpy(out, given, given->size < sizeof *out ? given->size : sizeof *out);
    return true;
}

static bool is_valid(const cotel_jaeger_remote_sampler_options *options)
{
    if (options->polling_interval_ms == 0 || options->timeout_ms == 0)
        return false;
    if (options->max_response_bytes == 0)
        return false;
    return options->max_operations > 0 && options->max_operations <= CT_JAEGER_MAX_OPERATIONS;
}

/* A C string; not by strndup(), which may look for an end that a cotel_str need not have. */
static char *copy_text(cotel_str text)
{
    char *copy = malloc(text.size + 1);
    if (copy == NULL)
        return NULL;
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return copy;
}

/* The name that a provider without a resource of its own has. */
static cotel_status detect_service(char **out)
{
    cotel_resource *resource;
    cotel_value name;
    cotel_status status =
        cotel_resource_detect(COTEL_DETECT_SERVICE | COTEL_DETECT_ENVIRONMENT, &resource);
    if (status != COTEL_STATUS_OK)
        return status;
    bool has_name = cotel_resource_get(resource, cotel_str_of("service.name"), &name) &&
                    name.type == COTEL_VALUE_STRING;
    *out = copy_text(has_name ? name.as.string : cotel_str_of(NULL));
    cotel_resource_unref(resource);
    return *out != NULL ? COTEL_STATUS_OK : COTEL_STATUS_OUT_OF_MEMORY;
}

static cotel_status name_service(const cotel_jaeger_remote_sampler_options *options, char **out)
{
    if (options->service_name == NULL)
        return detect_service(out);
    *out = strdup(options->service_name);
    return *out != NULL ? COTEL_STATUS_OK : COTEL_STATUS_OUT_OF_MEMORY;
}

static cotel_status status_of(CURLUcode code)
{
    if (code == CURLUE_OK)
        return COTEL_STATUS_OK;
    return code == CURLUE_OUT_OF_MEMORY ? COTEL_STATUS_OUT_OF_MEMORY
                                        : COTEL_STATUS_INVALID_ARGUMENT;
}

/* `scheme://host:port`, as the environment's variable has it, leads to where the API is. */
static CURLUcode complete_path(CURLU *url)
{
    char *path = NULL;
    CURLUcode code = curl_url_get(url, CURLUPART_PATH, &path, 0);
    if (code != CURLUE_OK)
        return code;
    bool is_bare = strcmp(path, "/") == 0;
    curl_free(path);
    return is_bare ? curl_url_set(url, CURLUPART_PATH, default_path, 0) : CURLUE_OK;
}

static cotel_status copy_url(CURLU *url, char **out)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(url, CURLUPART_URL, &text, 0);
    if (code != CURLUE_OK)
        return status_of(code);
    *out = strdup(text);
    curl_free(text);
    return *out != NULL ? COTEL_STATUS_OK : COTEL_STATUS_OUT_OF_MEMORY;
}

static cotel_status append_service(CURLU *url, const char *service)
{
    char *query = NULL;
    if (asprintf(&query, "service=%s", service) < 0)
        return COTEL_STATUS_OUT_OF_MEMORY;
    CURLUcode code = curl_url_set(url, CURLUPART_QUERY, query, CURLU_APPENDQUERY | CURLU_URLENCODE);
    free(query);
    return status_of(code);
}

/* Both URLs, without the service and with it. */
static cotel_status compose(struct ct_jaeger_config *config, CURLU *url, const char *endpoint,
                            const char *service)
{
    char *bare = NULL;
    cotel_status status = status_of(curl_url_set(url, CURLUPART_URL, endpoint, 0));
    if (status == COTEL_STATUS_OK)
        status = status_of(complete_path(url));
    if (status == COTEL_STATUS_OK)
        status = copy_url(url, &bare);
    if (status == COTEL_STATUS_OK)
        status = ct_http_endpoint_init(&config->endpoint, bare);
    free(bare);
    if (status == COTEL_STATUS_OK)
        status = append_service(url, service);
    return status == COTEL_STATUS_OK ? copy_url(url, &config->url) : status;
}

static cotel_status set_urls(struct ct_jaeger_config *config,
                             const cotel_jaeger_remote_sampler_options *options)
{
    char *service = NULL;
    const char *endpoint = options->endpoint != NULL ? options->endpoint : default_endpoint;
    cotel_status status = name_service(options, &service);
    if (status != COTEL_STATUS_OK)
        return status;
    CURLU *url = curl_url();
    status = url != NULL ? compose(config, url, endpoint, service) : COTEL_STATUS_OUT_OF_MEMORY;
    curl_url_cleanup(url);
    free(service);
    return status;
}

cotel_status ct_jaeger_config_init(struct ct_jaeger_config *config,
                                   const cotel_jaeger_remote_sampler_options *options)
{
    if (!is_valid(options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    *config = (struct ct_jaeger_config){
        .interval_ms = options->polling_interval_ms,
        .timeout_ms = options->timeout_ms,
        .max_operations = options->max_operations,
        .max_response_bytes = options->max_response_bytes,
        .adds_attributes = options->adds_attributes,
    };
    cotel_status status = set_urls(config, options);
    if (status != COTEL_STATUS_OK)
        ct_jaeger_config_fini(config);
    return status;
}

void ct_jaeger_config_fini(struct ct_jaeger_config *config)
{
    ct_http_endpoint_fini(&config->endpoint);
    free(config->url);
    config->url = NULL;
}
