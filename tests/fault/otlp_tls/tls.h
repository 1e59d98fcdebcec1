/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share: files in a folder of their own, and an exporter over either
 * transport. */
#ifndef COTEL_TESTS_FAULT_OTLP_TLS_TLS_H
#define COTEL_TESTS_FAULT_OTLP_TLS_TLS_H

#include "tests/support/certificates.h"
#include "tests/support/export_host.h"
#include "tests/support/otlp_peer.h"

#include <cotel/exporters/otlp_grpc.h>
#include <cotel/exporters/otlp_http.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Plenty, on a machine that is busy with other things; and a deadline that is meant to pass. */
enum { PATIENCE_MS = 10000, SHORT_MS = 700 };

enum transport { OVER_HTTP, OVER_GRPC, TRANSPORTS };

/* Files in the folder of the test program. */
enum file { CA, OTHER_CA, SERVER, SERVER_KEY, CLIENT, CLIENT_KEY, FILES };

static char folder[] = "/tmp/cotel-tls-XXXXXX";
static char paths[FILES][64];
static struct authority *authority, *stranger;

static inline void remove_files(void)
{
    for (int i = 0; i < FILES; i++)
        unlink(paths[i]);
}

static inline void sign_server(const struct authority *signer, const char *host)
{
    const struct certificate_wish wish = {.host = host};
    certificate_issue(signer, &wish, paths[SERVER], paths[SERVER_KEY]);
}

static inline int make_folder(void **state)
{
    static const char *const names[FILES] = {"ca",         "other-ca", "server",
                                             "server-key", "client",   "client-key"};
    signal(SIGPIPE, SIG_IGN); /* as the pipeline keeps it from the program */
    if (mkdtemp(folder) == NULL)
        return -1;
    for (int i = 0; i < FILES; i++)
        snprintf(paths[i], sizeof paths[i], "%s/%s.pem", folder, names[i]);
    return 0;
}

static inline int remove_folder(void **state)
{
    return rmdir(folder);
}

/* Two signers, and a server and a client that the first one knows. */
static inline int make_files(void **state)
{
    const struct certificate_wish client = {.host = "client.example"};
    authority = authority_create("signer", paths[CA]);
    stranger = authority_create("stranger", paths[OTHER_CA]);
    sign_server(authority, "127.0.0.1");
    certificate_issue(authority, &client, paths[CLIENT], paths[CLIENT_KEY]);
    return 0;
}

static inline int drop_files(void **state)
{
    authority_free(authority);
    authority_free(stranger);
    remove_files();
    return 0;
}

static inline struct otlp_peer_plan secure_plan(void)
{
    return (struct otlp_peer_plan){
        .certificate = paths[SERVER], .key = paths[SERVER_KEY], .http2 = true};
}

static inline cotel_otlp_tls_options trusting(enum file ca)
{
    cotel_otlp_tls_options tls = COTEL_OTLP_TLS_OPTIONS_INIT;
    tls.ca_file = paths[ca];
    return tls;
}

static inline cotel_status create_over(enum transport transport, const char *base,
                                       const cotel_otlp_tls_options *tls, cotel_exporter **out)
{
    char url[128];
    snprintf(url, sizeof url, "%s%s", base, transport == OVER_HTTP ? "/v1/traces" : "");
    cotel_otlp_http_options http = COTEL_OTLP_HTTP_OPTIONS_INIT;
    cotel_otlp_grpc_options grpc = COTEL_OTLP_GRPC_OPTIONS_INIT;
    http.endpoint = grpc.endpoint = url;
    http.tls = grpc.tls = tls;
    http.backoff_initial_ms = grpc.backoff_initial_ms = 20;
    http.backoff_max_ms = grpc.backoff_max_ms = 50;
    return transport == OVER_HTTP ? cotel_otlp_http_exporter_create(&http, out)
                                  : cotel_otlp_grpc_exporter_create(&grpc, out);
}

static inline cotel_exporter *exporter_to(enum transport transport, const char *scheme,
                                          const struct otlp_peer *peer,
                                          const cotel_otlp_tls_options *tls)
{
    char base[64];
    cotel_exporter *exporter = NULL;
    snprintf(base, sizeof base, "%s://127.0.0.1:%s", scheme, otlp_peer_port(peer));
    assert_int_equal(create_over(transport, base, tls, &exporter), COTEL_STATUS_OK);
    return exporter;
}

static inline struct host_result send_ten(cotel_exporter *exporter, uint64_t timeout_ms)
{
    struct host_result result = host_export(exporter, host_batch(1, 10, 100), timeout_ms);
    assert_int_equal(result.done, 1);
    return result;
}

/* One batch to a peer with this plan. */
static inline struct host_result send_to(enum transport transport,
                                         const struct otlp_peer_plan *plan,
                                         const cotel_otlp_tls_options *tls, uint64_t timeout_ms)
{
    struct otlp_peer *peer = otlp_peer_start(plan);
    cotel_exporter *exporter = exporter_to(transport, "https", peer, tls);
    struct host_result result = send_ten(exporter, timeout_ms);
    host_finish(exporter);
    otlp_peer_stop(peer);
    return result;
}

static inline void assert_says(const struct host_result *result, const char *words)
{
    if (strstr(result->message, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, result->message);
}

#endif
