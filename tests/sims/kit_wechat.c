/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_wechat.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_visit.h"

#define COOKIE "wechat_person"
#define MINI_GRANT "urn:hrss:params:oauth:grant-type:wechat-code"

static const char head[] =
    "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>微信（模拟）</title><style>"
    "body{font:17px/1.6 sans-serif;max-width:26rem;margin:0 auto;padding:0 1rem "
    "2rem;color:#1a1a1a;background:#ededed}"
    "header{margin:0 -1rem 1rem;padding:.9rem 1rem;background:#fff;border-bottom:1px solid #ddd;"
    "font-weight:600;text-align:center}small{display:block;color:#595959;font-weight:400}"
    ".card{background:#fff;border-radius:.6rem;padding:1rem;margin:0 0 .8rem}"
    "a.go,button{display:block;width:100%;min-height:3rem;padding:.7rem 1rem;margin:.5rem 0;"
    "border:0;border-radius:.4rem;background:#06753c;color:#fff;font:inherit;text-align:center;"
    "text-decoration:none;box-sizing:border-box}button.no{background:#f2f2f2;color:#1a1a1a;"
    "border:1px solid #bbb}"
    "b.number{display:block;font-size:2.4rem;letter-spacing:.4rem;text-align:center}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem;background:#f6f6f6;"
    "padding:.6rem;border-radius:.4rem}ul{margin:.3rem 0;padding-left:1.2rem}"
    "</style></head><body><header>微信 WeChat<small>模拟，不是真的微信 · a simulation"
    "</small></header><main>";

static const char tail[] = "</main></body></html>";

static const char *const nicknames[] = { "小明", "阿珍", "老李", "海边的风" };

#define PEOPLE (sizeof(nicknames) / sizeof(nicknames[0]))

struct wechat_screen {
    const struct wechat_phone *phone;
    const struct kit_request *request;
    struct arena *arena;
    struct kit_answer *out;
    struct buf page;
};

const char *
phone_nickname(struct arena *arena, const char *number)
{
    long n = strtol(number, NULL, 10);

    return n >= 1 && n <= (long)PEOPLE ? nicknames[n - 1]
                                       : arena_printf(arena, "微信用户%s", number);
}

/* Who holds the phone. */
static const char *
person_of(const struct wechat_screen *screen)
{
    const char *kept = kit_cookie(screen->request, COOKIE);

    return kept != NULL && strlen(kept) == 1 && *kept >= '1' && *kept <= '9' ? kept : "1";
}

static void
put(struct wechat_screen *screen, const char *html)
{
    buf_text(&screen->page, html);
}

static void
show(struct wechat_screen *screen)
{
    put(screen, tail);
    kit_answer_text(screen->out, 200, "text/html; charset=utf-8", screen->page.at);
}

static void
redirect(struct wechat_screen *screen, const char *to)
{
    kit_answer_text(screen->out, 303, "text/plain", "");
    screen->out->location = to;
}

static void
put_hidden(struct wechat_screen *screen, const char *name, const char *value)
{
    put(screen, "<input type=\"hidden\" name=\"");
    put(screen, name);
    put(screen, "\" value=\"");
    kit_html(&screen->page, value);
    put(screen, "\">");
}

/* --- Who holds the phone, and what is on it --- */

static void
home(struct wechat_screen *screen)
{
    put(screen, "<div class=\"card\"><form method=\"post\" action=\"/person\"><p>这部手机是谁的？ "
                "Whose phone is this? <b>");
    put(screen, phone_nickname(screen->arena, person_of(screen)));
    put(screen, "</b></p>");
    for (size_t i = 0; i < PEOPLE; i++)
        put(screen, arena_printf(screen->arena,
                                 "<button class=\"no\" name=\"n\" value=\"%zu\" id=\"person-%zu\">"
                                 "%s</button>",
                                 i + 1, i + 1, nicknames[i]));
    put(screen, "</form></div><div class=\"card\">");
    if (*screen->phone->hall != '\0') {
        put(screen, "<a class=\"go\" id=\"official\" href=\"");
        kit_html(&screen->page, screen->phone->hall);
        put(screen, "\">打开微信服务号 · official account</a>");
    }
    put(screen, "<a class=\"go\" id=\"mini\" href=\"/mini\">打开小程序 · mini program</a></div>");
    show(screen);
}

static void
person_choose(struct wechat_screen *screen)
{
    const char *n = kit_form_value(screen->arena, (const char *)screen->request->body.at, "n");

    screen->out->cookie = arena_printf(screen->arena, COOKIE "=%c; Path=/; HttpOnly; SameSite=Lax",
                                       n != NULL && *n >= '1' && *n <= '9' ? *n : '1');
    redirect(screen, "/");
}

