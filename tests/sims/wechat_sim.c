/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wechat_sim --port N [--hall URL] [--issuer URL] [--client-id ID] [--client-secret S]: WeChat, as
 * far as we ask it. Its answers are text/plain, as WeChat's may be.
 *
 * GET /connect/oauth2/authorize and /connect/qrconnect: the pages where a person says yes.
 * GET /sns/oauth2/access_token, /sns/jscode2session, /sns/userinfo, /cgi-bin/ticket/getticket; POST
 * /cgi-bin/stable_token. A code is [APPID.]WORD[-N[-WHAT]]: ok-7 is the person o7 with the unionid
 * u7; ok-7-userinfo-… has the scope snsapi_userinfo; nounion-7 and moved-7 are the same person with
 * no, or another, unionid; expired, snap, busy-7, risk, limit, secret and lie misbehave each in its
 * way. A code is good once.
 * GET / and /mini: a phone with WeChat on it, for people (kit_wechat.h).
 * GET /_control: how often each was called. POST /_control: slow, lie or down=on|off; revoke=on: the
 * stable token is good no more.
 */
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_wechat.h"

#define CODES_MAX 8192
#define CODE_BYTES 96
#define SLOW_MS 3000
#define TOKEN_LIFE_S 7200
#define BUSY_TIMES 2

enum call {
    CALL_ACCESS_TOKEN,
    CALL_SESSION,
    CALL_USERINFO,
    CALL_STABLE_TOKEN,
    CALL_FORCED,
    CALL_TICKET,
    CALLS
};

static const char *const call_names[CALLS] = { "access_token", "jscode2session", "userinfo",
                                               "stable_token", "forced",         "getticket" };

static const struct wechat_application {
    const char *appid;
    const char *secret;
    char letter; /* an openid begins with it: a person has another one in each application */
} apps[] = {
    { SIM_OFFICIAL_APPID, "sim-official-secret", 'o' },
    { SIM_OPEN_APPID, "sim-open-secret", 'w' },
    { SIM_MINI_APPID, "sim-mini-secret", 'm' },
};

#define APPS (sizeof(apps) / sizeof(apps[0]))

struct wechat_sim {
    pthread_mutex_t lock;
    struct wechat_phone phone;
    char used[CODES_MAX][CODE_BYTES];
    size_t used_count; /* the newest overwrites the oldest */
    int calls[CALLS];
    int busy;     /* how often it has said so since it last did not */
    int token;    /* its number */
    bool revoked; /* the token that was handed out last */
    bool slow;
    bool lie;
    bool down;
};

struct wechat_turn {
    struct wechat_sim *sim;
    const struct kit_request *request;
    struct arena *arena;
    struct kit_answer *out;
};

/* --- Answering --- */

static void
answer(const struct wechat_turn *turn, const struct buf *json)
{
    kit_answer_text(turn->out, 200, "text/plain", json->at);
}

static void
answer_error(const struct wechat_turn *turn, int code, const char *message)
{
    struct buf json = buf_new(turn->arena, 128);

    emit_object(&json, NULL);
    emit_int(&json, "errcode", code);
    emit_text(&json, "errmsg", message);
    emit_object_end(&json);
    answer(turn, &json);
}

static const char *
value(const struct wechat_turn *turn, const char *name)
{
    const char *found = kit_form_value(turn->arena, turn->request->query, name);

    return found != NULL ? found : "";
}

/* --- Codes --- */

static bool
code_is_used(const struct wechat_sim *sim, const char *code)
{
    size_t kept = sim->used_count < CODES_MAX ? sim->used_count : CODES_MAX;

    for (size_t i = 0; i < kept; i++)
        if (strcmp(sim->used[i], code) == 0)
            return true;
    return false;
}

static void
code_use(struct wechat_sim *sim, const char *code)
{
    strncpy(sim->used[sim->used_count++ % CODES_MAX], code, CODE_BYTES - 1);
}

/* What a code says: word, number, what else. */
struct wechat_code {
    const char *word;
    const char *number;
    const char *what;
};

