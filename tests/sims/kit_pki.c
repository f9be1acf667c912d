/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_pki.h"

#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/base/env.h"

#define FILE_NAME_MAX 512

static const char *const leaf_files[] = { "leaf.pem", "stray.pem", "expired.pem", "company.pem",
                                          "test.pem" };

/* Wide enough for the stopped clocks of tests. */
static const char valid_from[] = "20200101000000Z";
static const char valid_until[] = "20491231235959Z";
static const char expired_at[] = "20201231235959Z";

struct issue {
    const char *name; /* common name of the subject */
    const char *until;
    EVP_PKEY *key; /* the subject's */
    X509 *issuer;  /* NULL: self-signed */
    EVP_PKEY *issuer_key;
    bool is_authority;
};

/* Nothing here may go wrong: a simulator that cannot make its keys has nothing to do. */
static void
need(bool held, const char *what)
{
    if (held)
        return;
    fprintf(stderr, "bank_sim: cannot %s\n", what);
    exit(1);
}

static FILE *
file_open(const char *folder, const char *name, const char *mode)
{
    char path[FILE_NAME_MAX];
    FILE *file;

    need(snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path), "name its files");
    file = fopen(path, mode);
    need(file != NULL, path);
    return file;
}

static void
certificate_save(const char *folder, const char *name, X509 *certificate)
{
    FILE *file = file_open(folder, name, "we");

    need(PEM_write_X509(file, certificate) == 1, name);
    fclose(file);
}

static X509 *
certificate_load(const char *folder, const char *name)
{
    FILE *file = file_open(folder, name, "re");
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);

    need(certificate != NULL, name);
    fclose(file);
    return certificate;
}

static void
key_save(const char *folder, const char *name, EVP_PKEY *key)
{
    FILE *file = file_open(folder, name, "we");

    need(fchmod(fileno(file), 0600) == 0, "protect its keys");
    need(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1, name);
    fclose(file);
}

static EVP_PKEY *
key_load(const char *folder, const char *name)
{
    FILE *file = file_open(folder, name, "re");
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);

    need(key != NULL, name);
    fclose(file);
    return key;
}

static EVP_PKEY *
key_made(void)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);

    need(key != NULL, "make a key");
    return key;
}

static void
serial_set(X509 *certificate)
{
    unsigned char random[8];
    BIGNUM *serial;

    need(env_random(env_machine(), random, sizeof(random)) == OK, "draw a serial");
    random[0] = (random[0] & 0x3f) | 0x40; /* positive and of full length */
    serial = BN_bin2bn(random, sizeof(random), NULL);
    need(serial != NULL && BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != NULL,
         "number it");
    BN_free(serial);
}

static void
authority_mark(X509 *certificate, bool is_authority)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints,
                                                    is_authority ? "critical,CA:TRUE" : "CA:FALSE");

    need(extension != NULL && X509_add_ext(certificate, extension, -1) == 1, "mark a certificate");
    X509_EXTENSION_free(extension);
}

static X509 *
issued(const struct issue *issue)
{
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);

    need(X509_set_version(certificate, X509_VERSION_3) == 1, "set a version");
    serial_set(certificate);
    need(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                    (const unsigned char *)issue->name, -1, -1, 0) == 1,
         "name a certificate");
    X509_set_issuer_name(certificate,
                         issue->issuer != NULL ? X509_get_subject_name(issue->issuer) : subject);
    need(ASN1_TIME_set_string(X509_getm_notBefore(certificate), valid_from) == 1 &&
             ASN1_TIME_set_string(X509_getm_notAfter(certificate), issue->until) == 1,
         "date a certificate");
    X509_set_pubkey(certificate, issue->key);
    authority_mark(certificate, issue->is_authority);
    need(X509_sign(certificate, issue->issuer_key, EVP_sha256()) > 0, "sign a certificate");
    return certificate;
}

