/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/jws.h"

#include "idp/base/emit.h"
#include "keys/p256_form.h"
#include "keys/secret.h"
#include "keys/thread.h"

#define SIGNATURE_MAX 1024 /* RSA of 8192 bits */

struct signature {
    uint8_t bytes[SIGNATURE_MAX];
    size_t size;
};

static bool
set_up_message_signer(struct thread_signer *signer, const struct signing_key *key)
{
    signer->message_signer = EVP_MD_CTX_new();
    if (signer->message_signer == NULL)
        return false;
    if (key->alg == JWS_SM2)
        return EVP_DigestSignInit_ex(signer->message_signer, NULL, "SM3", NULL, NULL, key->key,
                                     sm2_signer_params()) == 1;
    return EVP_DigestSignInit(signer->message_signer, NULL, NULL, NULL, key->key) == 1;
}

static bool
set_up_signer(struct thread_signer *signer, const struct signing_key *key)
{
    if (key->alg == JWS_EDDSA || key->alg == JWS_SM2)
        return set_up_message_signer(signer, key);
    signer->digest_signer = EVP_PKEY_CTX_new_from_pkey(NULL, key->key, NULL);
    return signer->digest_signer != NULL && EVP_PKEY_sign_init(signer->digest_signer) == 1 &&
           jws_context_set_up(signer->digest_signer, key->alg);
}

static struct thread_signer *
signer_of(const struct signing_key *key)
{
    struct thread_crypto *crypto = thread_crypto();
    struct thread_signer *signer;

    for (size_t i = 0; i < THREAD_SIGNERS; i++)
        if (crypto->signers[i].serial == key->serial)
            return &crypto->signers[i];
    signer = &crypto->signers[crypto->next++ % THREAD_SIGNERS];
    thread_signer_clear(signer);
    if (!set_up_signer(signer, key)) {
        thread_signer_clear(signer);
        return NULL;
    }
    signer->serial = key->serial;
    return signer;
}

static enum err
sign_digest(struct thread_signer *signer, struct bytes message, struct signature *out)
{
    struct digest digest = digest_of(message);

    out->size = sizeof(out->bytes);
    if (EVP_PKEY_sign(signer->digest_signer, out->bytes, &out->size, digest.bytes,
                      sizeof(digest.bytes)) != 1)
        return ERR_INTERNAL;
    return OK;
}

/*
 * Newer OpenSSL wants the context to begin anew each time; without a key it keeps the one it has,
 * and the signer's name.
 */
static enum err
sign_message(struct thread_signer *signer, struct bytes message, struct signature *out)
{
    EVP_MD_CTX *ctx = signer->message_signer;

    out->size = sizeof(out->bytes);
    if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, NULL) != 1 ||
        EVP_DigestSign(ctx, out->bytes, &out->size, message.at, message.size) != 1)
        return ERR_INTERNAL;
    return OK;
}

/* Both curves are of 256 bits; JOSE wants R and S one after the other. */
static enum err
sign_on_curve(const struct signing_key *key, struct thread_signer *signer, struct bytes message,
              struct signature *out)
{
    struct signature der;
    enum err err = key->alg == JWS_SM2 ? sign_message(signer, message, &der)
                                       : sign_digest(signer, message, &der);

    if (err != OK)
        return err;
    out->size = P256_RAW_SIZE;
    return p256_raw_of_der(bytes_of(der.bytes, der.size), out->bytes);
}

static enum err
sign(const struct signing_key *key, struct bytes message, struct signature *out)
{
    struct thread_signer *signer = signer_of(key);

    if (signer == NULL)
        return ERR_INTERNAL;
    if (key->alg == JWS_ES256 || key->alg == JWS_SM2)
        return sign_on_curve(key, signer, message, out);
    if (key->alg == JWS_RS256)
        return sign_digest(signer, message, out);
    return sign_message(signer, message, out);
}

static void
put_header(const struct signing_key *key, const char *typ, const char *kid, struct buf *out)
{
    struct buf header = buf_new(out->arena, 128);

    emit_object(&header, NULL);
    emit_text(&header, "alg", jws_alg_name(key->alg));
    emit_text(&header, "typ", typ);
    emit_text(&header, "kid", kid);
    emit_object_end(&header);
    buf_base64url(out, buf_view(&header));
}

enum err
jws_sign(const struct signing_key *key, const char *typ, struct bytes payload, struct buf *out)
{
    return jws_sign_named(key, typ, key->kid, payload, out);
}

enum err
jws_sign_named(const struct signing_key *key, const char *typ, const char *kid,
               struct bytes payload, struct buf *out)
{
    size_t from = out->size;
    struct signature signature;
    enum err err;

    put_header(key, typ, kid, out);
    buf_char(out, '.');
    buf_base64url(out, payload);
    err = sign(key, bytes_of(out->at + from, out->size - from), &signature);
    if (err != OK) {
        out->size = from;
        out->at[from] = '\0';
        return err;
    }
    buf_char(out, '.');
    buf_base64url(out, bytes_of(signature.bytes, signature.size));
    return OK;
}
