/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/token.h"

#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/session/actor.h"
#include "idp/session/fresh.h"
#include "idp/session/revocation.h"
#include "keys/handle.h"
#include "keys/jws.h"
#include "keys/seal.h"
#include "policies/claim_rule.h"

#define LOGOUT_TOKEN_S 120
#define USERNAME_SIZE 16
#define REFRESH_CONTEXT "refresh.1"
/* Tells people and leak scanners what it is; means nothing to us. */
#define REFRESH_PREFIX "rt_"

static const char *
pairwise(struct ctx *ctx, const struct partner *partner, const char *kind, const char *id)
{
    const char *sector = partner->profile.pairwise ? partner->profile.sector_identifier : "";
    struct digest digest = digest_keyed_texts(&ctx->keys->pairwise, kind, sector, id, NULL);

    return base64url_encode(ctx->arena, digest_view(&digest));
}

const char *
subject_for(struct ctx *ctx, const struct partner *partner, const char *person_id)
{
    return pairwise(ctx, partner, "sub", person_id);
}

/* Under another word than a person's: no name that a directory could give somebody makes her a citizen. */
const char *
subject_told(struct ctx *ctx, const struct partner *partner, struct subject subject)
{
    return pairwise(ctx, partner, subject_is_staff(subject) ? "staff" : "sub", subject.id);
}

/* 75 bits: among 120 million people two alike are less likely than one in a million. */
const char *
username_for(struct ctx *ctx, const char *sub)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    struct digest digest = digest_of_text(sub);
    char name[USERNAME_SIZE + 1] = "u";

    for (size_t i = 1; i < USERNAME_SIZE; i++)
        name[i] = letters[digest_view(&digest).at[i] & 31];
    return arena_text(ctx->arena, name);
}

const char *
session_id_for(struct ctx *ctx, const struct partner *partner, const char *sid)
{
    return pairwise(ctx, partner, "sid", sid);
}

const char *
card_ref_for(struct ctx *ctx, const struct partner *partner, const char *card_id)
{
    return pairwise(ctx, partner, "card", card_id);
}

static enum err
sign(struct ctx *ctx, enum jws_alg alg, const char *typ, const struct buf *payload,
     const char **out)
{
    const struct signing_key *key = keyring_signer(ctx->keys, alg);
    struct buf token = buf_new(ctx->arena, payload->size * 4 / 3 + 512);
    enum err err;

    if (key == NULL) {
        log_line(LOG_ERROR, "token.no_key", log_text("alg", jws_alg_name(alg)));
        return ERR_INTERNAL;
    }
    err = jws_sign(key, typ, buf_view(payload), &token);
    *out = token.at;
    return err;
}

/* The times every token starts with. */
static struct buf
payload_begin(struct ctx *ctx, int64_t life_s)
{
    struct buf buf = buf_new(ctx->arena, 768);

    emit_object(&buf, NULL);
    emit_text(&buf, "iss", ctx->settings->server.issuer);
    emit_int(&buf, "iat", ctx->now);
    emit_int(&buf, "exp", ctx->now + life_s);
    return buf;
}

/* One audience as a string, several as an array: what most libraries expect. */
static void
emit_audience(struct buf *buf, const char *audience)
{
    if (text_list_count(audience) == 1)
        emit_text(buf, "aud", audience);
    else
        emit_list(buf, "aud", audience);
}

void
emit_confirmation(struct buf *buf, const char *bound_key)
{
    if (text_is_empty(bound_key))
        return;
    emit_object(buf, "cnf");
    emit_text(buf, "jkt", bound_key);
    emit_object_end(buf);
}

enum err
access_token_issue(struct ctx *ctx, const struct partner *partner, struct access *access,
                   const char **out)
{
    struct buf payload;
    enum err err = id_new(ctx->env, ctx->arena, "", &access->jti);

    if (err != OK)
        return err;
    access->issued_at = ctx->now;
    access->expires_at = ctx->now + ctx->settings->life.access_token_s;
    if (access->until != 0 && access->until < access->expires_at)
        access->expires_at = access->until;
    payload = payload_begin(ctx, access->expires_at - ctx->now);
    emit_audience(&payload, access->audience);
    emit_text(&payload, "sub", access->sub);
    emit_text(&payload, "client_id", access->client_id);
    emit_text(&payload, "jti", access->jti);
    emit_text_if(&payload, "scope", granted_scopes(ctx->arena, access->scope));
    emit_text_if(&payload, "claims", granted_claims(ctx->arena, access->scope));
    emit_text_if(&payload, "gid", access->grant_id);
    emit_text_if(&payload, "sid", access->sid);
    emit_text_if(&payload, "acr", access->acr);
    if (access->auth_time != 0)
        emit_int(&payload, "auth_time", access->auth_time);
    emit_actor(&payload, access->actor);
    emit_confirmation(&payload, access->bound_key);
    emit_object_end(&payload);
    err = sign(ctx, partner->access_alg, partner->profile.access_token_typ, &payload, out);
    if (err != OK)
        return err;
    fresh_add(ctx->services->fresh, *out);
    metric_add(METRIC_TOKENS_ISSUED, 1);
    return OK;
}

