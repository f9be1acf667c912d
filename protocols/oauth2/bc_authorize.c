/* SPDX-License-Identifier: Apache-2.0 */
/* POST /oauth2/bc-authorize: a partner asks for a person's approval over another line (OpenID Connect
 * CIBA Core 1.0, 7). */
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/session/backchannel.h"
#include "idp/session/token.h"
#include "policies/backchannel.h"
#include "policies/scope.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"
#include "protocols/oauth2/signed_request.h"

/* The parameters, wherever they came from. */
struct bc_request {
    struct request *rq;
    const struct params *signed_as; /* NULL: they stand in the form */
};

/* Of the form: all that may stand in a signed request too. */
static const char *const names[] = {
    "scope",
    "acr_values",
    "login_hint",
    "id_token_hint",
    "login_hint_token",
    "binding_message",
    "requested_expiry",
    "client_notification_token",
};

static const char *
said(const struct bc_request *it, const char *name)
{
    const char *value;

    if (it->signed_as == NULL)
        return param(it->rq, name);
    value = params_find(it->signed_as, name);
    return text_is_empty(value) ? NULL : value;
}

/* As for the parameters of the form (protocols/fields.c): a signed request has the same bounds. */
static const struct problem *
signed_bounds_check(const struct request *rq, const struct params *params)
{
    for (const struct field *field = rq->fields; field->name != NULL; field++) {
        const char *value = params_find(params, field->name);

        if (value != NULL && strlen(value) > field->max)
            return field->too_long != NULL ? field->too_long : &problem_field_too_long;
    }
    return NULL;
}

static bool
stands_beside(const struct request *rq)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (param(rq, names[i]) != NULL)
            return true;
    }
    return false;
}

static const struct problem *
signed_read(struct request *rq, const char *object, struct bc_request *out)
{
    struct params *params = arena_alloc(rq->arena, sizeof(*params));
    const char *reason;
    const struct problem *problem = signed_request_read(rq, object, params, &reason);

    if (problem == &problem_request_object_invalid)
        audit_note(rq->ctx,
                   &(struct audit_record) { .event = AUDIT_CIBA_REJECTED,
                                            .reason = reason,
                                            .partner_id = rq->partner->profile.partner_id });
    if (problem == NULL)
        problem = signed_bounds_check(rq, params);
    out->signed_as = params;
    return problem;
}

static const struct problem *
request_read(struct request *rq, struct bc_request *out)
{
    bool must_sign = !text_is_empty(rq->partner->profile.backchannel_request_alg);
    const char *object = param(rq, "request");

    *out = (struct bc_request) { rq, NULL };
    if (!text_list_has(rq->partner->profile.grant_types, GRANT_TYPE_CIBA))
        return &problem_grant_type_not_allowed;
    if (object == NULL)
        return must_sign ? &problem_request_object_missing : NULL;
    if (!must_sign)
        return &problem_request_object_unwanted;
    return stands_beside(rq) ? &problem_request_object_beside : signed_read(rq, object, out);
}

/* --- Who --- */

static const struct problem *
named_find(const struct bc_request *it, const char *login_hint, struct asked_person *out)
{
    struct request *rq = it->rq;
    struct login_name name;

    if (login_name_check(rq->arena, login_hint, time_beijing_date(rq->now), &name) != NULL)
        return &problem_ciba_login_hint_invalid;
    return problem_of(asked_by_name(rq->ctx, &name, out));
}

static const struct problem *
hinted_find(const struct bc_request *it, const char *id_token, struct asked_person *out)
{
    struct request *rq = it->rq;
    struct hint hint;

    if (id_token_hint_open(rq->ctx, id_token, &hint) != OK ||
        !text_eq(hint.audience, rq->partner->profile.partner_id))
        return &problem_hint_invalid;
    return problem_of(asked_by_hint(rq->ctx, &hint, out));
}

static const struct problem *
person_find(const struct bc_request *it, struct asked_person *out)
{
    const char *login_hint = said(it, "login_hint");
    const char *id_token = said(it, "id_token_hint");

    if (said(it, "login_hint_token") != NULL)
        return &problem_ciba_hint_token_unsupported;
    if ((login_hint == NULL) == (id_token == NULL))
        return &problem_ciba_hint_missing;
    return login_hint != NULL ? named_find(it, login_hint, out) : hinted_find(it, id_token, out);
}

/* --- What --- */

static const char *
said_or_empty(const struct bc_request *it, const char *name)
{
    const char *value = said(it, name);

    return value != NULL ? value : "";
}

static const struct problem *
scope_read(const struct bc_request *it, const char **scope)
{
    const struct partner_profile *profile = &it->rq->partner->profile;
    const struct scope_bounds bounds = { profile->scope, profile->strict_scope, false };
    const struct problem *problem = scope_check(it->rq->arena, said(it, "scope"), &bounds, scope);

    if (problem != NULL)
        return problem;
    return scope_has_openid(*scope) ? NULL : &problem_scope_openid_missing;
}

static const struct problem *
asking_read(const struct bc_request *it, struct backchannel_asking *asking)
{
    const struct partner_profile *profile = &it->rq->partner->profile;
    struct backchannel_asked *asked = &asking->asked;
    const struct problem *problem = scope_read(it, &asked->scope);

    asked->approval = profile->backchannel_approval;
    asked->acr_values = said_or_empty(it, "acr_values");
    asked->binding_message = said_or_empty(it, "binding_message");
    asked->notification_token = "";
    if (problem == NULL)
        problem = binding_message_check(asked->binding_message);
    if (problem == NULL)
        problem = requested_expiry_read(said(it, "requested_expiry"), &asking->life_s);
    if (problem != NULL || !text_eq(profile->backchannel_mode, "ping"))
        return problem;
    asked->notification_token = said_or_empty(it, "client_notification_token");
    return notification_token_check(asked->notification_token);
}

static const struct problem *
answer(struct request *rq, const struct backchannel_asking *asking, const char *auth_req_id)
{
    struct buf json = buf_new(rq->arena, 512);

    emit_object(&json, NULL);
    emit_text(&json, "auth_req_id", auth_req_id);
    emit_int(&json, "expires_in", asking->life_s);
    emit_int(&json, "interval", BACKCHANNEL_INTERVAL_S);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
endpoint_bc_authorize(struct request *rq)
{
    struct backchannel_asking asking = { .partner = rq->partner };
    struct bc_request it;
    const char *auth_req_id;
    const struct problem *problem = request_read(rq, &it);

    if (problem == NULL)
        problem = asking_read(&it, &asking);
    if (problem == NULL)
        problem = person_find(&it, &asking.person);
    if (problem == NULL)
        problem = backchannel_begin(rq->ctx, &asking, &auth_req_id);
    return problem != NULL ? problem : answer(rq, &asking, auth_req_id);
}