/* --- May it tell? --- */

struct asked {
    const char *appid;
    const char *redirect_uri;
    const char *scope;
    const char *state;
};

static const char *
query_value(struct wechat_screen *screen, const char *name)
{
    const char *value = kit_form_value(screen->arena, screen->request->query, name);

    return value != NULL ? value : "";
}

/* WeChat looks at the order of the parameters, and at the length of the state. */
static bool
asked_read(struct wechat_screen *screen, struct asked *out)
{
    static const char *const names[] = { "appid=", "&redirect_uri=", "&response_type=code",
                                         "&scope=", "&state=" };
    const char *at = screen->request->query;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *found = strstr(at, names[i]);

        if (found == NULL || (i == 0 && found != at))
            return false;
        at = found + 1;
    }
    *out = (struct asked) { query_value(screen, "appid"), query_value(screen, "redirect_uri"),
                            query_value(screen, "scope"), query_value(screen, "state") };
    return strlen(out->state) <= 128 && text_starts(out->redirect_uri, "http");
}

static void
trouble(struct wechat_screen *screen)
{
    put(screen, "<div class=\"card\" id=\"trouble\">参数错误 · the link is wrong</div>");
    show(screen);
    screen->out->status = 400;
}

static const char *
code_for(struct wechat_screen *screen, const struct asked *asked)
{
    bool whole = strstr(asked->scope, "snsapi_base") == NULL;

    return arena_printf(screen->arena, "%s.ok-%s-%s-%s", asked->appid, person_of(screen),
                        whole ? "userinfo" : "base", visit_secret(screen->arena));
}

static void
say_yes(struct wechat_screen *screen, const struct asked *asked)
{
    struct buf to = buf_new(screen->arena, 512);

    buf_text(&to, asked->redirect_uri);
    buf_text(&to, strchr(asked->redirect_uri, '?') != NULL ? "&code=" : "?code=");
    buf_url(&to, code_for(screen, asked));
    buf_text(&to, "&state=");
    buf_url(&to, asked->state);
    redirect(screen, to.at);
}

static void
question(struct wechat_screen *screen, const struct asked *asked, const char *yes)
{
    put(screen, "<div class=\"card\"><p>");
    put(screen, phone_nickname(screen->arena, person_of(screen)));
    put(screen, "，允许该应用获取您的微信昵称和头像吗？<small>May it know your name on "
                "WeChat?</small></p><form method=\"post\" action=\"/allow\">");
    put_hidden(screen, "appid", asked->appid);
    put_hidden(screen, "redirect_uri", asked->redirect_uri);
    put_hidden(screen, "scope", asked->scope);
    put_hidden(screen, "state", asked->state);
    put(screen, "<button id=\"allow\" name=\"answer\" value=\"yes\">");
    put(screen, yes);
    put(screen, "</button><button class=\"no\" id=\"refuse\" name=\"answer\" value=\"no\">拒绝 "
                "refuse</button></form></div>");
    show(screen);
}

/* snsapi_base asks nobody. */
static void
authorize(struct wechat_screen *screen)
{
    struct asked asked;

    if (!asked_read(screen, &asked))
        trouble(screen);
    else if (text_eq(asked.scope, "snsapi_base"))
        say_yes(screen, &asked);
    else
        question(screen, &asked, "允许 allow");
}

static void
qrconnect(struct wechat_screen *screen)
{
    struct asked asked;

    if (!asked_read(screen, &asked))
        trouble(screen);
    else
        question(screen, &asked, "用手机微信扫一扫并确认 · scan with the phone");
}

static void
allow(struct wechat_screen *screen)
{
    const char *form = (const char *)screen->request->body.at;
    struct asked asked = { kit_form_value(screen->arena, form, "appid"),
                           kit_form_value(screen->arena, form, "redirect_uri"),
                           kit_form_value(screen->arena, form, "scope"),
                           kit_form_value(screen->arena, form, "state") };

    if (asked.appid == NULL || asked.redirect_uri == NULL || asked.scope == NULL ||
        asked.state == NULL)
        trouble(screen);
    else if (text_eq(kit_form_value(screen->arena, form, "answer"), "yes"))
        say_yes(screen, &asked);
    else /* refusing leads back without a code */
        redirect(screen,
                 arena_printf(screen->arena, "%s?state=%s", asked.redirect_uri, asked.state));
}