static struct wechat_code
code_read(const struct wechat_turn *turn, const char *code)
{
    const char *dot = strchr(code, '.');
    const char *text = dot != NULL ? dot + 1 : code;
    size_t word = strcspn(text, "-");
    const char *rest = text[word] == '-' ? text + word + 1 : "1";
    size_t number = strcspn(rest, "-");

    return (struct wechat_code) { arena_copy(turn->arena, text, word),
                                  arena_copy(turn->arena, rest, number),
                                  rest[number] == '-' ? rest + number + 1 : "" };
}

/* Of another application. */
static bool
code_is_foreign(const char *code, const struct wechat_application *app)
{
    const char *dot = strchr(code, '.');

    return dot != NULL && (strlen(app->appid) != (size_t)(dot - code) ||
                           strncmp(code, app->appid, (size_t)(dot - code)) != 0);
}

/* Says what is wrong with the code, if something is. */
static bool
code_refused(const struct wechat_turn *turn, const char *code, const struct wechat_application *app)
{
    static const struct {
        const char *word;
        int code;
    } words[] = { { "expired", 42003 }, { "risk", 40226 },  { "limit", 45011 },
                  { "secret", 40125 },  { "fault", 41002 }, { "bad", 40029 } };
    struct wechat_code said = code_read(turn, code);

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (text_eq(said.word, words[i].word)) {
            answer_error(turn, words[i].code, words[i].word);
            return true;
        }
    }
    if (code_is_foreign(code, app))
        answer_error(turn, 40029, "invalid code");
    else if (code_is_used(turn->sim, code))
        answer_error(turn, 40163, "code been used");
    else if (text_eq(said.word, "busy") && turn->sim->busy++ < BUSY_TIMES)
        answer_error(turn, -1, "system error");
    else if (text_eq(said.word, "lie"))
        kit_answer_text(turn->out, 200, "text/plain", "{\"openid\":[\"o1\"]");
    else
        return false;
    return true;
}

static const struct wechat_application *
app_of(const struct wechat_turn *turn)
{
    const char *appid = value(turn, "appid");

    for (size_t i = 0; i < APPS; i++)
        if (text_eq(apps[i].appid, appid))
            return &apps[i];
    answer_error(turn, 40013, "invalid appid");
    return NULL;
}

/* Parameters in the order that the documents have. */
static bool
in_order(const struct wechat_turn *turn, const char *const *names)
{
    const char *at = turn->request->query;

    for (; *names != NULL; names++) {
        if (strncmp(at, *names, strlen(*names)) != 0 || at[strlen(*names)] != '=')
            return false;
        at += strcspn(at, "&");
        at += *at == '&';
    }
    return *at == '\0';
}

static const char *
unionid_of(const struct wechat_turn *turn, const struct wechat_code *said)
{
    if (text_eq(said->word, "nounion"))
        return "";
    return arena_printf(turn->arena, "u%s%s", said->number,
                        text_eq(said->word, "moved") ? "b" : "");
}

/* Of the official account alone it depends on what the person was asked. */
static const char *
scope_of(const struct wechat_application *app, const struct wechat_code *said)
{
    if (app == &apps[1])
        return "snsapi_login";
    return text_starts(said->what, "userinfo") ? "snsapi_userinfo" : "snsapi_base";
}

static void
put_user(const struct wechat_turn *turn, struct buf *json, const struct wechat_application *app,
         const struct wechat_code *said, bool with_union)
{
    emit_text(json, "openid", arena_printf(turn->arena, "%c%s", app->letter, said->number));
    if (with_union)
        emit_text_if(json, "unionid", unionid_of(turn, said));
}

static void
access_token_answer(const struct wechat_turn *turn, const struct wechat_application *app,
                    const char *code)
{
    struct wechat_code said = code_read(turn, code);
    const char *scope = scope_of(app, &said);
    struct buf json = buf_new(turn->arena, 512);

    emit_object(&json, NULL);
    emit_text(&json, "access_token",
              arena_printf(turn->arena, "user-token.%s.%s", said.word, said.number));
    emit_int(&json, "expires_in", TOKEN_LIFE_S);
    emit_text(&json, "refresh_token", "never-used");
    put_user(turn, &json, app, &said, !text_eq(scope, "snsapi_base"));
    emit_text(&json, "scope", scope);
    if (text_eq(said.word, "snap"))
        emit_int(&json, "is_snapshotuser", 1);
    emit_object_end(&json);
    answer(turn, &json);
}

