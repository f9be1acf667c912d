/* SPDX-License-Identifier: Apache-2.0 */
/*
 * staff_sim --port N --staff URL --tongxing PROGRAM --config FILE --secrets FILE: what a visitor of the demo needs to sit at a
 * counter. It has the authenticators of the demo's staff, whose codes it shows, and an enrolment code for a counter at the press of
 * a button. At its start each member enrols through the pages that everybody uses: password, code, secret, first code.
 *
 * GET / is the page; POST /counter makes a code; GET /codes.json is for tests.
 */
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "idp/base/emit.h"
#include "idp/base/env.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_said.h"

#define SECRET_TEXT 64
#define STEP_S 30
#define PAGE_BYTES (256 << 10)
#define PASSWORD "Window-No.1-opens" /* of everybody in tests/directory/tree.ldif */

struct desk_staff {
    const char *id;
    const char *name;
    const char *role_zh;
    const char *role_en;
    char secret[SECRET_TEXT]; /* base32; "": she has not enrolled yet */
};

static struct desk_staff members[] = {
    { .id = "zhang.wei", .name = "张伟", .role_zh = "窗口人员", .role_en = "counter staff" },
    { .id = "zhou.ting", .name = "周婷", .role_zh = "电话坐席", .role_en = "telephone agent" },
    { .id = "li.na", .name = "李娜", .role_zh = "主管", .role_en = "supervisor" },
    { .id = "guo.hong",
      .name = "郭红",
      .role_zh = "主管（第二人）",
      .role_en = "supervisor, the second person" },
    { .id = "wang.fang",
      .name = "王芳",
      .role_zh = "安全管理员",
      .role_en = "security administrator" },
    { .id = "zhao.lei",
      .name = "赵磊",
      .role_zh = "系统管理员",
      .role_en = "system administrator" },
    { .id = "sun.min", .name = "孙敏", .role_zh = "审计管理员", .role_en = "audit administrator" },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

struct staff_desk {
    pthread_mutex_t lock;
    const char *staff; /* the staff listener with the issuer's path */
    const char *tongxing;
    const char *config;
    const char *secrets;
    char code[64];     /* of the counter that was asked for last */
    char trouble[256]; /* why somebody could not enrol */
};

/* --- Codes (RFC 6238) --- */

static size_t
base32_read(const char *text, unsigned char *out, size_t room)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned bits = 0;
    unsigned held = 0;
    size_t size = 0;

    for (; *text != '\0' && size < room; text++) {
        const char *at = strchr(letters, *text);

        if (at == NULL)
            continue;
        bits = bits << 5 | (unsigned)(at - letters);
        held += 5;
        if (held >= 8) {
            held -= 8;
            out[size++] = (unsigned char)(bits >> held);
        }
    }
    return size;
}

