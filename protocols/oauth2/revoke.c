/* SPDX-License-Identifier: Apache-2.0 */
/* POST /oauth2/revoke: OAuth 2.0 Token Revocation (RFC 7009). */
#include "idp/base/text.h"
#include "idp/session/grant_end.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

/* Either kind of token names what ends with it; type hints are not needed to tell them apart. */
struct revoked {
    const char *partner_id;
    const char *grant_id; /* "": a token of the partner itself, which has no grant */
    const char *jti;
};

static enum err
token_read(struct request *rq, const char *token, struct revoked *out)
{
    struct refresh refresh;
    struct access access;
    enum err err = refresh_token_open(rq->ctx, token, &refresh);

    if (err == OK) {
        *out = (struct revoked) { .partner_id = refresh.partner_id, .grant_id = refresh.grant_id };
        return OK;
    }
    err = access_token_open(rq->ctx, token, &access);
    if (err == OK)
        *out = (struct revoked) { access.client_id, access.grant_id, access.jti };
    return err;
}

/*
 * The route's guards have authenticated rq->partner and refused repeated parameters. An unknown
 * token is answered like one just revoked (RFC 7009, 2.2); a token of another partner is refused
 * and left alone (2.1).
 */
const struct problem *
endpoint_revoke(struct request *rq)
{
    const char *token = param(rq, "token");
    struct revoked revoked;
    enum err err;

    if (token == NULL)
        return &problem_token_missing;
    if (token_read(rq, token, &revoked) != OK)
        return respond_empty(rq, 200);
    if (!text_eq(revoked.partner_id, rq->partner->profile.partner_id))
        return &problem_token_not_yours;
    err = revoked.grant_id[0] != '\0' ? grant_end(rq->ctx, revoked.grant_id, "partner")
                                      : revocation_make(rq->ctx, revoked.jti);
    return err == OK ? respond_empty(rq, 200) : problem_of(err);
}