/* Of a token that we have signed: what it does not say is "" or 0. */
static const char *
claim_text(const json_t *claims, const char *name)
{
    const char *text = "";

    return member_text(claims, name, JWS_MAX_BYTES, &text) == OK ? text : "";
}

static const char *
claim_audience(struct arena *arena, const json_t *claims)
{
    const char *audience = "";

    return member_audience(arena, claims, JWS_MAX_BYTES, &audience) == OK ? audience : "";
}

static unix_s
claim_time(const json_t *claims, const char *name)
{
    unix_s time = 0;

    return member_time(claims, name, &time) == OK ? time : 0;
}

/* Whose signature it is, unless this node has made or checked the very same bytes a moment ago; but not
 * by a key that was retired since. */
static enum err
signature_check(struct ctx *ctx, const char *token, const struct jws *jws)
{
    const struct signing_key *key = keyring_verifier(ctx->keys, jws->kid);
    enum err err;

    if (key == NULL)
        return ERR_FORGED;
    if (fresh_has(ctx->services->fresh, token)) {
        metric_add(METRIC_TOKENS_FRESH_HITS, 1);
        return OK;
    }
    err = jws_check(jws, key->key, key->alg);
    if (err == OK)
        fresh_add(ctx->services->fresh, token);
    return err;
}

/* A token of ours of one of these types: its claims. */
static enum err
own_token_open(struct ctx *ctx, const char *token, const char *typs, json_t **claims)
{
    struct jws jws;

    if (jws_read(ctx->arena, token, &jws) != OK || !text_list_has(typs, jws.typ) ||
        signature_check(ctx, token, &jws) != OK)
        return ERR_FORGED;
    *claims = json_read(ctx->arena, jws.payload);
    return text_eq(claim_text(*claims, "iss"), ctx->settings->server.issuer) ? OK : ERR_FORGED;
}

/* An ID token and the access token of a partner whose stack refuses at+jwt are both typed JWT. Every
 * access token names its client, no ID token does (RFC 9068, 2.2; OpenID Connect Core, 2). */
static bool
is_access_token(const json_t *claims)
{
    return claim_text(claims, "client_id")[0] != '\0';
}

/* Removed partners' tokens are dead, also when another has their id now (ADR 0013). */
static bool
is_of_a_partner(struct ctx *ctx, const struct access *access)
{
    const struct partner *partner = registry_find(ctx->services->registry, access->client_id);

    return partner != NULL && access->issued_at >= partner->since;
}

enum err
access_token_open(struct ctx *ctx, const char *token, struct access *out)
{
    json_t *claims;
    enum err err = own_token_open(ctx, token, PARTNER_ACCESS_TOKEN_TYPS, &claims);

    if (err != OK)
        return err;
    if (!is_access_token(claims))
        return ERR_FORGED;
    *out = (struct access) {
        .sub = claim_text(claims, "sub"),
        .client_id = claim_text(claims, "client_id"),
        .audience = claim_audience(ctx->arena, claims),
        .scope =
            granted_join(ctx->arena, claim_text(claims, "scope"), claim_text(claims, "claims")),
        .sid = claim_text(claims, "sid"),
        .grant_id = claim_text(claims, "gid"),
        .acr = claim_text(claims, "acr"),
        .actor = actor_of_claims(ctx->arena, claims),
        .jti = claim_text(claims, "jti"),
        .bound_key = claim_text(json_object_get(claims, "cnf"), "jkt"),
        .auth_time = claim_time(claims, "auth_time"),
        .issued_at = claim_time(claims, "iat"),
        .expires_at = claim_time(claims, "exp"),
    };
    if (ctx->now >= out->expires_at || !is_of_a_partner(ctx, out) ||
        handed_out_too_early(ctx, out->issued_at))
        return ERR_EXPIRED;
    if (revocation_has(ctx->services->revocations,
                       out->grant_id[0] != '\0' ? out->grant_id : out->jti))
        return ERR_EXPIRED;
    return OK;
}

/* The left half of the digest (OpenID Connect Core, 3.1.3.6): SHA-256, as all our
 * algorithms but EdDSA use. */
static void
emit_half_digest(struct buf *buf, const char *name, const char *token)
{
    struct digest digest = digest_of_text(token);

    emit_text(buf, name, base64url_encode(buf->arena, bytes_of(digest.bytes, 16)));
}