static void
issue_to_file(const char *folder, const char *file, const struct issue *issue)
{
    X509 *certificate = issued(issue);

    certificate_save(folder, file, certificate);
    X509_free(certificate);
}

static void
leaves_make(const char *folder, X509 *middle, EVP_PKEY *middle_key, EVP_PKEY *leaf_key)
{
    static const char network[] = "041@Z12@中国银联股份有限公司@00000001";
    static const char company[] = "041@Z12@中国金联股份有限公司@00000001";
    static const char test_network[] = "041@Z12@00040000:SIGN@00000001";
    EVP_PKEY *stray_key = key_made();

    issue_to_file(folder, leaf_files[PKI_LEAF],
                  &(struct issue) { network, valid_until, leaf_key, middle, middle_key, false });
    issue_to_file(folder, leaf_files[PKI_STRAY],
                  &(struct issue) { network, valid_until, leaf_key, middle, stray_key, false });
    issue_to_file(folder, leaf_files[PKI_EXPIRED],
                  &(struct issue) { network, expired_at, leaf_key, middle, middle_key, false });
    issue_to_file(folder, leaf_files[PKI_COMPANY],
                  &(struct issue) { company, valid_until, leaf_key, middle, middle_key, false });
    issue_to_file(
        folder, leaf_files[PKI_TEST],
        &(struct issue) { test_network, valid_until, leaf_key, middle, middle_key, false });
    EVP_PKEY_free(stray_key);
}

/* leaf.key comes last: its presence says that all the rest is there. */
static void
chain_make(const char *folder)
{
    EVP_PKEY *root_key = key_made();
    EVP_PKEY *middle_key = key_made();
    EVP_PKEY *leaf_key = key_made();
    EVP_PKEY *merchant_key = key_made();
    X509 *root =
        issued(&(struct issue) { "Simulated Root", valid_until, root_key, NULL, root_key, true });
    X509 *middle = issued(
        &(struct issue) { "Simulated Middle", valid_until, middle_key, root, root_key, true });

    certificate_save(folder, "root.pem", root);
    certificate_save(folder, "middle.pem", middle);
    leaves_make(folder, middle, middle_key, leaf_key);
    issue_to_file(folder, "merchant.pem",
                  &(struct issue) { "041@Z12@Tongxing@00000002", valid_until, merchant_key, middle,
                                    middle_key, false });
    key_save(folder, "merchant.key", merchant_key);
    key_save(folder, "leaf.key", leaf_key);
    X509_free(root);
    X509_free(middle);
    EVP_PKEY_free(root_key);
    EVP_PKEY_free(middle_key);
    EVP_PKEY_free(leaf_key);
    EVP_PKEY_free(merchant_key);
}

static char *
pem_of(X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *at = NULL;
    char *pem;
    long size;

    need(bio != NULL && PEM_write_bio_X509(bio, certificate) == 1, "write a certificate");
    size = BIO_get_mem_data(bio, &at);
    pem = strndup(at, (size_t)size);
    need(pem != NULL, "keep a certificate");
    BIO_free(bio);
    return pem;
}

static char *
serial_of(const X509 *certificate)
{
    BIGNUM *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *decimal = BN_bn2dec(serial);

    BN_free(serial);
    return decimal;
}

struct pki
pki_open(const char *folder)
{
    char path[FILE_NAME_MAX];
    struct pki pki = { 0 };

    snprintf(path, sizeof(path), "%s/leaf.key", folder);
    if (access(path, R_OK) != 0)
        chain_make(folder);
    pki.leaf_key = key_load(folder, "leaf.key");
    pki.merchant = certificate_load(folder, "merchant.pem");
    pki.merchant_id = serial_of(pki.merchant);
    for (int i = 0; i < PKI_LEAF_COUNT; i++) {
        X509 *leaf = certificate_load(folder, leaf_files[i]);

        pki.leaf_pems[i] = pem_of(leaf);
        X509_free(leaf);
    }
    return pki;
}
