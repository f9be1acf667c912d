/* SPDX-License-Identifier: Apache-2.0 */
/* Of staff: a partner's request is handed over to the listener where they sign in, and there the one
 * who sits at the counter is who logs in (docs/adr/0061). */
#include "idp/audit/audit.h"
#include "idp/staff/sitting.h"
#include "policies/partner_rules.h"
#include "policies/staff_rules.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/language.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/steps/steps.h"

/* Sealed and bound to no browser: what the link says, anybody could have asked with a link to us. The
 * cookie that would bind it is made and told to nobody, so no page of a flow opens it. */
static enum err
link_seal(struct authorization *az, const char **out)
{
    struct request *rq = az->rq;
    struct transaction tx = az->flow.tx;
    const char *cookie;
    enum err err;

    tx.purpose = PURPOSE_HAND_OVER;
    err = transaction_new(rq->ctx, languages[rq->language].tag, &tx, &cookie);
    return err == OK ? transaction_seal(rq->ctx, &tx, out) : err;
}

const struct problem *
step_hand_over(struct authorization *az)
{
    const struct settings *settings = az->rq->ctx->settings;
    const char *sealed;
    enum err err;

    if (!profile_is_of_counters(&az->partner->profile))
        return NULL;
    if (text_is_empty(settings->staff.url))
        return &problem_staff_absent;
    err = link_seal(az, &sealed);
    if (err != OK)
        return problem_of(err);
    return respond_redirect(az->rq, arena_printf(az->rq->arena, "%s%s/staff/enter?tx=%s",
                                                 settings->staff.url, settings->server.issuer_path,
                                                 sealed));
}

/* The role as it stands now, not as it stood when she signed in. */
static const struct problem *
may_enter(const struct authorization *az)
{
    const struct sitting *sitting = az->rq->staff;

    if (staff_may(sitting->staff.roles, STAFF_VERB_enter))
        return NULL;
    audit_note(az->rq->ctx, &(struct audit_record) { .event = AUDIT_STAFF_DENIED,
                                                     .reason = staff_verb_name(STAFF_VERB_enter),
                                                     .subject = sitting->session.row.subject,
                                                     .partner_id = az->partner->profile.partner_id,
                                                     .sid = sitting->row.sid });
    return &problem_staff_denied;
}

/* As step_login() does with a citizen's session. */
const struct problem *
step_sitting(struct authorization *az)
{
    const struct sitting *sitting = az->rq->staff;
    bool locked = sitting->live && sitting_is_locked(sitting);

    if (!profile_is_of_counters(&az->partner->profile))
        return &problem_response_type_not_allowed;
    az->flow.tx.purpose = PURPOSE_STAFF_ENTER;
    if (sitting->live)
        az->session = sitting->session;
    login_note(az);
    if (sitting->live && !locked && login_is_recent(az) && is_the_hinted_subject(az))
        return may_enter(az);
    if (authorization_is_silent(az) || (sitting->live && !locked && logged_in_since(az)))
        return &problem_login_required;
    return authorization_divert(az, locked ? "/staff/lock" : "/staff/sign-in");
}