static void
session_answer(const struct wechat_turn *turn, const struct wechat_application *app,
               const char *code)
{
    struct wechat_code said = code_read(turn, code);
    struct buf json = buf_new(turn->arena, 512);

    emit_object(&json, NULL);
    emit_text(&json, "session_key", SIM_SESSION_KEY);
    put_user(turn, &json, app, &said, true);
    emit_object_end(&json);
    answer(turn, &json);
}

static void
exchange(const struct wechat_turn *turn, bool mini)
{
    static const char *const names[][5] = { { "appid", "secret", "code", "grant_type", NULL },
                                            { "appid", "secret", "js_code", "grant_type", NULL } };
    const char *code = value(turn, mini ? "js_code" : "code");
    const struct wechat_application *app = app_of(turn);

    turn->sim->calls[mini ? CALL_SESSION : CALL_ACCESS_TOKEN]++;
    if (app == NULL)
        return;
    if (!text_eq(value(turn, "secret"), app->secret)) {
        answer_error(turn, 40125, "invalid appsecret");
        return;
    }
    if (*code == '\0' || mini != (app == &apps[2]) || !in_order(turn, names[mini])) {
        answer_error(turn, 41008, "missing code");
        return;
    }
    if (code_refused(turn, code, app))
        return;
    turn->sim->busy = 0;
    code_use(turn->sim, code);
    if (mini)
        session_answer(turn, app, code);
    else
        access_token_answer(turn, app, code);
}

/* The token says whose it is. */
static void
userinfo(const struct wechat_turn *turn)
{
    const char *token = value(turn, "access_token");
    const char *openid = value(turn, "openid");
    struct buf json = buf_new(turn->arena, 512);
    struct wechat_code said;

    turn->sim->calls[CALL_USERINFO]++;
    if (!text_starts(token, "user-token.") || *openid == '\0') {
        answer_error(turn, 40001, "invalid credential");
        return;
    }
    said = (struct wechat_code) { .word =
                                      arena_copy(turn->arena, token + 11, strcspn(token + 11, ".")),
                                  .number = openid + 1 };
    emit_object(&json, NULL);
    emit_text(&json, "openid", openid);
    emit_text(&json, "nickname", phone_nickname(turn->arena, said.number));
    emit_text(&json, "headimgurl", "");
    emit_text_if(&json, "unionid", unionid_of(turn, &said));
    emit_object_end(&json);
    answer(turn, &json);
}

/* --- The application's own --- */

static const char *
token_now(const struct wechat_turn *turn)
{
    return arena_printf(turn->arena, "stable-%d", turn->sim->token);
}

static void
stable_token(const struct wechat_turn *turn)
{
    json_t *asked = json_loadb((const char *)turn->request->body.at, turn->request->body.size,
                               JSON_REJECT_DUPLICATES, NULL);
    const char *secret = json_string_value(json_object_get(asked, "secret"));
    bool force = json_is_true(json_object_get(asked, "force_refresh"));
    struct buf json = buf_new(turn->arena, 256);
    bool right = text_eq(secret, apps[0].secret);

    turn->sim->calls[force ? CALL_FORCED : CALL_STABLE_TOKEN]++;
    json_decref(asked);
    if (!right) {
        answer_error(turn, 40125, "invalid appsecret");
        return;
    }
    if (force) {
        turn->sim->token++;
        turn->sim->revoked = false;
    }
    emit_object(&json, NULL);
    emit_text(&json, "access_token", token_now(turn));
    emit_int(&json, "expires_in", TOKEN_LIFE_S);
    emit_object_end(&json);
    answer(turn, &json);
}

