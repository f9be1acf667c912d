/* SPDX-License-Identifier: Apache-2.0 */
/* Who is there, how surely, and whether she agrees: the steps that may send the
 * browser to a page of ours. */
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/person/evidence.h"
#include "idp/session/code.h"
#include "idp/session/token.h"
#include "keys/secret.h"
#include "policies/assurance.h"
#include "policies/channel.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/steps/steps.h"

bool
authorization_is_silent(const struct authorization *az)
{
    return text_list_has(az->prompt, "none");
}

/* Names the login there is. */
static const char *
handle_now(const struct authorization *az)
{
    return az->session.live ? base64url_encode(az->rq->arena, digest_view(&az->session.row.handle))
                            : "";
}

static bool
is_resumed(const struct authorization *az)
{
    return az->flow.sealed != NULL;
}

void
login_note(struct authorization *az)
{
    if (!is_resumed(az))
        az->flow.tx.seen_handle = handle_now(az);
}

bool
logged_in_since(const struct authorization *az)
{
    return is_resumed(az) && !text_eq(az->flow.tx.seen_handle, handle_now(az));
}

bool
login_is_recent(const struct authorization *az)
{
    bool asked_again =
        text_list_has(az->prompt, "login") || text_list_has(az->prompt, "select_account");

    if (logged_in_since(az))
        return true;
    if (asked_again || az->max_age == 0) /* 0 says "now", also within one second of a login */
        return false;
    return az->max_age < 0 || az->rq->now - az->session.row.auth_time <= az->max_age;
}

/* Some channels lend their logins to no other. */
static bool
login_is_good_here(const struct authorization *az)
{
    return channel_lends(az->session.row.channel, az->partner->profile.channel);
}

bool
is_the_hinted_subject(const struct authorization *az)
{
    const char *hint_sub = az->flow.tx.hint_sub;
    const char *sub = subject_told(az->rq->ctx, az->partner, az->session.row.subject);

    return (text_is_empty(hint_sub) || text_eq(hint_sub, sub)) &&
           !claims_want_another(&az->claims, sub);
}

/*
 * A browser keeps our session cookie back from another site's POST. It brings it with a GET, so
 * that a person who is logged in need not log in again.
 */
static bool
is_asked_by_get(struct authorization *az)
{
    struct request *rq = az->rq;

    return text_eq(rq->method, "POST") && cookie_find(rq, "session") == NULL && respond_by_get(rq);
}

const struct problem *
step_login(struct authorization *az)
{
    enum err err;

    if (is_asked_by_get(az))
        return NULL;
    err = session_load(az->rq->ctx, cookie_find(az->rq, "session"), &az->session);
    if (err != OK)
        return problem_of(err);
    login_note(az);
    if (az->session.live && login_is_good_here(az) && login_is_recent(az) &&
        is_the_hinted_subject(az))
        return NULL;
    if (authorization_is_silent(az))
        return &problem_login_required;
    /* The hint named another person and she has just logged in as herself: asking
     * again would go on for ever. */
    if (az->session.live && logged_in_since(az))
        return &problem_login_required;
    return authorization_divert(az, "/login");
}

static int
level_wanted(const struct authorization *az, bool *essential)
{
    int by_claims = acr_wanted(az->claims.acr_values);
    int by_values = acr_wanted(asked(az, "acr_values"));

    *essential = az->claims.acr_essential;
    return by_claims > by_values ? by_claims : by_values;
}

/* It was a while ago: the same login made now is worth more (policies/channel.h). */
static bool
login_would_raise(const struct authorization *az)
{
    return az->session.level_at_login > az->session.row.level && !logged_in_since(az);
}

/* Essential and out of reach: an error. Only wished for: the ID token says what was
 * reached (Core, 5.5.1.1). */
const struct problem *
step_level(struct authorization *az)
{
    bool essential;
    int wanted = level_wanted(az, &essential);

    if (az->session.row.level >= wanted)
        return NULL;
    if (login_would_raise(az) && !authorization_is_silent(az))
        return authorization_divert(az, "/login");
    if (!essential)
        return NULL;
    return login_would_raise(az) ? &problem_login_required : &problem_level_unmet;
}

static bool
is_her(const struct authorization *az, const char *person_id)
{
    return text_eq(person_id, az->session.row.subject.id);
}

/* The pages of this transaction were somebody else's: whoever is here now has not been asked. */
static bool
was_shown_to_another(const struct authorization *az)
{
    const char *shown_to = az->flow.tx.shown_to;

    return !text_is_empty(shown_to) && !is_her(az, shown_to);
}

/*
 * Any app on her device may listen on a loopback port or claim a scheme, and a public one proves nothing
 * else: only an https address that the system has found to be the app's tells it from another (RFC 8252, 8.6).
 */
static bool
may_be_another_app(const struct authorization *az)
{
    return az->partner->is_public && az->partner->profile.native &&
           !text_starts(asked(az, "redirect_uri"), "https://");
}

/* She has logged in on the pages of this very request, which name the app. */
static bool
logged_in_for_it(const struct authorization *az)
{
    return logged_in_since(az) && is_her(az, az->flow.tx.shown_to);
}

static bool
must_ask(const struct authorization *az)
{
    if (was_shown_to_another(az))
        return true;
    if (is_her(az, az->flow.tx.agreed_by))
        return false;
    return text_list_has(az->prompt, "consent") ||
           (may_be_another_app(az) && !logged_in_for_it(az));
}

const struct problem *
step_consent(struct authorization *az)
{
    bool covered = false;
    enum err err = OK;

    if (!must_ask(az))
        err = consent_covers(az->rq->ctx, az->partner, az->session.row.subject.id, az->scope,
                             &covered);
    if (err != OK)
        return problem_of(err);
    if (covered)
        return NULL;
    if (authorization_is_silent(az))
        return &problem_consent_required;
    az->flow.tx.scope = az->scope;
    return authorization_divert(az, "/consent");
}

static const char *
asked_or_empty(const struct authorization *az, const char *name)
{
    const char *value = asked(az, name);

    return value != NULL ? value : "";
}

const struct problem *
step_code(struct authorization *az)
{
    struct code code = {
        .redirect_uri = asked(az, "redirect_uri"),
        .nonce = asked_or_empty(az, "nonce"),
        .challenge = asked_or_empty(az, "code_challenge"),
        .approval = approval_of_session(&az->session.row),
    };
    const char *text;
    enum err err;

    code.approval.partner_id = az->partner->profile.partner_id;
    code.approval.scope = az->scope;
    code.approval.claims = asked_or_empty(az, "claims");
    code.approval.bound_key = asked_or_empty(az, "dpop_jkt");
    err = code_issue(az->rq->ctx, &code, &text);
    return err == OK ? authorization_answer(az, text, NULL) : problem_of(err);
}
