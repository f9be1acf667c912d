/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/dpop_proof.h"

#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "keys/jws.h"
#include "policies/dpop.h"

#define TYP "dpop+jwt"

static void
key_release(void *key)
{
    EVP_PKEY_free(key);
}

/* The header's key as text; NULL when it has none. */
static const char *
own_key(struct arena *arena, const struct jws *jws)
{
    const json_t *jwk;

    if (member_object(json_read(arena, jws->header), "jwk", &jwk) != OK)
        return NULL;
    return json_text(arena, jwk);
}

static enum err
signature_judge(struct arena *arena, const struct jws *jws, EVP_PKEY *key, const char **thumbprint)
{
    enum jws_alg alg = jws_alg_of(jws->alg);
    const char *unused;
    struct held held;
    enum err err;

    hold_begin(&held, key_release, key);
    err = jws_check(jws, key, alg);
    if (err == OK)
        err = jwk_public(arena, key, alg, &unused, thumbprint);
    hold_release(&held);
    return err;
}

enum err
dpop_proof_open(struct arena *arena, const char *text, struct dpop_proof *out)
{
    const char *jwk = NULL;
    const char *kid;
    enum jws_alg alg;
    struct jws jws;
    EVP_PKEY *key;

    if (jws_read(arena, text, &jws) == OK && text_eq(jws.typ, TYP) &&
        text_list_has(DPOP_ALGS, jws_alg_name(jws_alg_of(jws.alg))))
        jwk = own_key(arena, &jws);
    if (jwk == NULL || jwk_import(arena, jwk, &key, &alg, &kid) != OK)
        return ERR_INVALID;
    if (signature_judge(arena, &jws, key, &out->thumbprint) != OK)
        return ERR_FORGED;
    out->claims = json_read(arena, jws.payload);
    return json_is_object(out->claims) ? OK : ERR_INVALID;
}
