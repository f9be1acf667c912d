/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/unionpay_signature.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/base/unwind.h"

#define RSA_BITS_MIN 2048
#define SIGN_METHOD_RSA "01"
#define NETWORK_NAME "中国银联股份有限公司"
#define TEST_NETWORK_NAME "00040000:SIGN"
#define NETWORK_NAME_PART 2 /* of the common name split at '@', counted from 0 */

struct unionpay_signer {
    EVP_PKEY *key;
    char *cert_id;
};

struct unionpay_trust {
    X509_STORE *roots;
    STACK_OF(X509) * middles;
    bool test_network;
};

static bool
is_strong_rsa(EVP_PKEY *key)
{
    return key != NULL && EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_BITS_MIN;
}

/* ERR_NOT_FOUND or ERR_INVALID; the caller frees the certificate. */
static enum err
certificate_read(const char *file, X509 **out)
{
    FILE *stream = fopen(file, "re");

    if (stream == NULL)
        return ERR_NOT_FOUND;
    *out = PEM_read_X509(stream, NULL, NULL, NULL);
    fclose(stream);
    return *out != NULL ? OK : ERR_INVALID;
}

/* A key that wants a passphrase is refused: nobody is there to type one. */
static int
no_passphrase(char *at, int size, int writing, void *held)
{
    (void)at;
    (void)size;
    (void)writing;
    (void)held;
    return -1;
}

static enum err
key_read(const char *file, EVP_PKEY **out)
{
    FILE *stream = fopen(file, "re");

    if (stream == NULL)
        return ERR_NOT_FOUND;
    *out = PEM_read_PrivateKey(stream, NULL, no_passphrase, NULL);
    fclose(stream);
    return is_strong_rsa(*out) ? OK : ERR_INVALID;
}

/* UnionPay names certificates by their serial in decimal. OpenSSL's to free; NULL on failure. */
static char *
serial_decimal(const X509 *certificate)
{
    BIGNUM *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *decimal = serial != NULL ? BN_bn2dec(serial) : NULL;

    BN_free(serial);
    return decimal;
}

enum err
unionpay_signer_new(const char *certificate_file, const char *key_file,
                    struct unionpay_signer **out)
{
    struct unionpay_signer *signer = calloc(1, sizeof(*signer));
    X509 *certificate = NULL;
    enum err err = signer != NULL ? certificate_read(certificate_file, &certificate) : ERR_INTERNAL;

    if (err == OK)
        err = key_read(key_file, &signer->key);
    if (err == OK && X509_check_private_key(certificate, signer->key) != 1)
        err = ERR_INVALID;
    if (err == OK) {
        signer->cert_id = serial_decimal(certificate);
        err = signer->cert_id != NULL ? OK : ERR_INTERNAL;
    }
    X509_free(certificate);
    if (err != OK) {
        unionpay_signer_free(signer);
        return err;
    }
    *out = signer;
    return OK;
}

void
unionpay_signer_free(struct unionpay_signer *signer)
{
    if (signer == NULL)
        return;
    EVP_PKEY_free(signer->key);
    OPENSSL_free(signer->cert_id);
    free(signer);
}

/* RSASSA-PKCS1-v1_5 with SHA-256 over the 64 hex digits, so the message is hashed twice in all. */
static enum err
digest_signed(EVP_PKEY *key, struct arena *arena, const char *digest, struct bytes *out)
{
    size_t size = (size_t)EVP_PKEY_get_size(key);
    unsigned char *signature = arena_alloc(arena, size);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL &&
                EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL) == 1 &&
                EVP_DigestSign(context, signature, &size, (const unsigned char *)digest,
                               strlen(digest)) == 1;

    EVP_MD_CTX_free(context);
    *out = bytes_of(signature, size);
    return done ? OK : ERR_INTERNAL;
}

enum err
unionpay_sign(const struct unionpay_signer *signer, struct arena *arena,
              struct unionpay_message *message)
{
    struct bytes signature;
    enum err err;

    unionpay_put(message, "certId", arena_text(arena, signer->cert_id));
    unionpay_put(message, "signMethod", SIGN_METHOD_RSA);
    err = digest_signed(signer->key, arena, unionpay_digest(arena, message), &signature);
    if (err == OK)
        unionpay_put(message, "signature", base64_encode(arena, signature));
    return err;
}

static enum err
chain_read(struct unionpay_trust *trust, const char *root_file, const char *middle_file)
{
    X509 *root = NULL;
    X509 *middle = NULL;
    enum err err = certificate_read(root_file, &root);

    if (err == OK)
        err = certificate_read(middle_file, &middle);
    if (err == OK && X509_STORE_add_cert(trust->roots, root) != 1)
        err = ERR_INTERNAL;
    if (err == OK && sk_X509_push(trust->middles, middle) > 0)
        middle = NULL; /* the stack's now */
    X509_free(root);
    X509_free(middle);
    return err;
}

