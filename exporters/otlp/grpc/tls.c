/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/tls.h"

#include "exporters/net/host.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>

static bool complain(const char *what, const char *path, char *why, size_t capacity)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    snprintf(why, capacity, "%s %s: %s", what, path, reason != NULL ? reason : "unusable");
    return false;
}

static bool trust(SSL_CTX *context, const struct ct_otlp_tls_files *files, char *why,
                  size_t capacity)
{
    if (files->skip_verify) /* the system's are many, and take their time to be read */
        return true;
    if (files->ca == NULL)
        return SSL_CTX_set_default_verify_paths(context) == 1 ||
               complain("the signers of", "the system", why, capacity);
    return SSL_CTX_load_verify_file(context, files->ca) == 1 ||
           complain("the signers in", files->ca, why, capacity);
}

static bool show(SSL_CTX *context, const struct ct_otlp_tls_files *files, char *why,
                 size_t capacity)
{
    if (files->certificate == NULL)
        return true;
    const char *key = files->key != NULL ? files->key : files->certificate;
    if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1)
        return complain("the certificate in", files->certificate, why, capacity);
    if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        return complain("the key in", key, why, capacity);
    return true;
}

/* OpenSSL would ask at the terminal for the password of an encrypted key, and wait. */
static int no_password(char *out, int capacity, int writing, void *data)
{
    (void)out, (void)capacity, (void)writing, (void)data;
    return -1;
}

SSL_CTX *ct_grpc_tls_context(const struct ct_otlp_tls_files *files, char *why, size_t capacity)
{
    static const unsigned char http2[] = {2, 'h', '2'};
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL) {
        snprintf(why, capacity, "out of memory for TLS");
        return NULL;
    }
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_default_passwd_cb(context, no_password);
    SSL_CTX_set_verify(context, files->skip_verify ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_set_alpn_protos(context, http2, sizeof http2) == 0 &&
        trust(context, files, why, capacity) && show(context, files, why, capacity))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

static bool expect_host(SSL *ssl, const char *host)
{
    if (ct_net_is_address(host))
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
    return SSL_set_tlsext_host_name(ssl, host) == 1 && SSL_set1_host(ssl, host) == 1;
}

SSL *ct_grpc_tls_connection(SSL_CTX *context, const char *host, int fd)
{
    SSL *ssl = SSL_new(context);
    if (ssl != NULL && SSL_set_fd(ssl, fd) == 1 && expect_host(ssl, host))
        return ssl;
    SSL_free(ssl);
    ERR_clear_error();
    return NULL;
}
