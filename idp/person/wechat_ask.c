/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/wechat_ask.h"

#include "idp/audit/audit.h"

void
wechat_asking_begin(enum wechat_app app, const char *code, struct wechat_asking *out)
{
    *out = (struct wechat_asking) { .app = app, .code = code, .outcome = WECHAT_BUSY };
}

static void
who_asked(struct ctx *ctx, void *state)
{
    struct wechat_asking *asking = state;

    asking->outcome = wechat_who(ctx->services->wechat, ctx->arena, asking->app, asking->code,
                                 &asking->user, &asking->is_snapshot);
}

const struct ask ask_wechat = { LANE_WECHAT, who_asked };

/* Whatever an operator or WeChat must mend, she can but log in another way. */
static const struct problem *
problem_for(const struct wechat_asking *asking)
{
    switch (asking->outcome) {
    case WECHAT_DONE:
        return NULL;
    case WECHAT_CODE_BAD:
    case WECHAT_TOKEN_BAD:
    case WECHAT_UNLINKED:
        return &problem_wechat_code;
    case WECHAT_REFUSED:
        return asking->is_snapshot ? &problem_wechat_snapshot : &problem_wechat_refused;
    case WECHAT_LIMITED:
        return &problem_wechat_too_often;
    default:
        return &problem_wechat_unavailable;
    }
}

const struct problem *
wechat_asking_end(struct ctx *ctx, const struct wechat_asking *asking, struct wechat_identity *out)
{
    const struct problem *problem = problem_for(asking);

    if (problem != NULL) {
        audit_note(ctx, &(struct audit_record) {
                            .event = AUDIT_EXTERNAL_REJECTED,
                            .reason = asking->is_snapshot ? "snapshot"
                                                          : wechat_outcome_name(asking->outcome) });
        return problem;
    }
    *out = (struct wechat_identity) { .app = asking->app,
                                      .openid = asking->user.openid,
                                      .unionid = asking->user.unionid,
                                      .unionid_was_due = asking->user.unionid_was_due };
    return NULL;
}
