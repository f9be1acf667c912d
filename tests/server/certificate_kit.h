/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that sign themselves, with their keys, in files. */
#ifndef TESTS_SERVER_CERTIFICATE_KIT_H
#define TESTS_SERVER_CERTIFICATE_KIT_H

/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#define KIT_DAY_S 86400L

/* Of now; `serial` tells one from another. */
struct kit_certificate {
    const char *host;
    long serial;
    long begins_s; /* from now on */
    long ends_s;
    const char *issuer; /* NULL: it signs itself */
    bool rsa;
};

static inline FILE *
kit_pem_open(const char *path)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fchmod(fileno(file), 0600), 0);
    return file;
}

static inline void
kit_key_write(EVP_PKEY *key, const char *path)
{
    FILE *file = kit_pem_open(path);

    assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(file);
}

static inline X509 *
kit_certificate_make(EVP_PKEY *key, const struct kit_certificate *kit)
{
    X509 *made = X509_new();
    X509_NAME *name = X509_get_subject_name(made);
    X509_EXTENSION *hosts;
    char text[128];

    snprintf(text, sizeof(text), "DNS:%s,IP:127.0.0.1", kit->host);
    hosts = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, text);
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), kit->serial);
    X509_gmtime_adj(X509_getm_notBefore(made), kit->begins_s);
    X509_gmtime_adj(X509_getm_notAfter(made), kit->ends_s);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)kit->host, -1, -1,
                               0);
    X509_set_issuer_name(made, name);
    if (kit->issuer != NULL)
        X509_NAME_add_entry_by_txt(X509_get_issuer_name(made), "O", MBSTRING_UTF8,
                                   (const unsigned char *)kit->issuer, -1, -1, 0);
    X509_set_pubkey(made, key);
    X509_add_ext(made, hosts, -1);
    X509_EXTENSION_free(hosts);
    assert_true(X509_sign(made, key, EVP_sha256()) > 0);
    return made;
}

/* Files of mode 0600; `key_path` NULL: without its key. */
static inline void
kit_certificate_write(const struct kit_certificate *kit, const char *path, const char *key_path)
{
    EVP_PKEY *key = kit->rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    X509 *made = kit_certificate_make(key, kit);
    FILE *file = kit_pem_open(path);

    assert_int_equal(PEM_write_X509(file, made), 1);
    fclose(file);
    if (key_path != NULL)
        kit_key_write(key, key_path);
    X509_free(made);
    EVP_PKEY_free(key);
}

/* Puts what stands in one file behind what stands in another. */
static inline void
kit_append(const char *path, const char *more)
{
    FILE *from = fopen(more, "r");
    FILE *to = fopen(path, "a");
    int c;

    assert_non_null(from);
    assert_non_null(to);
    while ((c = fgetc(from)) != EOF)
        fputc(c, to);
    fclose(from);
    fclose(to);
}

#endif