enum err
unionpay_trust_new(const char *root_file, const char *middle_file, bool test_network,
                   struct unionpay_trust **out)
{
    struct unionpay_trust *trust = calloc(1, sizeof(*trust));
    enum err err = ERR_INTERNAL;

    if (trust == NULL)
        return ERR_INTERNAL;
    trust->test_network = test_network;
    trust->roots = X509_STORE_new();
    trust->middles = sk_X509_new_null();
    if (trust->roots != NULL && trust->middles != NULL)
        err = chain_read(trust, root_file, middle_file);
    if (err != OK) {
        unionpay_trust_free(trust);
        return err;
    }
    *out = trust;
    return OK;
}

void
unionpay_trust_free(struct unionpay_trust *trust)
{
    if (trust == NULL)
        return;
    X509_STORE_free(trust->roots);
    sk_X509_pop_free(trust->middles, X509_free);
    free(trust);
}

static X509 *
certificate_parse(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return certificate;
}

static bool
chain_holds(const struct unionpay_trust *trust, X509 *certificate, unix_s now)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    bool holds = false;

    if (context != NULL &&
        X509_STORE_CTX_init(context, trust->roots, certificate, trust->middles) == 1) {
        X509_STORE_CTX_set_time(context, 0, (time_t)now);
        holds = X509_verify_cert(context) == 1;
    }
    X509_STORE_CTX_free(context);
    return holds;
}

static void
utf8_release(void *utf8)
{
    OPENSSL_free(utf8);
}

/* The only common name, in the arena; NULL when there is none, or several to choose from. */
static const char *
common_name(struct arena *arena, const X509 *certificate)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    unsigned char *utf8 = NULL;
    const char *name = NULL;
    struct held held;
    int size;

    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
        return NULL;
    size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    hold_begin(&held, utf8_release, utf8);
    if (size > 0 && memchr(utf8, '\0', (size_t)size) == NULL)
        name = arena_copy(arena, utf8, (size_t)size);
    hold_release(&held);
    return name;
}

static bool
name_is_the_networks(const struct unionpay_trust *trust, struct arena *arena,
                     const X509 *certificate)
{
    const char *part = common_name(arena, certificate);

    if (part == NULL)
        return false;
    for (int i = 0; i < NETWORK_NAME_PART; i++) {
        part = strchr(part, '@');
        if (part == NULL)
            return false;
        part++;
    }
    part = arena_copy(arena, part, strcspn(part, "@"));
    return text_eq(part, NETWORK_NAME) || (trust->test_network && text_eq(part, TEST_NETWORK_NAME));
}

static bool
signature_holds(EVP_PKEY *key, struct arena *arena, const struct unionpay_message *reply,
                const char *signature)
{
    const char *digest = unionpay_digest(arena, reply);
    EVP_MD_CTX *context;
    struct bytes raw;
    bool holds;

    if (!is_strong_rsa(key) || base64_decode(arena, signature, strlen(signature), &raw) != OK)
        return false;
    context = EVP_MD_CTX_new();
    holds = context != NULL &&
            EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL) == 1 &&
            EVP_DigestVerify(context, raw.at, raw.size, (const unsigned char *)digest,
                             strlen(digest)) == 1;
    EVP_MD_CTX_free(context);
    return holds;
}

static void
certificate_release(void *certificate)
{
    X509_free(certificate);
}

enum err
unionpay_verify(const struct unionpay_trust *trust, struct arena *arena,
                const struct unionpay_message *reply, unix_s now)
{
    const char *signature = unionpay_find(reply, "signature");
    const char *pem = unionpay_find(reply, "signPubKeyCert");
    X509 *certificate;
    struct held held;
    bool holds;

    /*
     * The method is ours to choose, not the reply's: a shared-secret "signature" proves nothing
     * here.
     */
    if (signature == NULL || pem == NULL ||
        !text_eq(unionpay_find(reply, "signMethod"), SIGN_METHOD_RSA))
        return ERR_FORGED;
    certificate = certificate_parse(pem);
    hold_begin(&held, certificate_release, certificate);
    holds = certificate != NULL && chain_holds(trust, certificate, now) &&
            name_is_the_networks(trust, arena, certificate) &&
            signature_holds(X509_get0_pubkey(certificate), arena, reply, signature);
    hold_release(&held);
    ERR_clear_error(); /* nobody else on this thread shall take our refusals for their own */
    return holds ? OK : ERR_FORGED;
}
