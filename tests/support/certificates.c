/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/certificates.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY_S = 24 * 3600, PATH_SIZE = 512 };

struct authority {
    X509 *certificate;
    EVP_PKEY *key;
};

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "certificates: %s\n", what);
    abort();
}

/* ---- files ---- */

static FILE *open_new(const char *path, char *new_path)
{
    snprintf(new_path, PATH_SIZE, "%s.new", path);
    FILE *file = fopen(new_path, "we");
    must(file != NULL, new_path);
    return file;
}

static void put_in_place(FILE *file, const char *new_path, const char *path)
{
    must(fclose(file) == 0 && rename(new_path, path) == 0, path);
}

static void write_files(X509 *certificate, EVP_PKEY *key, bool with_key,
                        const char *certificate_path, const char *key_path)
{
    char new_path[PATH_SIZE];
    FILE *file = open_new(certificate_path, new_path);
    must(PEM_write_X509(file, certificate) == 1, certificate_path);
    if (with_key)
        must(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1, certificate_path);
    put_in_place(file, new_path, certificate_path);
    if (key_path == NULL)
        return;
    file = open_new(key_path, new_path);
    must(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1, key_path);
    put_in_place(file, new_path, key_path);
}

/* ---- certificates ---- */

static void extend(X509 *certificate, X509 *signer, int what, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, what, value);
    must(extension != NULL && X509_add_ext(certificate, extension, -1) == 1, value);
    X509_EXTENSION_free(extension);
}

static void number(X509 *certificate)
{
    uint32_t serial;
    must(RAND_bytes((unsigned char *)&serial, sizeof serial) == 1, "serial");
    must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1, "serial");
}

static X509 *draft(const char *name, EVP_PKEY *key, bool is_expired)
{
    X509 *certificate = X509_new();
    must(certificate != NULL && X509_set_version(certificate, 2) == 1, "certificate");
    number(certificate);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(certificate), is_expired ? -DAY_S : DAY_S);
    X509_NAME *subject = X509_get_subject_name(certificate);
    must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                    -1, 0) == 1,
         "subject");
    must(X509_set_pubkey(certificate, key) == 1, "key");
    return certificate;
}

static void sign(X509 *certificate, X509 *signer, EVP_PKEY *key)
{
    must(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1, "issuer");
    must(X509_sign(certificate, key, EVP_sha256()) > 0, "signature");
}

struct authority *authority_create(const char *name, const char *path)
{
    struct authority *authority = calloc(1, sizeof *authority);
    must(authority != NULL, "memory");
    authority->key = EVP_EC_gen("P-256");
    must(authority->key != NULL, "key");
    authority->certificate = draft(name, authority->key, false);
    extend(authority->certificate, authority->certificate, NID_basic_constraints,
           "critical,CA:TRUE");
    sign(authority->certificate, authority->certificate, authority->key);
    write_files(authority->certificate, authority->key, false, path, NULL);
    return authority;
}

static bool is_address(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

void certificate_issue(const struct authority *signer, const struct certificate_wish *wish,
                       const char *certificate_path, const char *key_path)
{
    char names[128];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    must(key != NULL, "key");
    X509 *certificate = draft(wish->host, key, wish->is_expired);
    X509 *signers = signer != NULL ? signer->certificate : certificate;
    snprintf(names, sizeof names, "%s:%s", is_address(wish->host) ? "IP" : "DNS", wish->host);
    extend(certificate, signers, NID_subject_alt_name, names);
    sign(certificate, signers, signer != NULL ? signer->key : key);
    write_files(certificate, key, wish->with_key, certificate_path, key_path);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

void authority_free(struct authority *authority)
{
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority);
}
