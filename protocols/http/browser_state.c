/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/browser_state.h"

#include "idp/base/bytes.h"
#include "idp/base/text.h"
#include "keys/handle.h"
#include "policies/web_origin.h"
#include "protocols/http/cookies.h"

#define COOKIE "browser"
#define NOBODY "0"

/* It stays as long as the session does, step-ups included; nobody can tell the session by it. */
static const char *
state_of(struct request *rq, const char *sid)
{
    struct digest state = digest_keyed_texts(&rq->ctx->keys->index, "browser.state", sid, NULL);

    return base64url_encode(rq->arena, digest_view(&state));
}

static void
keep(struct request *rq, const char *state)
{
    if (!text_eq(cookie_find(rq, COOKIE), state))
        cookie_set_readable(rq, COOKIE, state);
}

void
browser_state_keep(struct request *rq, const char *sid)
{
    keep(rq, state_of(rq, sid));
}

/* Not cleared: a browser that keeps our cookies from our frame can then be told from one where
 * somebody has logged out. */
void
browser_state_leave(struct request *rq)
{
    if (cookie_find(rq, COOKIE) != NULL)
        keep(rq, NOBODY);
}

/* As protocols/pages/files/check_session.js does it again. */
enum err
session_state_for(struct request *rq, const char *partner_id, const char *uri, const char *sid,
                  const char **out)
{
    const char *origin = arena_copy(rq->arena, uri, web_origin_size(uri));
    struct digest digest;
    const char *salt;
    enum err err;

    *out = NULL;
    if (text_is_empty(origin))
        return OK;
    err = id_new(rq->ctx->env, rq->arena, "", &salt);
    if (err != OK)
        return err;
    digest = digest_of_text(
        arena_printf(rq->arena, "%s %s %s %s", partner_id, origin, state_of(rq, sid), salt));
    *out =
        arena_printf(rq->arena, "%s.%s", base64url_encode(rq->arena, digest_view(&digest)), salt);
    return OK;
}

const char *
browser_state_cookie(struct request *rq)
{
    return cookie_full_name(rq, COOKIE);
}
