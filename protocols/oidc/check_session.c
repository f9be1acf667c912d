/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /oidc/session: check_session_iframe of OpenID Connect Session Management 1.0. The one page that
 * any site may have in a frame: it shows nothing, takes nothing, and its script answers with a word.
 */
#include "protocols/http/browser_state.h"
#include "protocols/http/respond.h"
#include "protocols/pages/static.h"

#define POLICY                                                                                     \
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"

const struct problem *
endpoint_check_session(struct request *rq)
{
    const char *html = arena_printf(
        rq->arena,
        "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>\u901a\u884c</title>"
        "<script src=\"%s%s\" data-cookie=\"%s\"></script></html>\n",
        rq->ctx->settings->server.issuer_path, static_find("check_session.js")->url,
        browser_state_cookie(rq));

    respond_header(rq, "Content-Security-Policy", POLICY);
    respond_header(rq, "Cache-Control", "public, max-age=300");
    return respond_text(rq, 200, "text/html; charset=utf-8", bytes_of_text(html));
}
