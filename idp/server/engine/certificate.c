/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "idp/base/arena.h"
#include "idp/base/file.h"
#include "idp/base/snapshot.h"
#include "keys/secret.h"

#define PEM_MAX ((size_t)1 << 20)
#define CHAIN_MAX 16

struct certificate {
    unsigned count;
    gnutls_x509_crt_t *read; /* the first is the listener's own */
    gnutls_pcert_st chain[CHAIN_MAX];
    unsigned chained; /* of the chain, made */
    gnutls_privkey_t key;
};

static enum err
fail(const char **why, const char *sentence)
{
    *why = sentence;
    return ERR_INVALID;
}

static gnutls_datum_t
datum_of(struct bytes bytes)
{
    return (gnutls_datum_t) { (unsigned char *)(uintptr_t)bytes.at, (unsigned)bytes.size };
}

static enum err
list_read(struct certificate *certificate, struct bytes pem, unsigned flags, const char **why)
{
    gnutls_datum_t text = datum_of(pem);

    if (gnutls_x509_crt_list_import2(&certificate->read, &certificate->count, &text,
                                     GNUTLS_X509_FMT_PEM, flags) < 0)
        return fail(why, "There is no certificate in PEM in it.");
    return OK;
}

/* As it is shown. */
static enum err
chain_make(struct certificate *certificate, const char **why)
{
    if (certificate->count > CHAIN_MAX)
        return fail(why, "There are more than 16 certificates in it.");
    while (certificate->chained < certificate->count) {
        if (gnutls_pcert_import_x509(&certificate->chain[certificate->chained],
                                     certificate->read[certificate->chained], 0) < 0)
            return fail(why, "A certificate in it cannot be used.");
        certificate->chained++;
    }
    return OK;
}

static bool
key_id(gnutls_pubkey_t key, struct digest *out)
{
    size_t size = sizeof(out->bytes);

    return gnutls_pubkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, out->bytes, &size) == 0;
}

static bool
key_belongs(const struct certificate *certificate)
{
    struct digest ours;
    struct digest theirs;
    gnutls_pubkey_t public_key = NULL;
    bool belongs;

    if (gnutls_pubkey_init(&public_key) < 0)
        return false;
    belongs = gnutls_pubkey_import_privkey(public_key, certificate->key, 0, 0) == 0 &&
              key_id(public_key, &ours) && key_id(certificate->chain[0].pubkey, &theirs) &&
              digest_eq(&ours, &theirs);
    gnutls_pubkey_deinit(public_key);
    return belongs;
}

static enum err
key_read(struct certificate *certificate, struct bytes pem, const char **why)
{
    gnutls_datum_t text = datum_of(pem);

    if (gnutls_privkey_init(&certificate->key) < 0)
        return ERR_INTERNAL;
    if (gnutls_privkey_import_x509_raw(certificate->key, &text, GNUTLS_X509_FMT_PEM, NULL, 0) < 0)
        return fail(why, "There is no private key in PEM in it, or it wants a passphrase.");
    if (!key_belongs(certificate))
        return fail(why, "The key does not belong to the certificate.");
    return OK;
}

/* The key's text is wiped with the arena. */
static enum err
files_read(struct certificate *certificate, const char *certificate_file, const char *key_file,
           const char **why)
{
    struct arena *arena = arena_new(4 * PEM_MAX);
    struct bytes pem;
    enum err err = file_read(arena, certificate_file, PEM_MAX, &pem);

    if (err != OK)
        err = fail(why, "The certificate cannot be read.");
    if (err == OK)
        err = list_read(certificate, pem, key_file != NULL ? GNUTLS_X509_CRT_LIST_SORT : 0, why);
    if (err == OK && key_file != NULL)
        err = chain_make(certificate, why);
    if (err == OK && key_file != NULL && file_read(arena, key_file, PEM_MAX, &pem) != OK)
        err = fail(why, "The key cannot be read.");
    if (err == OK && key_file != NULL)
        err = key_read(certificate, pem, why);
    arena_free(arena);
    return err;
}

enum err
certificate_open(const char *certificate_file, const char *key_file, struct certificate **out,
                 const char **why)
{
    struct certificate *certificate = calloc(1, sizeof(*certificate));
    enum err err;

    *why = "There is no memory for it.";
    if (certificate == NULL)
        return ERR_INTERNAL;
    err = files_read(certificate, certificate_file, key_file, why);
    if (err == OK)
        *out = certificate;
    else
        certificate_free(certificate);
    return err;
}

void
certificate_free(void *what)
{
    struct certificate *certificate = what;

    if (certificate == NULL)
        return;
    for (unsigned i = 0; i < certificate->chained; i++)
        gnutls_pcert_deinit(&certificate->chain[i]);
    for (unsigned i = 0; i < certificate->count; i++)
        gnutls_x509_crt_deinit(certificate->read[i]);
    gnutls_free(certificate->read);
    if (certificate->key != NULL)
        gnutls_privkey_deinit(certificate->key);
    free(certificate);
}

struct certificate_facts
certificate_facts(const struct certificate *certificate)
{
    gnutls_x509_crt_t first = certificate->read[0];
    struct certificate_facts facts = {
        .begins = gnutls_x509_crt_get_activation_time(first),
        .ends = gnutls_x509_crt_get_expiration_time(first),
        .count = certificate->count,
        .signs_itself = gnutls_x509_crt_check_issuer(first, first) != 0,
    };

    for (unsigned i = 1; i < certificate->chained; i++) {
        unix_s ends = gnutls_x509_crt_get_expiration_time(certificate->read[i]);

        if (ends < facts.ends)
            facts.ends = ends;
    }
    return facts;
}

bool
certificate_is_for(const struct certificate *certificate, const char *host)
{
    return gnutls_x509_crt_check_hostname(certificate->read[0], host) != 0;
}

/* --- Shown by a listener --- */

void
certificate_show(struct certificate_shown *shown, struct certificate *certificate)
{
    snapshot_retire(atomic_exchange(&shown->now, certificate), certificate_free);
}

void
certificate_offer(struct certificate_shown *shown, struct gnutls_session_int *session)
{
    gnutls_session_set_ptr(session, shown);
}

/* NOLINTBEGIN(readability-function-size): the parameters are GnuTLS's */
static int
choose(gnutls_session_t session, const gnutls_datum_t *issuers, int issuer_count,
       const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain,
       unsigned *count, gnutls_privkey_t *key)
{
    struct certificate_shown *shown = gnutls_session_get_ptr(session);
    struct certificate *now = atomic_load_explicit(&shown->now, memory_order_acquire);

    (void)issuers;
    (void)issuer_count;
    (void)algorithms;
    (void)algorithm_count;
    *chain = now->chain;
    *count = now->count;
    *key = now->key;
    return 0;
}
/* NOLINTEND(readability-function-size) */

void *
certificate_callback(void)
{
    return (void *)(uintptr_t)choose;
}
