/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/routes.h"

#include <string.h>

#include "idp/base/text.h"
#include "protocols/endpoints.h"

/* What browsers post must come from a page of ours. */
#define FORM (GUARD_NO_REPEATS | GUARD_FORM_BODY | GUARD_SAME_ORIGIN)
#define API (GUARD_NO_REPEATS | GUARD_FORM_BODY)

/* clang-format off */
const struct route public_routes[] = {
    /* Documents. */
    { "GET", "/.well-known/openid-configuration", endpoint_discovery, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/.well-known/oauth-authorization-server", endpoint_discovery, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/oauth2/jwks", endpoint_jwks, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/static/tongxing.css", endpoint_static_css, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/static/form_post.js", endpoint_static_form_post, RUN_INLINE, REFUSE_TEXT, 0 },

    /* OAuth 2.0 and OpenID Connect. The authorization endpoint looks at repeated parameters itself: its answer depends on which. */
    { "GET", "/oauth2/authorize", endpoint_authorize, RUN_ON_WORKER, REFUSE_PAGE, 0 },
    { "POST", "/oauth2/authorize", endpoint_authorize, RUN_ON_WORKER, REFUSE_PAGE, GUARD_FORM_BODY },
    { "GET", "/oauth2/authorize/resume", endpoint_authorize_resume, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/oauth2/token", endpoint_token, RUN_INLINE, REFUSE_OAUTH, API | GUARD_PARTNER },
    { "POST", "/oauth2/introspect", endpoint_introspect, RUN_INLINE, REFUSE_OAUTH, API | GUARD_PARTNER },
    { "POST", "/oauth2/revoke", endpoint_revoke, RUN_ON_WORKER, REFUSE_OAUTH, API | GUARD_PARTNER },
    { "GET", "/oidc/userinfo", endpoint_userinfo, RUN_INLINE, REFUSE_BEARER, GUARD_NO_REPEATS },
    { "POST", "/oidc/userinfo", endpoint_userinfo, RUN_INLINE, REFUSE_BEARER, API },
    { "GET", "/oidc/logout", endpoint_end_session, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/oidc/logout", endpoint_end_session, RUN_ON_WORKER, REFUSE_PAGE, API },

    /* Logging in and out. */
    { "GET", "/", endpoint_home, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "GET", "/login", endpoint_login, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/login", endpoint_login_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "POST", "/login/cancel", endpoint_login_cancel, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "GET", "/login/sms", endpoint_login_sms, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/login/sms", endpoint_login_sms_send, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "GET", "/login/sms/code", endpoint_login_sms_code, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/login/sms/code", endpoint_login_sms_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "GET", "/consent", endpoint_consent, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/consent", endpoint_consent_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "POST", "/logout", endpoint_end_session_confirm, RUN_ON_WORKER, REFUSE_PAGE, FORM },

    /* Registering. */
    { "GET", "/register", endpoint_register, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/register", endpoint_register_send, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "GET", "/register/code", endpoint_register_code, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/register/code", endpoint_register_code_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "GET", "/register/notice", endpoint_register_notice, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/register/notice", endpoint_register_notice_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "GET", "/register/identity", endpoint_register_identity, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/register/identity", endpoint_register_identity_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM },
    { "GET", "/register/password", endpoint_register_password, RUN_ON_WORKER, REFUSE_PAGE, GUARD_NO_REPEATS },
    { "POST", "/register/password", endpoint_register_password_submit, RUN_ON_WORKER, REFUSE_PAGE, FORM },

    /* For whoever watches over us. */
    { "GET", "/healthz", endpoint_healthz, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/readyz", endpoint_readyz, RUN_ON_WORKER, REFUSE_TEXT, 0 },
    { 0 },
};

const struct route admin_routes[] = {
    { "GET", "/healthz", endpoint_healthz, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/metrics", endpoint_metrics, RUN_INLINE, REFUSE_TEXT, 0 },
    { "GET", "/readyz", endpoint_readyz, RUN_ON_WORKER, REFUSE_TEXT, 0 },
    { 0 },
};
/* clang-format on */

static const char *
allow_add(struct arena *arena, const char *allow, const char *method)
{
    const char *also = text_eq(method, "GET") ? "GET, HEAD" : method;

    return allow == NULL ? also : arena_printf(arena, "%s, %s", allow, also);
}

const struct route *
route_find(const struct route *table, struct arena *arena, const char *method, const char *path,
           const char **allow)
{
    const char *wanted = text_eq(method, "HEAD") ? "GET" : method;

    *allow = NULL;
    for (const struct route *route = table; route->method != NULL; route++) {
        if (strcmp(route->path, path) != 0)
            continue;
        if (text_eq(route->method, wanted))
            return route;
        *allow = allow_add(arena, *allow, route->method);
    }
    return NULL;
}
