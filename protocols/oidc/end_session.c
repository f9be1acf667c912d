/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /oidc/logout: OpenID Connect RP-Initiated Logout 1.0. POST /logout: the button of
 * our own pages and of the confirmation. One logout ends the session everywhere.
 */
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/session.h"
#include "idp/session/sessions.h"
#include "idp/session/stop.h"
#include "idp/session/token.h"
#include "idp/session/transaction.h"
#include "idp/staff/sitting_end.h"
#include "keys/seal.h"
#include "policies/redirect.h"
#include "protocols/endpoints.h"
#include "protocols/http/cookies.h"
#include "protocols/http/guards.h"
#include "protocols/http/respond.h"
#include "protocols/oidc/signed_out.h"
#include "protocols/pages/page.h"

/* What the question's form has sealed: who asked, and the address to go to behind a blank; or who
 * asked. */
#define RETURN_CONTEXT "logout.return.2"
#define PARTNER_CONTEXT "logout.partner.1"

/*
 * What the partner asks for, as far as it holds. What does not (a hint, a client_id, an address) is
 * left out and the rest goes on (RP-Initiated Logout 1.0, 4): an error page would leave somebody
 * logged in on a shared machine.
 */
struct logout {
    struct session hinted;         /* that the hint names by its grant */
    const struct partner *partner; /* NULL: nobody we know, who vouches for no address */
    const char *return_url;        /* with state added; NULL: our own page */
    bool proven;                   /* a valid hint of this very session: no question needed */
    bool hint_fails;               /* there is one, and it is not ours or not the client_id's */
};

static bool
is_registered(const struct partner *partner, const char *uri)
{
    const struct partner_profile *profile = &partner->profile;

    for (size_t i = 0; i < profile->post_logout_redirect_uris.count; i++)
        if (redirect_uri_matches(profile->post_logout_redirect_uris.at[i], uri, profile->native))
            return true;
    return false;
}

/* So that a partner's developer can be told why nothing went as asked. */
static void
left_out(const struct logout *logout, const char *what)
{
    const struct partner *partner = logout->partner;

    log_line(LOG_INFO, "logout.left_out", log_text("what", what),
             log_text("partner", partner != NULL ? partner->profile.partner_id : ""));
}

static void
return_read(struct request *rq, struct logout *out)
{
    const char *uri = param(rq, "post_logout_redirect_uri");
    const char *state = param(rq, "state");
    struct buf url = buf_new(rq->arena, 256);

    if (uri == NULL)
        return;
    if (out->partner == NULL || !is_registered(out->partner, uri)) {
        left_out(out, "post_logout_redirect_uri");
        return;
    }
    buf_text(&url, uri);
    if (state != NULL) {
        buf_text(&url, strchr(uri, '?') != NULL ? "&state=" : "?state=");
        buf_url(&url, state);
    }
    if (transaction_sealed_size(url.size) > TRANSACTION_MAX_BYTES) {
        left_out(out, "state"); /* the question's form could not carry it */
        return;
    }
    out->return_url = url.at;
}

/* The hint of the session that the browser has: by the grant, or by the session's id as the partner
 * sees it, where the token is from a version that did not name the grant. */
static bool
is_of_this_session(struct request *rq, const struct logout *logout, const struct hint *hint)
{
    if (!rq->session->live)
        return false;
    if (logout->hinted.live)
        return text_eq(logout->hinted.row.sid, rq->session->row.sid);
    return logout->partner != NULL &&
           text_eq(hint->sid, session_id_for(rq->ctx, logout->partner, rq->session->row.sid));
}

static enum err
hint_read(struct request *rq, const char *token, struct logout *out)
{
    const char *client_id = param(rq, "client_id");
    struct hint hint;
    enum err err;

    if (id_token_hint_open(rq->ctx, token, &hint) != OK ||
        (client_id != NULL && !text_eq(client_id, hint.audience))) {
        out->hint_fails = true;
        left_out(out, "id_token_hint");
        return OK;
    }
    out->partner = registry_find(rq->ctx->services->registry, hint.audience);
    err = session_hinted(rq->ctx, &hint, &out->hinted);
    out->proven = err == OK && is_of_this_session(rq, out, &hint);
    return err;
}

static enum err
asker_read(struct request *rq, struct logout *out)
{
    const char *token = param(rq, "id_token_hint");
    const char *client_id = param(rq, "client_id");

    if (token != NULL)
        return hint_read(rq, token, out);
    out->partner = registry_find(rq->ctx->services->registry, client_id);
    if (client_id != NULL && out->partner == NULL)
        left_out(out, "client_id");
    return OK;
}

/* --- The end --- */

/* On all channels. Hers here is not the first to end, so that what is interrupted can be asked for
 * again; and sessions end before the grants that outlive them, or nobody would tell their partners. */
static enum err
end_all(struct request *rq)
{
    enum err err = sessions_end_others(rq->ctx, &rq->session->row, "everywhere");

    if (err == OK)
        err = session_end(rq->ctx, rq->session, "everywhere");
    if (err == OK)
        err = person_end(rq->ctx, rq->session->row.subject.id,
                         &(struct person_ending) { "everywhere", "", TIME_NEVER });
    return err;
}

/* Only the browser with the session is shown where else she was logged in: who calls with a hint
 * alone is a partner, and the others are none of its business. */
static const struct problem *
end_own(struct request *rq, struct farewell *farewell, bool everywhere)
{
    enum err err = logout_told(rq->ctx, rq->session->row.sid, &farewell->told);

    farewell->sid = rq->session->row.sid;
    if (err == OK)
        err = everywhere ? end_all(rq) : session_end(rq->ctx, rq->session, "logout");
    return err == OK ? signed_out_answer(rq, farewell) : problem_of(err);
}