/* Members of an object text, without its braces, behind those already written. */
static void
emit_members(struct buf *buf, const char *object)
{
    size_t size = strlen(object);

    if (size <= 2)
        return;
    buf_char(buf, ',');
    buf_bytes(buf, object + 1, size - 2);
}

enum err
id_token_issue(struct ctx *ctx, const struct partner *partner, const struct identity *identity,
               const char **out)
{
    struct buf payload = payload_begin(ctx, ctx->settings->life.id_token_s);

    emit_text(&payload, "aud", partner->profile.partner_id);
    emit_text(&payload, "sub", subject_told(ctx, partner, identity->subject));
    emit_text(&payload, "sid", session_id_for(ctx, partner, identity->sid));
    emit_text_if(&payload, "gid", identity->grant_id);
    emit_int(&payload, "auth_time", identity->auth_time);
    emit_text_if(&payload, "nonce", identity->nonce);
    emit_text_if(&payload, "acr", identity->acr);
    emit_list(&payload, "amr", identity->amr);
    /* The digest for EdDSA is SHA-512 by convention, not by rule: left out there, since it
     * is optional with a code. */
    if (!text_is_empty(identity->access_token) && partner->id_token_alg != JWS_EDDSA)
        emit_half_digest(&payload, "at_hash", identity->access_token);
    if (identity->device_secret != NULL)
        emit_text(&payload, "ds_hash", device_secret_hash(ctx->arena, identity->device_secret));
    emit_members(&payload, identity->claims != NULL ? identity->claims : "");
    emit_object_end(&payload);
    return sign(ctx, partner->id_token_alg, "JWT", &payload, out);
}

enum err
id_token_hint_open(struct ctx *ctx, const char *token, struct hint *out)
{
    json_t *claims;
    enum err err = own_token_open(ctx, token, "JWT", &claims);

    if (err != OK)
        return err;
    if (is_access_token(claims))
        return ERR_FORGED;
    *out = (struct hint) {
        .sub = claim_text(claims, "sub"),
        .audience = claim_text(claims, "aud"),
        .sid = claim_text(claims, "sid"),
        .grant_id = claim_text(claims, "gid"),
        .ds_hash = claim_text(claims, "ds_hash"),
    };
    return OK;
}

const char *
device_secret_hash(struct arena *arena, const char *device_secret)
{
    struct digest digest = digest_of_text(device_secret);

    return base64url_encode(arena, digest_view(&digest));
}

enum err
logout_token_issue(struct ctx *ctx, const struct partner *partner, struct subject subject,
                   const char *sid, const char **out)
{
    struct buf payload = payload_begin(ctx, LOGOUT_TOKEN_S);
    const char *jti;
    enum err err = id_new(ctx->env, ctx->arena, "", &jti);

    if (err != OK)
        return err;
    emit_text(&payload, "aud", partner->profile.partner_id);
    emit_text(&payload, "jti", jti);
    if (!text_is_empty(subject.id))
        emit_text(&payload, "sub", subject_told(ctx, partner, subject));
    emit_text(&payload, "sid", session_id_for(ctx, partner, sid));
    emit_object(&payload, "events");
    emit_object(&payload, "http://schemas.openid.net/event/backchannel-logout");
    emit_object_end(&payload);
    emit_object_end(&payload);
    emit_object_end(&payload);
    return sign(ctx, partner->id_token_alg, "logout+jwt", &payload, out);
}

static const struct pack_field refresh_fields[] = {
    PACKED_TEXT(struct refresh, grant_id),
    PACKED_TEXT(struct refresh, partner_id),
    PACKED_INT(struct refresh, generation),
    PACKED_END,
};

enum err
refresh_token_issue(struct ctx *ctx, const struct refresh *refresh, const char **out)
{
    struct bytes plain =
        pack(ctx->arena, refresh_fields, ctx->settings->upgrade.sealed_layout, refresh);
    const char *sealed;
    enum err err =
        seal_text(&ctx->keys->seal, ctx->env, ctx->arena, REFRESH_CONTEXT, plain, &sealed);

    if (err == OK)
        *out = arena_printf(ctx->arena, REFRESH_PREFIX "%s", sealed);
    return err;
}

enum err
refresh_token_open(struct ctx *ctx, const char *token, struct refresh *out)
{
    struct bytes plain;
    enum err err;

    if (!text_starts(token, REFRESH_PREFIX))
        return ERR_FORGED;
    err = seal_text_open(&ctx->keys->seal, ctx->arena, REFRESH_CONTEXT,
                         token + strlen(REFRESH_PREFIX), &plain);
    if (err != OK)
        return err;
    *out = (struct refresh) { 0 };
    return unpack(ctx->arena, refresh_fields, plain, out) == OK ? OK : ERR_FORGED;
}
