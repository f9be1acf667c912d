/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that has no keyboard asks, a person allows it on her own telephone (RFC 8628). One row of
 * the table `pending`: the code that she types names it, the code that the device keeps holds its id
 * sealed beside a secret, so both sides come to the same row by its primary key.
 */
#ifndef IDP_SESSION_DEVICE_CODE_H
#define IDP_SESSION_DEVICE_CODE_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/tables/grant.h"
#include "idp/tables/pending.h"
#include "idp/tables/session.h"

#define DEVICE_CODE_MAX_BYTES 1024
#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"

/* --- The device asks --- */

struct device_asking {
    const struct partner *partner; /* authenticated; ctx is on its channel */
    const char *scope;             /* as granted */
    const char *bound_key;         /* the tokens are for this key alone; "": for any */
};

struct device_codes {
    const char *device_code;
    const char *user_code;    /* as shown: "WDJB-MJHT" */
    const char *match_number; /* two digits that the device shows beside it; "": it need not */
    int64_t expires_in_s;
    int64_t interval_s;
};

/* problem_device_codes_full: the partner or its network has as many under way as it may. */
const struct problem *device_code_issue(struct ctx *ctx, const struct device_asking *asking,
                                        struct device_codes *out);

/* --- The person allows it --- */

/* What a code that she typed names. */
struct device_request {
    struct stored_pending row;
    const struct partner *partner;
    const char *scope;
    const char *bound_key;
    const char *network;  /* that it was asked from (policies/network.h) */
    int64_t match_number; /* 0: none is shown */
};

/*
 * For who is logged in with `sid`. A code that names nothing counts as a guess of this session and
 * of its network. problem_user_code_unknown; problem_user_code_guesses: nothing was looked up. One
 * that is over (refused, taken, another person's) is unknown; one that she herself has allowed or
 * refused is found for as long as it is there.
 */
const struct problem *device_code_find(struct ctx *ctx, const char *user_code,
                                       const struct stored_session *session,
                                       struct device_request *out);

/* She looks at it: from now on it is hers to decide. problem_user_code_unknown. */
const struct problem *device_code_see(struct ctx *ctx, const struct stored_session *session,
                                      struct device_request *request);

/*
 * Her word, once; `reason` says why she refuses: "declined", "number". The row's state tells what
 * stands now. problem_user_code_unknown: it is another's by now, or over. Sent again it changes
 * nothing.
 */
const struct problem *device_code_allow(struct ctx *ctx, const struct stored_session *session,
                                        struct device_request *request);
const struct problem *device_code_refuse(struct ctx *ctx, const struct stored_session *session,
                                         struct device_request *request, const char *reason);

/* May a login of this session stand for one at the partner? */
bool device_code_is_open_to(const struct device_request *request,
                            const struct stored_session *session);

/* --- The device has it --- */

/* A token request of the device grant; the client is authenticated. */
struct device_redemption {
    const struct partner *partner;
    const char *device_code;
    const char *proof_key; /* thumbprint of the DPoP proof's key; NULL: no proof */
};

/*
 * A session of its own, lent by hers, and the grant in it: one caller has them. problem_authorization_pending,
 * problem_slow_down (from now on it must wait 5 s longer), problem_device_code_expired,
 * problem_device_code_refused, problem_device_code_invalid. Waiting writes nothing. One that is
 * another partner's or terminal's is burnt.
 */
const struct problem *device_code_redeem(struct ctx *ctx,
                                         const struct device_redemption *redemption,
                                         struct stored_grant *out);

#endif