static const char *
code_at(struct arena *arena, const char *secret, unix_s now)
{
    unsigned char key[SECRET_TEXT];
    unsigned char counter[8];
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_size = 0;
    size_t size = base32_read(secret, key, sizeof(key));
    uint64_t step = (uint64_t)(now / STEP_S);
    uint32_t number;
    size_t at;

    if (size == 0)
        return "";
    for (int i = 7; i >= 0; i--, step >>= 8)
        counter[i] = (unsigned char)step;
    HMAC(EVP_sha1(), key, (int)size, counter, sizeof(counter), mac, &mac_size);
    at = mac[mac_size - 1] & 15;
    number = (uint32_t)(mac[at] & 127) << 24 | (uint32_t)mac[at + 1] << 16 |
             (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    return arena_printf(arena, "%06u", number % 1000000);
}

/* --- What was enrolled stays with the demo's data --- */

static void
secrets_read(struct staff_desk *desk)
{
    FILE *file = fopen(desk->secrets, "r");
    char id[64];
    char secret[SECRET_TEXT];

    while (file != NULL && fscanf(file, "%63s %63s", id, secret) == 2)
        for (size_t i = 0; i < MEMBERS; i++)
            if (text_eq(members[i].id, id))
                snprintf(members[i].secret, SECRET_TEXT, "%s", secret);
    if (file != NULL)
        fclose(file);
}

static void
secrets_write(const struct staff_desk *desk)
{
    FILE *file = fopen(desk->secrets, "w");

    for (size_t i = 0; file != NULL && i < MEMBERS; i++)
        if (members[i].secret[0] != '\0')
            fprintf(file, "%s %s\n", members[i].id, members[i].secret);
    if (file != NULL)
        fclose(file);
}

/* --- Enrolling, as a browser does --- */

struct desk_walk {
    struct arena *arena;
    CURL *curl;
    struct buf page;
};

static size_t
taken(char *at, size_t size, size_t count, void *held)
{
    struct buf *page = held;

    if (size * count > PAGE_BYTES - page->size)
        return 0;
    buf_bytes(page, at, size * count);
    return size * count;
}

static bool
go(struct desk_walk *walk, const char *url, const char *form)
{
    walk->page = buf_new(walk->arena, 16384);
    curl_easy_setopt(walk->curl, CURLOPT_URL, url);
    curl_easy_setopt(walk->curl, CURLOPT_WRITEDATA, &walk->page);
    if (form != NULL)
        curl_easy_setopt(walk->curl, CURLOPT_COPYPOSTFIELDS, form);
    else
        curl_easy_setopt(walk->curl, CURLOPT_HTTPGET, 1L);
    return curl_easy_perform(walk->curl) == CURLE_OK;
}

/* What stands behind `before` up to the next `end`; "" when the page has none. */
static const char *
behind(struct desk_walk *walk, const char *before, char end)
{
    const char *at = strstr(walk->page.at, before);
    const char ends[] = { end, '\0' };

    if (at == NULL)
        return "";
    at += strlen(before);
    return arena_copy(walk->arena, at, strcspn(at, ends));
}

static bool
post(struct desk_walk *walk, const char *url, const char *fields)
{
    const char *tx = behind(walk, "name=\"tx\" value=\"", '"');
    const char *csrf = behind(walk, "name=\"csrf\" value=\"", '"');

    return go(walk, url, arena_printf(walk->arena, "tx=%s&csrf=%s&%s", tx, csrf, fields));
}

/* What the command says behind "(told this once): ". */
static const char *
told_by(struct staff_desk *desk, struct arena *arena, const char *const *words, size_t count)
{
    static const char told[] = "(told this once): ";
    const char *command[16] = { desk->tongxing };
    struct said said;
    const char *at;

    for (size_t i = 0; i < count; i++)
        command[1 + i] = words[i];
    command[count + 1] = "--config";
    command[count + 2] = desk->config;
    said = said_by(arena, command);
    at = said.status == 0 ? strstr(said.text, told) : NULL;
    if (at == NULL)
        snprintf(desk->trouble, sizeof(desk->trouble), "%.200s", said.text);
    return at != NULL ? arena_copy(arena, at + strlen(told), strcspn(at + strlen(told), "\n")) : "";
}

static void
counter_make(struct staff_desk *desk, struct arena *arena)
{
    const char *const words[] = { "counter",        "add",      "--place",
                                  "一楼 12 号窗口", "--agency", "市社保局（演示）",
                                  "--region",       "440000" };

    snprintf(desk->code, sizeof(desk->code), "%s", told_by(desk, arena, words, 8));
}

/* Her password makes her known; then somebody who may gives her a code. */
static void
enrol(struct staff_desk *desk, struct desk_walk *walk, struct desk_staff *member)
{
    const char *who = arena_printf(walk->arena, "staff_name=%s&password=" PASSWORD, member->id);
    const char *const words[] = { "staff", "code", member->id };
    const char *code;
    const char *secret;

    if (!go(walk, arena_printf(walk->arena, "%s/staff/sign-in", desk->staff), NULL) ||
        !post(walk, arena_printf(walk->arena, "%s/staff/sign-in", desk->staff), who))
        return;
    code = told_by(desk, walk->arena, words, 3);
    if (*code == '\0' ||
        !go(walk, arena_printf(walk->arena, "%s/staff/enrol", desk->staff), NULL) ||
        !post(walk, arena_printf(walk->arena, "%s/staff/enrol", desk->staff),
              arena_printf(walk->arena, "%s&code=%s", who, code)))
        return;
    secret = behind(walk, "<code id=\"secret\">", '<');
    if (*secret == '\0' ||
        !post(walk, arena_printf(walk->arena, "%s/staff/enrol/factor", desk->staff),
              arena_printf(walk->arena, "code=%s",
                           code_at(walk->arena, secret, env_now(env_machine())))))
        return;
    if (strstr(walk->page.at, "<code id=\"secret\">") == NULL)
        snprintf(member->secret, SECRET_TEXT, "%s", secret);
}

/* Nobody signs in elsewhere than at a counter: this is one for the time of it. */
static void
desk_set_up(struct staff_desk *desk, struct desk_walk *walk)
{
    const char *url = arena_printf(walk->arena, "%s/staff/counter", desk->staff);

    counter_make(desk, walk->arena);
    if (go(walk, url, NULL))
        (void)post(walk, url, arena_printf(walk->arena, "code=%s", desk->code));
    desk->code[0] = '\0';
}

static void
enrol_all(struct staff_desk *desk)
{
    struct desk_walk walk = { .arena = arena_new(64 << 20), .curl = curl_easy_init() };
    bool at_counter = false;

    curl_easy_setopt(walk.curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(walk.curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(walk.curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(walk.curl, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(walk.curl, CURLOPT_WRITEFUNCTION, taken);
    for (size_t i = 0; i < MEMBERS; i++) {
        if (members[i].secret[0] != '\0')
            continue;
        if (!at_counter)
            desk_set_up(desk, &walk);
        at_counter = true;
        enrol(desk, &walk, &members[i]);
    }
    curl_easy_cleanup(walk.curl);
    arena_free(walk.arena);
    secrets_write(desk);
}

/* --- The page --- */

static const char policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

static const char page_begin[] =
    "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>窗口工作人员</title>"
    "<meta http-equiv=\"refresh\" content=\"15\"><style>body{font:16px/1.6 sans-serif;"
    "max-width:44rem;margin:1.5rem auto;padding:0 1rem;color:#1d2733;background:#f5f7fa}"
    "h1{font-size:1.4rem}.card{background:#fff;border:1px solid #dde3ea;border-radius:10px;"
    "padding:1rem 1.25rem;margin:1rem 0}small{color:#4a5868}li{margin:.4rem 0}"
    "b.code{font:700 1.35rem ui-monospace,monospace;letter-spacing:.15rem;white-space:nowrap}"
    "button{font:inherit;padding:.5rem 1.2rem}a{color:#0b4f6c}ul{padding-left:1.2rem}</style></head>"
    "<body><main><h1>窗口工作人员 <small>Staff at the counter</small></h1>";

static void
counter_put(const struct staff_desk *desk, struct buf *page)
{
    buf_text(page,
             "<div class=\"card\"><p>一、登记窗口：取一个开通码，再打开窗口工作台输入。"
             "<small>First, set up the counter: get a code, then open the counter's page and type "
             "it.</small></p><form method=\"post\" action=\"/counter\"><button id=\"counter\" "
             "type=\"submit\">取开通码 Get a code</button></form>");
    if (desk->code[0] != '\0') {
        buf_text(page, "<p><b class=\"code\" id=\"counter-code\">");
        kit_html(page, desk->code);
        buf_text(page, "</b></p>");
    }
    buf_text(page, "<p><a id=\"to-counter\" href=\"");
    kit_html(page, desk->staff);
    buf_text(page, "/staff/counter\">打开窗口工作台 Open the counter's page</a></p></div>");
}

static void
member_put(struct arena *arena, const struct desk_staff *member, struct buf *page)
{
    const char *code = code_at(arena, member->secret, env_now(env_machine()));

    buf_text(page, arena_printf(arena,
                                "<li><b>%s</b> %s · %s <small>%s</small><br>动态口令 <b "
                                "class=\"code\" id=\"code-%s\">%s</b></li>",
                                member->id, member->name, member->role_zh, member->role_en,
                                member->id, *code != '\0' ? code : "–"));
}

static void
desk_page_answer(struct staff_desk *desk, const struct kit_request *request, struct kit_answer *out)
{
    struct buf page = buf_new(request->arena, 8192);

    buf_text(&page, page_begin);
    counter_put(desk, &page);
    buf_text(&page,
             "<div class=\"card\"><p>二、登录：目录密码都是 <b id=\"password\">" PASSWORD
             "</b>，动态口令每 30 秒换一次，每个只能用一次。<small>Then sign in: everybody's "
             "password is that; codes change every 30 seconds, and each is good once."
             "</small></p><ul>");
    for (size_t i = 0; i < MEMBERS; i++)
        member_put(request->arena, &members[i], &page);
    buf_text(&page, "</ul><p><small>仅演示：真实环境中动态口令只在本人手机上。 For the demo only: "
                    "elsewhere the codes are on her own phone.</small></p>");
    if (desk->trouble[0] != '\0') {
        buf_text(&page, "<p id=\"trouble\">");
        kit_html(&page, desk->trouble);
        buf_text(&page, "</p>");
    }
    buf_text(&page, "</div></main></body></html>");
    kit_answer_text(out, 200, "text/html; charset=utf-8", page.at);
    out->policy = policy;
}

static void
codes_answer(const struct kit_request *request, struct kit_answer *out)
{
    struct buf json = buf_new(request->arena, 512);

    emit_object(&json, NULL);
    for (size_t i = 0; i < MEMBERS; i++)
        emit_text(&json, members[i].id,
                  code_at(request->arena, members[i].secret, env_now(env_machine())));
    emit_object_end(&json);
    kit_answer_json(out, 200, &json);
}

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    struct staff_desk *desk = state;

    pthread_mutex_lock(&desk->lock);
    if (text_eq(request->method, "POST") && text_eq(request->path, "/counter")) {
        counter_make(desk, request->arena);
        kit_answer_text(out, 303, "text/plain", "");
        out->location = "/";
    } else if (text_eq(request->path, "/codes.json")) {
        codes_answer(request, out);
    } else if (text_eq(request->path, "/")) {
        desk_page_answer(desk, request, out);
    }
    pthread_mutex_unlock(&desk->lock);
}

int
main(int argc, char **argv)
{
    static struct staff_desk desk = { .lock = PTHREAD_MUTEX_INITIALIZER };

    (void)argc;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return 1;
    desk.staff = kit_argument(argv, "--staff", "http://localhost:9079");
    desk.tongxing = kit_argument(argv, "--tongxing", "build/release/tongxing");
    desk.config = kit_argument(argv, "--config", "demo-data/tongxing.conf");
    desk.secrets = kit_argument(argv, "--secrets", "demo-data/staff.secrets");
    secrets_read(&desk);
    enrol_all(&desk);
    return kit_serve(&(struct sim_kit) { .name = "staff_sim", .state = &desk, .handle = handle },
                     argv, kit_argument_int(argv, "--port", 9098));
}