/* --- The mini program --- */

static void
mini(struct wechat_screen *screen)
{
    put(screen, "<div class=\"card\"><h1>社保小程序</h1><p>");
    put(screen, phone_nickname(screen->arena, person_of(screen)));
    put(screen, "，您好。登录后可查询社保信息。<small>A mini program. Its server asks with js_code."
                "</small></p><form method=\"post\" action=\"/mini/login\">"
                "<button id=\"mini-login\">微信登录 · log in</button></form></div>"
                "<p><a href=\"/\">返回微信 · back</a></p>");
    show(screen);
}

static json_t *
tokens_asked(struct wechat_screen *screen)
{
    const struct wechat_phone *phone = screen->phone;
    const struct asked asked = { .appid = SIM_MINI_APPID, .scope = "" };
    struct buf form = buf_new(screen->arena, 256);
    long status;

    buf_text(&form, "grant_type=");
    buf_url(&form, MINI_GRANT);
    buf_text(&form, "&scope=openid%20profile&js_code=");
    buf_url(&form, code_for(screen, &asked));
    return call_json_any(
        screen->arena,
        &(struct sim_call) { .url = arena_printf(screen->arena, "%s/oauth2/token", phone->issuer),
                             .form = form.at,
                             .user_name = phone->client_id,
                             .password = phone->client_secret },
        &status);
}

static void
show_unbound(struct wechat_screen *screen, const json_t *answer)
{
    const char *number = json_string_value(json_object_get(answer, "bind_number"));
    const char *uri = json_string_value(json_object_get(answer, "bind_uri"));

    put(screen,
        "<div class=\"card\"><p>这个微信还没有绑定账号。请记住下面的数字，然后在打开的页面上输入。"
        "<small>Not bound yet. Keep this number for the page that opens.</small></p>"
        "<b class=\"number\" id=\"number\">");
    kit_html(&screen->page, number != NULL ? number : "");
    put(screen, "</b><a class=\"go\" id=\"bind\" href=\"");
    kit_html(&screen->page, uri != NULL ? uri : "");
    put(screen, "\">去绑定 · bind</a></div>");
}

static void
show_tokens(struct wechat_screen *screen, const json_t *answer)
{
    const char *token = json_string_value(json_object_get(answer, "id_token"));
    const char *payload = token != NULL ? strchr(token, '.') : NULL;
    struct bytes claims = { 0 };

    put(screen, "<div class=\"card\"><p id=\"mini-done\">已登录 · logged in</p><pre>");
    if (payload != NULL &&
        base64url_decode(screen->arena, payload + 1, strcspn(payload + 1, "."), &claims) == OK)
        kit_html(&screen->page, arena_copy(screen->arena, claims.at, claims.size));
    put(screen, "</pre></div>");
}

static void
show_refused(struct wechat_screen *screen, const json_t *answer)
{
    const char *error = json_string_value(json_object_get(answer, "error_description"));

    put(screen, "<div class=\"card\" id=\"mini-refused\">");
    kit_html(&screen->page, error != NULL ? error : "没有响应 · no answer");
    put(screen, "</div>");
}

static void
mini_login(struct wechat_screen *screen)
{
    json_t *answer = tokens_asked(screen);

    if (json_object_get(answer, "bind_uri") != NULL)
        show_unbound(screen, answer);
    else if (json_object_get(answer, "access_token") != NULL)
        show_tokens(screen, answer);
    else
        show_refused(screen, answer);
    put(screen, "<form method=\"post\" action=\"/mini/login\"><button id=\"mini-again\">"
                "再试一次 · again</button></form><p><a href=\"/mini\">返回 · back</a></p>");
    show(screen);
    json_decref(answer);
}

/* --- */

static const struct {
    const char *method;
    const char *path;
    void (*run)(struct wechat_screen *screen);
} screens[] = {
    { "GET", "/", home },
    { "POST", "/person", person_choose },
    { "GET", "/connect/oauth2/authorize", authorize },
    { "GET", "/connect/qrconnect", qrconnect },
    { "POST", "/allow", allow },
    { "GET", "/mini", mini },
    { "POST", "/mini/login", mini_login },
};

void
phone_handle(const struct wechat_phone *phone, const struct kit_request *request,
             struct kit_answer *out)
{
    struct wechat_screen screen = { phone, request, request->arena, out,
                                    buf_new(request->arena, 8192) };

    buf_text(&screen.page, head);
    for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++)
        if (text_eq(screens[i].path, request->path) && text_eq(screens[i].method, request->method))
            screens[i].run(&screen);
}
