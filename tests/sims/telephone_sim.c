/* SPDX-License-Identifier: Apache-2.0 */
/*
 * telephone_sim --port N --issuer URL --secret SECRET [--ca FILE]: the desk of an agent of the hotline 12333, as
 * a partner would build it by OpenID Connect CIBA. The agent types whom she has on the line, reads a number to her, and
 * waits: by the partner "hotline" for an approval on her page, by "texting" for an answered message. One desk, whoever
 * looks at it; no cookie, no script.
 *
 * GET / is the desk, and asks the token endpoint when it is time; POST /ask who=… way=hotline|texting; POST /end.
 */
#include <curl/curl.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "idp/base/env.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_call.h"

#define TEXT_MAX 2048
#define INTERVAL_S 6 /* one more than the provider asks for */

enum desk_state {
    DESK_FREE,
    DESK_WAITING,
    DESK_DONE,
    DESK_OVER
};

struct hotline_desk {
    pthread_mutex_t lock;
    const char *issuer;
    const char *secret;
    enum desk_state state;
    char partner[16];
    char number[8]; /* read to the caller */
    char auth_req_id[TEXT_MAX];
    char told[TEXT_MAX]; /* of the person, or why not */
    unix_s asked_at;
    unix_s polled_at;
};

static const char policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

static const char page_head[] =
    "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>12333 坐席</title>";

static const char page_style[] =
    "<style>body{font:17px/1.6 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;"
    "color:#1d2733;background:#f5f7fa}h1{font-size:1.4rem}.card{background:#fff;border:1px solid "
    "#dde3ea;border-radius:10px;padding:1.25rem;margin:1rem 0}label{display:block;margin:.5rem 0}"
    "input[type=text]{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}button{font:inherit;"
    "padding:.6rem 1.4rem;margin-top:.75rem}b.number{font-size:2.6rem;letter-spacing:.4rem}"
    "small{color:#4a5868;display:block}</style></head><body><h1>12333 坐席工作台 "
    "<small>An agent's desk of the hotline</small></h1><div class=\"card\">";

static const char page_tail[] = "</div></body></html>";

static const char form_of_call[] =
    "<form method=\"post\" action=\"/ask\" id=\"ask-form\"><label>来电人的手机号或身份证号 "
    "<small>Mobile or identity number of who calls</small><input type=\"text\" name=\"who\" id=\"who\" "
    "autocomplete=\"off\"></label><label><input type=\"radio\" name=\"way\" value=\"hotline\" checked> "
    "请她在“通行”页面或短信链接中确认 <small>She confirms on her page, or by the link of a message</small></label>"
    "<label><input type=\"radio\" name=\"way\" value=\"texting\"> 请她回复短信 "
    "<small>She answers a text message</small></label>"
    "<button id=\"ask\" type=\"submit\">请求确认 Ask</button></form>";

static const char form_of_end[] =
    "<form method=\"post\" action=\"/end\"><button id=\"end\" type=\"submit\">"
    "结束通话 End the call</button></form>";

/* --- What the provider is asked --- */

static json_t *
call(struct hotline_desk *desk, struct arena *arena, const char *path, const char *form,
     long *status)
{
    return call_json_any(
        arena,
        &(struct sim_call) { .url = arena_printf(arena, "%s%s", desk->issuer, path),
                             .form = form,
                             .user_name = desk->partner,
                             .password = desk->secret },
        status);
}

static void
over(struct hotline_desk *desk, const char *why)
{
    desk->state = DESK_OVER;
    snprintf(desk->told, sizeof(desk->told), "%s", why);
}

static const char *
text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

static const char *
form_encoded(struct arena *arena, const char *text)
{
    struct buf out = buf_new(arena, 64);

    buf_url(&out, text);
    return out.at;
}

/* Four digits that she and the caller both have before them. */
static void
number_choose(struct hotline_desk *desk)
{
    unsigned char random[2] = { 0 };

    RAND_bytes(random, sizeof(random));
    snprintf(desk->number, sizeof(desk->number), "%04d", (random[0] << 8 | random[1]) % 10000);
}

static void
ask(struct hotline_desk *desk, struct arena *arena, const char *who, const char *way)
{
    bool by_message = text_eq(way, "texting");
    const char *form;
    json_t *answer;
    long status = 0;

    snprintf(desk->partner, sizeof(desk->partner), "%s", by_message ? "texting" : "hotline");
    number_choose(desk);
    form = arena_printf(arena, "scope=openid%%20profile&login_hint=%s&binding_message=%s",
                        form_encoded(arena, who), desk->number);
    answer = call(desk, arena, "/oauth2/bc-authorize", form, &status);
    if (status == 200) {
        snprintf(desk->auth_req_id, sizeof(desk->auth_req_id), "%s",
                 text_of(answer, "auth_req_id"));
        desk->state = DESK_WAITING;
        desk->asked_at = env_now(env_machine());
        desk->polled_at = desk->asked_at;
    } else {
        over(desk, text_of(answer, "error_description"));
    }
    json_decref(answer);
}

