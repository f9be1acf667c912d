/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/card/permit.h"

#include "idp/audit/audit.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/session/session.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "protocols/http/cookies.h"
#include "protocols/http/guards.h"
#include "protocols/http/respond.h"

#define CONTEXT "card.permit.1"
#define FORM "form"
#define LIFE_S 60

struct card_permit {
    const char *what;
    const char *person_id;
    const char *sid;
    int64_t until; /* 0: as long as the session */
};

static const struct pack_field fields[] = { PACKED_TEXT(struct card_permit, what),
                                            PACKED_TEXT(struct card_permit, person_id),
                                            PACKED_TEXT(struct card_permit, sid),
                                            PACKED_INT(struct card_permit, until), PACKED_END };

static enum err
permit_seal(struct request *rq, const char *what, unix_s until, const char **out)
{
    const struct stored_session *session = &rq->session->row;
    const struct card_permit permit = { what, session->subject.id, session->sid, until };
    struct ctx *ctx = rq->ctx;

    return seal_text(&ctx->keys->seal, ctx->env, rq->arena, CONTEXT,
                     pack(rq->arena, fields, ctx->settings->upgrade.sealed_layout, &permit), out);
}

static enum err
permit_open(struct request *rq, const char *sealed, struct card_permit *out)
{
    struct bytes plain;
    enum err err = sealed == NULL
                       ? ERR_FORGED
                       : seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain);

    return err == OK ? unpack(rq->arena, fields, plain, out) : err;
}

enum err
card_permit_give(struct request *rq, const char *what, const char **out)
{
    return permit_seal(rq, what, rq->now + LIFE_S, out);
}

bool
card_permit_holds(struct request *rq, const char *what)
{
    const struct stored_session *session = &rq->session->row;
    struct card_permit permit;

    return permit_open(rq, param(rq, "permit"), &permit) == OK && text_eq(permit.what, what) &&
           text_eq(permit.person_id, session->subject.id) && text_eq(permit.sid, session->sid) &&
           rq->now < permit.until;
}

enum err
card_form_seal(struct request *rq, const char **out)
{
    return permit_seal(rq, FORM, 0, out);
}

const struct problem *
card_form_open(struct request *rq)
{
    struct card_permit permit;

    if (permit_open(rq, param(rq, "form"), &permit) != OK || !text_eq(permit.what, FORM) ||
        !text_eq(permit.person_id, rq->session->row.subject.id)) {
        respond_redirect(rq, "/card");
        return &problem_answered;
    }
    if (session_form_holds(rq))
        return NULL;
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_CARD_CODE_REFUSED,
                                                 .reason = "csrf",
                                                 .subject = rq->session->row.subject });
    return &problem_form_forged;
}