static const struct problem *
end_hinted(struct request *rq, const struct session *hinted, const struct farewell *farewell)
{
    enum err err = hinted->live ? session_end(rq->ctx, hinted, "hint") : OK;

    return err == OK ? signed_out_answer(rq, farewell) : problem_of(err);
}

/* --- The question --- */

/* Where she goes from the question's answer: sealed, so that nobody else may say it. */
static enum err
farewell_seal(struct request *rq, const struct logout *logout, const char **out)
{
    const struct seal_keys *keys = &rq->ctx->keys->seal;

    *out = "";
    if (logout->return_url != NULL && logout->partner != NULL)
        return seal_text(
            keys, rq->ctx->env, rq->arena, RETURN_CONTEXT,
            bytes_of_text(arena_printf(rq->arena, "%s %s", logout->partner->profile.partner_id,
                                       logout->return_url)),
            out);
    if (logout->partner != NULL)
        return seal_text(keys, rq->ctx->env, rq->arena, PARTNER_CONTEXT,
                         bytes_of_text(logout->partner->profile.partner_id), out);
    return OK;
}

static const char *
unsealed(struct request *rq, const char *context)
{
    const char *sealed = param(rq, "tx");
    struct bytes text;

    if (sealed == NULL ||
        seal_text_open(&rq->ctx->keys->seal, rq->arena, context, sealed, &text) != OK)
        return NULL;
    return arena_copy(rq->arena, text.at, text.size);
}

static struct farewell
farewell_open(struct request *rq)
{
    const char *to_return = unsealed(rq, RETURN_CONTEXT);
    const char *partner_id = to_return == NULL ? unsealed(rq, PARTNER_CONTEXT) : NULL;
    struct farewell farewell = { .return_url = NULL };

    if (to_return != NULL && strchr(to_return, ' ') != NULL) {
        farewell.return_url = strchr(to_return, ' ') + 1;
        partner_id = arena_copy(rq->arena, to_return, strcspn(to_return, " "));
    }
    farewell.partner = registry_find(rq->ctx->services->registry, partner_id);
    return farewell;
}

/* Anybody can send a browser here with a link: without proof the person is asked. */
static const struct problem *
ask(struct request *rq, const struct logout *logout)
{
    struct page *page = page_new(rq, "logout_confirm", WORD_logout_title);
    const char *sealed;
    enum err err = farewell_seal(rq, logout, &sealed);

    if (err != OK)
        return problem_of(err);
    if (logout->partner != NULL)
        page_text(page, "partner_name", partner_name(logout->partner, rq->language));
    page_text(page, "action", "/logout");
    page_text(page, "tx", sealed);
    page_text(page, "csrf", session_csrf(rq->ctx, cookie_find(rq, "session")));
    if (logout->return_url != NULL)
        page_allow_form_target(page, logout->return_url);
    page_languages_here(page);
    return page_answer(rq, 200, page);
}

/*
 * A browser keeps the cookie back from another site's POST, so we do not know who is logged in
 * there. It brings it with a GET. When the link would be too long, we ask the person without
 * knowing what the partner wanted.
 */
static const struct problem *
ask_by_get(struct request *rq)
{
    return respond_by_get(rq) ? NULL : respond_redirect(rq, rq->path);
}

/* The partner's hint is of a staff member's sitting, which no session of a citizen in this browser has
 * to do with. */
static bool
is_of_sitting(const struct logout *logout)
{
    return logout->hinted.live && subject_is_staff(logout->hinted.row.subject);
}

/* One logout reaches all: she leaves her counter, too. */
static const struct problem *
end_sitting(struct request *rq, const struct session *hinted, const struct farewell *farewell)
{
    enum err err = sitting_end(rq->ctx, hinted->row.sid, SITTING_ENDED_OUT);

    return err == OK ? signed_out_answer(rq, farewell) : problem_of(err);
}

/* Without a session here a hint that fails is refused: who called by a server of its own is not
 * told "logged out" when nothing was. */
static const struct problem *
logout_do(struct request *rq, const struct logout *logout)
{
    struct farewell farewell = { .return_url = logout->return_url, .partner = logout->partner };

    farewell.of_staff = is_of_sitting(logout);
    if (farewell.of_staff)
        return end_sitting(rq, &logout->hinted, &farewell);
    if (rq->session->live && !logout->proven)
        return ask(rq, logout);
    if (rq->session->live)
        return end_own(rq, &farewell, false);
    if (logout->hint_fails)
        return &problem_logout_hint_invalid;
    return end_hinted(rq, &logout->hinted, &farewell);
}

const struct problem *
endpoint_end_session(struct request *rq)
{
    struct logout logout = { .return_url = NULL };
    bool blind = cookie_find(rq, "session") == NULL && text_eq(rq->method, "POST");
    enum err err = asker_read(rq, &logout);

    if (err != OK)
        return problem_of(err);
    if (logout.partner != NULL)
        rq->ctx->partner_id = logout.partner->profile.partner_id;
    if (blind && !logout.hinted.live)
        return ask_by_get(rq);
    return_read(rq, &logout);
    return logout_do(rq, &logout);
}

const struct problem *
endpoint_end_session_confirm(struct request *rq)
{
    struct farewell farewell = farewell_open(rq);

    if (!rq->session->live) /* logged out already, perhaps by a second click */
        return signed_out_answer(rq, &farewell);
    if (!session_form_holds(rq)) {
        audit_note(rq->ctx,
                   &(struct audit_record) { .event = AUDIT_LOGIN_REJECTED, .reason = "csrf" });
        return &problem_form_forged;
    }
    if (text_eq(param(rq, "decision"), "no"))
        return respond_redirect(rq, "/");
    return end_own(rq, &farewell, text_eq(param(rq, "decision"), "everywhere"));
}