static void
caller_known(struct hotline_desk *desk, struct arena *arena, const char *token)
{
    json_t *person = call_json(
        arena, &(struct sim_call) { .url = arena_printf(arena, "%s/oidc/userinfo", desk->issuer),
                                    .bearer = token });
    const char *name = text_of(person, "name");

    desk->state = DESK_DONE;
    snprintf(desk->told, sizeof(desk->told), "%s%s%s", name, *name != '\0' ? " · " : "",
             text_of(person, "sub"));
    json_decref(person);
}

static void
poll_once(struct hotline_desk *desk, struct arena *arena)
{
    unix_s now = env_now(env_machine());
    const char *error;
    json_t *answer;
    long status = 0;

    if (desk->state != DESK_WAITING || now - desk->polled_at < INTERVAL_S)
        return;
    desk->polled_at = now;
    answer = call(desk, arena, "/oauth2/token",
                  arena_printf(arena, "grant_type=urn:openid:params:grant-type:ciba&auth_req_id=%s",
                               desk->auth_req_id),
                  &status);
    error = text_of(answer, "error");
    if (status == 200)
        caller_known(desk, arena, text_of(answer, "access_token"));
    else if (!text_eq(error, "authorization_pending") && !text_eq(error, "slow_down"))
        over(desk, text_of(answer, "error_description"));
    json_decref(answer);
}

/* --- The desk --- */

static void
waiting_put(const struct hotline_desk *desk, struct buf *page)
{
    bool by_message = text_eq(desk->partner, "texting");

    buf_text(
        page,
        "<p id=\"waiting\">请把这个数字读给来电人，请她核对：<small>Read this number to the caller:"
        "</small></p><p><b class=\"number\" id=\"number\">");
    kit_html(page, desk->number);
    buf_text(page, by_message
                       ? "</b></p><p>等待她回复短信…… <small>Waiting for her answer</small></p>"
                       : "</b></p><p>等待她确认…… <small>Waiting for her word</small></p>");
    buf_text(page, form_of_end);
}

static void
result_put(const struct hotline_desk *desk, struct buf *page)
{
    bool done = desk->state == DESK_DONE;

    buf_text(page,
             done ? "<p id=\"done\">来电人是：<small>The caller is:</small></p><p><b>"
                  : "<p id=\"over\">没有得到确认：<small>Nobody was confirmed:</small></p><p><b>");
    kit_html(page, desk->told);
    buf_text(page, "</b></p>");
    buf_text(page, form_of_end);
}

static void
desk_answer(struct hotline_desk *desk, const struct kit_request *request, struct kit_answer *out)
{
    struct buf page = buf_new(request->arena, 8192);

    poll_once(desk, request->arena);
    buf_text(&page, page_head);
    if (desk->state == DESK_WAITING)
        buf_text(&page, "<meta http-equiv=\"refresh\" content=\"3\">");
    buf_text(&page, page_style);
    if (desk->state == DESK_FREE)
        buf_text(&page, form_of_call);
    else if (desk->state == DESK_WAITING)
        waiting_put(desk, &page);
    else
        result_put(desk, &page);
    buf_text(&page, page_tail);
    kit_answer_text(out, 200, "text/html; charset=utf-8", page.at);
    out->policy = policy;
}

static void
press(struct hotline_desk *desk, const struct kit_request *request)
{
    const char *form = (const char *)request->body.at;
    const char *who = kit_form_value(request->arena, form, "who");
    const char *way = kit_form_value(request->arena, form, "way");

    if (text_eq(request->path, "/end"))
        desk->state = DESK_FREE;
    else if (text_eq(request->path, "/ask") && desk->state == DESK_FREE && who != NULL)
        ask(desk, request->arena, who, way);
}

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    struct hotline_desk *desk = state;

    pthread_mutex_lock(&desk->lock);
    if (strcmp(request->method, "POST") == 0) {
        press(desk, request);
        kit_answer_text(out, 303, "text/plain", "");
        out->location = "/";
    } else if (text_eq(request->path, "/")) {
        desk_answer(desk, request, out);
    }
    pthread_mutex_unlock(&desk->lock);
}

int
main(int argc, char **argv)
{
    static struct hotline_desk desk = { .lock = PTHREAD_MUTEX_INITIALIZER };

    (void)argc;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return 1;
    call_trust(kit_argument(argv, "--ca", NULL));
    desk.issuer = kit_argument(argv, "--issuer", "http://localhost:9080");
    desk.secret = kit_argument(argv, "--secret", "");
    return kit_serve(
        &(struct sim_kit) { .name = "telephone_sim", .state = &desk, .handle = handle }, argv,
        kit_argument_int(argv, "--port", 9097));
}
