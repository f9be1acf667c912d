/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A partner's registration as JSON. Members are named as in RFC 7591 and OpenID Registration where
 * those have a name.
 */
#ifndef POLICIES_PARTNER_PROFILE_H
#define POLICIES_PARTNER_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/buf.h"
#include "policies/business.h"

#define PARTNER_LIST_MAX 16

/* What a registration may say of these, as lists of words. Discovery tells the same. More of them:
 * auth_method.h, signing_alg.h. */
#define PARTNER_RESPONSE_MODES "query fragment form_post"
#define PARTNER_SUBJECT_TYPES "public pairwise"
#define PARTNER_ASSERTION_AUDIENCE "issuer"
#define PARTNER_ACCESS_TOKEN_TYPS "at+jwt JWT"
#define GRANT_TYPE_CARD_PIN "urn:hrss:params:oauth:grant-type:card-pin"
#define GRANT_TYPE_CARD_CODE "urn:hrss:params:oauth:grant-type:card-code"
#define GRANT_TYPE_EXCHANGE "urn:ietf:params:oauth:grant-type:token-exchange"
extern const char *const partner_grant_types; /* policies/grant_type.def */
#define GRANT_TYPE_WECHAT "urn:hrss:params:oauth:grant-type:wechat-code"
#define GRANT_TYPE_CIBA "urn:openid:params:grant-type:ciba"

/* ANSWER_NONE: the registration does not say. */
enum profile_answer {
    ANSWER_NONE,
    ANSWER_NO,
    ANSWER_YES
};

struct profile_list {
    const char *at[PARTNER_LIST_MAX];
    size_t count;
};

/*
 * Texts are never NULL (empty when not set) and live in the arena of the parse. Lists of words are
 * space-separated.
 */
struct partner_profile {
    const char *partner_id;  /* client_id */
    const char *name_zh;     /* client_name */
    const char *name_en;     /* client_name#en; name_zh when not given */
    const char *channel;     /* policies/channel.h */
    bool native;             /* application_type native */
    const char *auth_method; /* token_endpoint_auth_method: auth_method.h */
    bool strict_auth_method; /* a secret not in the other place, header or form, either */
    bool strict_scope;       /* more than `scope` is refused instead of left out */
    bool dpop_bound; /* dpop_bound_access_tokens (RFC 9449, 5.2): no token without a proof */
    const char *native_sso_group; /* apps that say the same share a login on one phone; "": none */
    const char *browser_ticket_partners; /* whose pages it may open with a browser ticket */
    const char
        *auth_signing_alg; /* token_endpoint_auth_signing_alg; "": whatever a key of its is */
    const char *assertion_audience; /* "issuer": no other; "": the token endpoint too */
    const char *jwks;               /* compact JSON with sorted members */
    struct profile_list redirect_uris;
    struct profile_list post_logout_redirect_uris;
    struct profile_list web_origins; /* empty: those of redirect_uris (registry.h) */
    const char *grant_types;
    const char *response_modes; /* "": what is usual (partner_allows_response_mode) */
    const char *scope;
    const char *audience;  /* whom its access tokens are for, beside us */
    const char *resources; /* audiences that it answers for: it may introspect their tokens */
    enum profile_answer require_pkce; /* ANSWER_NONE: PKCE or nonce, for confidential ones */
    bool pairwise;                    /* subject_type */
    const char *id_token_alg;         /* id_token_signed_response_alg */
    const char *id_token_claims;      /* told in the ID token too, where a scope carries them */
    const char *access_token_alg;     /* access_token_signed_response_alg */
    const char *access_token_typ;     /* the header's typ: one of PARTNER_ACCESS_TOKEN_TYPS */
    const char *sector_identifier;    /* never empty if pairwise: one site, or the partner's id */
    int64_t default_max_age_s;        /* default_max_age; -1: not set */
    bool require_auth_time;
    bool consent_implied;      /* consent "implied" */
    bool redirect_errors;      /* may an error before any login be sent back at once? */
    bool shared_redirect_uris; /* others that say so too may have the same ones */
    bool backchannel_logout_session_required;
    bool frontchannel_logout_session_required;
    const char *initiate_login_uri;
    const char *client_uri;
    const char *backchannel_logout_uri;
    const char *frontchannel_logout_uri; /* of the origin of one of redirect_uris */
    /* OpenID Connect CIBA Core 1.0, 4; "" without the grant type. */
    const char *backchannel_mode;        /* backchannel_token_delivery_mode: poll ping */
    const char *backchannel_notify_uri;  /* backchannel_client_notification_endpoint; for ping */
    const char *backchannel_request_alg; /* backchannel_authentication_request_signing_alg; "": its
                                             requests are not signed */
    const char *backchannel_approval;    /* policies/backchannel.h; ours */
    bool card_loss_reports;              /* it may report cards lost (docs/adr/0053) */
    const char
        *card_purposes; /* whose card codes it may scan: policies/card_purpose.def; "": none */
    const char *card_regions;        /* and of which regions (policies/card_region.h); "": of all */
    struct business_list businesses; /* which its staff do for citizens */
    const char *policy_uri;
    const char *tos_uri;
    struct profile_list contacts;
};

/*
 * NULL, or a sentence for the operator that names the member at fault (static or in the arena);
 * then `out` is not to be used. Unknown and repeated members are refused. At most 65536 bytes.
 */
const char *partner_profile_parse(struct arena *arena, const char *json, size_t size,
                                  struct partner_profile *out);

/* One that it registered; when it said nothing: query, and fragment too for a page without a server
 * of its own (public, not native), whose libraries usually ask for that (docs/adr/0031). */
bool partner_allows_response_mode(const struct partner_profile *profile, const char *mode);

/*
 * Canonical: fixed order, what is not set left out, so equal profiles give equal texts.
 * parse(write(x)) is x.
 */
void partner_profile_write(struct buf *buf, const struct partner_profile *profile);

#endif