static void
ticket(const struct wechat_turn *turn)
{
    struct buf json = buf_new(turn->arena, 256);

    turn->sim->calls[CALL_TICKET]++;
    if (!text_eq(value(turn, "access_token"), token_now(turn)) || turn->sim->revoked) {
        answer_error(turn, 40001, "invalid credential");
        return;
    }
    emit_object(&json, NULL);
    emit_int(&json, "errcode", 0);
    emit_text(&json, "errmsg", "ok");
    emit_text(&json, "ticket", SIM_TICKET);
    emit_int(&json, "expires_in", TOKEN_LIFE_S);
    emit_object_end(&json);
    answer(turn, &json);
}

/* --- For tests --- */

static void
control_show(const struct wechat_turn *turn)
{
    struct buf json = buf_new(turn->arena, 256);

    emit_object(&json, NULL);
    for (size_t i = 0; i < CALLS; i++)
        emit_int(&json, call_names[i], turn->sim->calls[i]);
    emit_object_end(&json);
    kit_answer_json(turn->out, 200, &json);
}

static void
control(const struct wechat_turn *turn)
{
    const char *form = (const char *)turn->request->body.at;
    struct wechat_sim *sim = turn->sim;

    kit_switch(kit_form_value(turn->arena, form, "slow"), &sim->slow);
    kit_switch(kit_form_value(turn->arena, form, "lie"), &sim->lie);
    kit_switch(kit_form_value(turn->arena, form, "down"), &sim->down);
    kit_switch(kit_form_value(turn->arena, form, "revoke"), &sim->revoked);
    kit_answer_text(turn->out, 200, "text/plain", "ok\n");
}

/* --- Who is asked --- */

static void
access_token(const struct wechat_turn *turn)
{
    exchange(turn, false);
}

static void
session(const struct wechat_turn *turn)
{
    exchange(turn, true);
}

static const struct {
    const char *method;
    const char *path;
    void (*run)(const struct wechat_turn *turn);
    bool is_ours; /* never misbehaves */
} routes[] = {
    { "GET", "/_control", control_show, true },
    { "POST", "/_control", control, true },
    { "GET", "/sns/oauth2/access_token", access_token, false },
    { "GET", "/sns/jscode2session", session, false },
    { "GET", "/sns/userinfo", userinfo, false },
    { "POST", "/cgi-bin/stable_token", stable_token, false },
    { "GET", "/cgi-bin/ticket/getticket", ticket, false },
};

static void
misbehave(const struct wechat_turn *turn)
{
    if (turn->sim->down)
        kit_answer_text(turn->out, 502, "text/html", "<html>bad gateway</html>");
    else if (turn->sim->lie)
        kit_answer_text(turn->out, 200, "application/json", "[\"o1\", {\"unionid\": \"u1\"}]");
    if (turn->sim->slow)
        turn->out->delay_ms = SLOW_MS;
}

static bool
handled(const struct wechat_turn *turn)
{
    const struct kit_request *request = turn->request;

    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
        if (text_eq(routes[i].path, request->path) && text_eq(routes[i].method, request->method)) {
            routes[i].run(turn);
            if (!routes[i].is_ours)
                misbehave(turn);
            return true;
        }
    return false;
}

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    struct wechat_turn turn = { state, request, request->arena, out };
    bool done;

    pthread_mutex_lock(&turn.sim->lock);
    done = handled(&turn);
    pthread_mutex_unlock(&turn.sim->lock);
    if (!done) /* these pages call the server, which calls us */
        phone_handle(&turn.sim->phone, request, out);
}

int
main(int argc, char **argv)
{
    static struct wechat_sim sim = { .lock = PTHREAD_MUTEX_INITIALIZER, .token = 1 };

    (void)argc;
    call_trust(kit_argument(argv, "--ca", NULL));
    sim.phone =
        (struct wechat_phone) { .hall = kit_argument(argv, "--hall", ""),
                                .issuer = kit_argument(argv, "--issuer", ""),
                                .client_id = kit_argument(argv, "--client-id", ""),
                                .client_secret = kit_argument(argv, "--client-secret", "") };
    return kit_serve(&(struct sim_kit) { .name = "wechat_sim", .state = &sim, .handle = handle },
                     argv, kit_argument_int(argv, "--port", 0));
}
