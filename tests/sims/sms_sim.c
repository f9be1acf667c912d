/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sms_sim --port N [--key-id ID] [--key-secret SECRET]: a gateway that takes Aliyun SendSms calls
 * (2017-05-25), checks their ACS3-HMAC-SHA256 signature by itself, and shows what phones would have
 * received. With --issuer URL the links of questions lead there; with --callback URL [--callback-secret SECRET] it hands on what people answer, signed
 * (idp/connect/sms_uplink.h).
 *
 * POST / with x-acs-action: SendSms; GET / is the inbox for people, times in Beijing; GET
 * /messages.json?phone=… for tests; the templates SMS_REGISTER, SMS_LOGIN and SMS_BANK say what they
 * are for and have the variables code and partner, all others code alone; POST /_control fail=on|off|slow makes it refuse, recover or answer late;
 * POST /_reply phone=…&content=… sends an answer from a phone, and back=1 goes back to the inbox.
 */
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/env.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_acs.h"
#include "tests/sims/kit_uplink.h"

#define MESSAGES_MAX 1000
#define PAGE_MESSAGES 50
#define SLOW_MS 3000
#define TEXT_MAX 64
#define BEIJING_OFFSET_S (8 * 3600)

struct message {
    char phone[TEXT_MAX];
    char code[TEXT_MAX];      /* "": a notice */
    char what[2 * TEXT_MAX];  /* of a notice: was changed; of a question: what for */
    char place[2 * TEXT_MAX]; /* of a notice of what staff do: where */
    char link[TEXT_MAX];      /* of a question: the last part of its address */
    char number[TEXT_MAX];    /* of a question: to be sent back */
    char sign_name[TEXT_MAX];
    char template_code[TEXT_MAX];
    char partner[2 * TEXT_MAX];
    char at[TEXT_MAX];
    char clock[TEXT_MAX];
    char nonce[TEXT_MAX];
    char traceparent[TEXT_MAX];
};

/* What the operator had registered at the gateway. */
static const struct wording {
    const char *template_code;
    const char *zh;
    const char *en;
} wordings[] = {
    { "SMS_REGISTER", "实名注册", "register" },
    { "SMS_LOGIN", "登录", "log in" },
    { "SMS_BANK", "核验银行预留手机号", "confirm the number kept at your bank" },
    { "SMS_RECOVER", "找回账号", "get back into your account" },
};

/* Where the links of messages lead, as the operator has registered it. */
static const char *issuer = "";

struct sms_sim {
    pthread_mutex_t lock;
    const char *key_id;
    const char *key_secret;
    struct kit_uplink uplink;
    struct message messages[MESSAGES_MAX]; /* the newest overwrites the oldest */
    size_t count;                          /* ever taken */
    bool fail;
    bool slow;
};

static const char page_head[] =
    "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"refresh\" "
    "content=\"3\">"
    "<title>短信收件箱</title><style>"
    "body{font:16px/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 "
    "1rem;color:#1d2733;background:#f5f7fa}"
    "h1{font-size:1.3rem;font-weight:600}li{list-style:none;background:#fff;border:1px solid "
    "#dde3ea;"
    "border-radius:8px;padding:1rem 1.25rem;margin:0 0 "
    ".75rem}ul{padding:0}b{display:block;font-size:2.6rem;"
    "letter-spacing:.3rem;font-variant-numeric:tabular-nums}small,i{color:#4a5868;font-style:normal}"
    "i{display:block}.answer{font:inherit;padding:.4rem 1rem}</style></head><body>"
    "<h1>短信收件箱 Inbox <small>模拟网关，不发真实短信 · nothing is sent to real phones</small></h1>"
    "<ul id=\"messages\">";

static const char page_tail[] = "</ul></body></html>";

static const struct message *
message_back(const struct sms_sim *sim, size_t back)
{
    return &sim->messages[(sim->count - 1 - back) % MESSAGES_MAX];
}

static size_t
messages_kept(const struct sms_sim *sim)
{
    return sim->count < MESSAGES_MAX ? sim->count : MESSAGES_MAX;
}

static bool
nonce_used(const struct sms_sim *sim, const char *nonce)
{
    for (size_t i = 0; i < messages_kept(sim); i++) {
        if (strcmp(message_back(sim, i)->nonce, nonce) == 0)
            return true;
    }
    return false;
}

/* The gateway's word against a call, or NULL. */
static const char *
call_fault(const struct sms_sim *sim, const struct kit_request *request)
{
    if (!kit_acs_covers_all(request))
        return "MissingParameter";
    if (!text_eq(kit_header(request, "x-acs-action"), "SendSms") ||
        !text_eq(kit_header(request, "x-acs-version"), "2017-05-25"))
        return "InvalidAction.NotFound";
    if (strcmp(kit_acs_part(request, "Credential="), sim->key_id) != 0)
        return "InvalidAccessKeyId.NotFound";
    if (!kit_acs_signature_holds(request, sim->key_secret))
        return "SignatureDoesNotMatch";
    return nonce_used(sim, kit_header(request, "x-acs-signature-nonce")) ? "SignatureNonceUsed"
                                                                         : NULL;
}

/* A variable of the template; "" when there is none of that name. */
static const char *
template_value(const struct kit_request *request, const char *variable)
{
    const char *param = kit_form_value(request->arena, request->query, "TemplateParam");
    json_t *root = json_loads(param != NULL ? param : "", JSON_REJECT_DUPLICATES, NULL);
    const char *value = json_string_value(json_object_get(root, variable));

    value = arena_text(request->arena, value != NULL ? value : "");
    json_decref(root);
    return value;
}

/* NULL: a template that says nothing but the code. */
static const struct wording *
wording_find(const char *template_code)
{
    for (size_t i = 0; i < sizeof(wordings) / sizeof(wordings[0]); i++) {
        if (text_eq(wordings[i].template_code, template_code))
            return &wordings[i];
    }
    return NULL;
}

/* A mainland number of 11 digits without its prefix; NULL when it is none. */
static const char *
national(const char *phone)
{
    size_t size = phone != NULL ? strlen(phone) : 0;

    if (size < 11 || strspn(phone + size - 11, "0123456789") != 11)
        return NULL;
    return phone + size - 11;
}

static void
copy_text(char out[static TEXT_MAX], const char *text)
{
    snprintf(out, TEXT_MAX, "%s", text != NULL ? text : "");
}

static void
time_put(struct message *message, struct arena *arena, unix_s now)
{
    const char *beijing = time_rfc3339(arena, now + BEIJING_OFFSET_S);

    copy_text(message->at, time_rfc3339(arena, now));
    snprintf(message->clock, sizeof(message->clock), "%.10s %.8s", beijing, beijing + 11);
}

static const char *
message_taken(struct sms_sim *sim, const struct kit_request *request)
{
    const char *phone = national(kit_form_value(request->arena, request->query, "PhoneNumbers"));
    const char *code = template_value(request, "code");
    const char *what = template_value(request, "what");
    const char *link = template_value(request, "link");
    const char *number = template_value(request, "number");
    const char *partner = template_value(request, "partner");
    const char *template = kit_form_value(request->arena, request->query, "TemplateCode");
    struct message *message = &sim->messages[sim->count % MESSAGES_MAX];

    if (phone == NULL)
        return "isv.MOBILE_NUMBER_ILLEGAL";
    if (*code == '\0' && *what == '\0')
        return "isv.TEMPLATE_MISSING_PARAMETERS";
    if (*what == '\0' && *partner == '\0' && wording_find(template) != NULL)
        return "isv.TEMPLATE_MISSING_PARAMETERS";
    copy_text(message->phone, phone);
    copy_text(message->code, code);
    snprintf(message->what, sizeof(message->what), "%s", what);
    snprintf(message->place, sizeof(message->place), "%s", template_value(request, "place"));
    copy_text(message->link, link);
    copy_text(message->number, number);
    copy_text(message->sign_name, kit_form_value(request->arena, request->query, "SignName"));
    copy_text(message->nonce, kit_header(request, "x-acs-signature-nonce"));
    copy_text(message->traceparent, kit_header(request, "traceparent"));
    copy_text(message->template_code, template);
    snprintf(message->partner, sizeof(message->partner), "%s", partner);
    time_put(message, request->arena, env_now(env_machine()));
    sim->count++;
    return "OK";
}

static void
send_answer(struct sms_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    struct buf json = buf_new(request->arena, 256);
    const char *fault = call_fault(sim, request);
    const char *code = fault;

    if (code == NULL)
        code = sim->fail ? "isv.BUSINESS_LIMIT_CONTROL" : message_taken(sim, request);
    emit_object(&json, NULL);
    emit_text(&json, "Code", code);
    emit_text(&json, "Message", code);
    emit_text(&json, "RequestId", "00000000-0000-0000-0000-000000000000");
    emit_text(&json, "BizId", "0");
    emit_object_end(&json);
    kit_answer_json(out, fault != NULL ? 400 : 200, &json);
    out->delay_ms = sim->slow ? SLOW_MS : 0;
}

/* What the partner asks, and how she answers: by the link, or by a press that sends the number back. */
static void
question_put(struct buf *page, const struct message *message)
{
    buf_text(page, "】“");
    kit_html(page, message->partner);
    buf_text(page, "”请您确认：");
    kit_html(page, message->what);
    if (*message->link != '\0') {
        buf_text(page,
                 "。请打开链接办理。<i>Open the link to answer.</i><a class=\"answer\" href=\"");
        kit_html(page, issuer);
        buf_text(page, strcmp(message->template_code, "SMS_LOST") == 0    ? "/card/lost/confirm?l="
                       : strcmp(message->template_code, "SMS_RESET") == 0 ? "/account/reset?l="
                                                                          : "/approve?l=");
        kit_html(page, message->link);
        buf_text(page, "\">打开链接 Open</a>");
        return;
    }
    buf_text(page, "。回复数字 ");
    kit_html(page, message->number);
    buf_text(page, " 确认；不是您本人办理请勿回复。<i>Send the number back to confirm.</i>"
                   "<form method=\"post\" action=\"/_reply\"><input type=\"hidden\" name=\"back\" "
                   "value=\"1\"><input type=\"hidden\" name=\"phone\" value=\"");
    kit_html(page, message->phone);
    buf_text(page, "\"><input name=\"content\" aria-label=\"回复 Answer\" value=\"");
    kit_html(page, message->number);
    buf_text(page, "\"> <button class=\"answer\" type=\"submit\">回复 Answer</button></form>");
}

static void
sentence_put(struct buf *page, const struct message *message)
{
    const struct wording *wording = wording_find(message->template_code);

    buf_text(page, "</b>【");
    kit_html(page, message->sign_name);
    if (*message->link != '\0' || *message->number != '\0') {
        question_put(page, message);
        return;
    }
    if (text_eq(message->template_code, "SMS_ALARM")) {
        buf_text(page, "】有人多次请您确认“");
        kit_html(page, message->what);
        buf_text(
            page,
            "”。如果不是您本人办理，请不要确认，并拨打 12333。<i>Somebody asks you again and again. Not "
            "you? Confirm nothing, and call 12333.</i>");
        return;
    }
    if (*message->what != '\0') {
        buf_text(page, "】您的");
        kit_html(page, message->what);
        buf_text(
            page,
            "已修改。如果不是您本人办理，请立即拨打 12333。<i>A notice of a change. Not you? Call "
            "12333.</i>");
        return;
    }
    if (wording == NULL) {
        buf_text(page, "】验证码，请勿告诉他人。<i>A code. Tell it to nobody.</i>");
        return;
    }
    buf_text(page, "】您正在");
    buf_text(page, wording->zh);
    buf_text(page, "，来自“");
    kit_html(page, message->partner);
    buf_text(page, "”。验证码请勿告诉他人。<i>A code to ");
    buf_text(page, wording->en);
    buf_text(page, ", for ");
    kit_html(page, message->partner);
    buf_text(page, ". Tell it to nobody.</i>");
}

static void
inbox_answer(const struct sms_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    size_t shown = messages_kept(sim) < PAGE_MESSAGES ? messages_kept(sim) : PAGE_MESSAGES;
    struct buf page = buf_new(request->arena, 8192);

    buf_text(&page, page_head);
    for (size_t i = 0; i < shown; i++) {
        const struct message *message = message_back(sim, i);

        buf_text(&page, "<li><small>");
        kit_html(&page, message->phone);
        buf_text(&page, " · ");
        kit_html(&page, message->clock);
        buf_text(&page, "</small><b>");
        kit_html(&page, message->code);
        sentence_put(&page, message);
        buf_text(&page, "</li>");
    }
    if (shown == 0)
        buf_text(&page, "<li>还没有短信。 No message yet.</li>");
    buf_text(&page, page_tail);
    kit_answer_text(out, 200, "text/html; charset=utf-8", page.at);
}

/* Newest first; of one phone when the query names one. */
static void
messages_answer(const struct sms_sim *sim, const struct kit_request *request,
                struct kit_answer *out)
{
    const char *asked = kit_form_value(request->arena, request->query, "phone");
    const char *phone = national(asked);
    struct buf json = buf_new(request->arena, 1024);

    emit_array(&json, NULL);
    for (size_t i = 0; i < messages_kept(sim); i++) {
        const struct message *message = message_back(sim, i);

        if (asked != NULL && !text_eq(message->phone, phone))
            continue;
        emit_object(&json, NULL);
        emit_text(&json, "phone", message->phone);
        emit_text(&json, "code", message->code);
        emit_text(&json, "what", message->what);
        emit_text(&json, "place", message->place);
        emit_text(&json, "link", message->link);
        emit_text(&json, "number", message->number);
        emit_text(&json, "sign_name", message->sign_name);
        emit_text(&json, "template_code", message->template_code);
        emit_text(&json, "partner", message->partner);
        emit_text(&json, "at", message->at);
        emit_text(&json, "clock", message->clock + strlen("2026-01-01 "));
        emit_text(&json, "traceparent", message->traceparent);
        emit_object_end(&json);
    }
    emit_array_end(&json);
    kit_answer_json(out, 200, &json);
}

static void
control_answer(struct sms_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    const char *fail = kit_form_value(request->arena, (const char *)request->body.at, "fail");

    sim->slow = text_eq(fail, "slow");
    sim->fail = text_eq(fail, "on");
    kit_answer_text(out, 200, "text/plain", "ok\n");
}

/* An answer of somebody's: the gateway tells whoever has given it an address for them. */
static void
reply_answer(struct sms_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    const char *form = (const char *)request->body.at;
    const char *phone = kit_form_value(request->arena, form, "phone");
    const char *content = kit_form_value(request->arena, form, "content");
    int status = phone != NULL && content != NULL
                     ? kit_uplink_send(&sim->uplink, request->arena, phone, content)
                     : 400;

    if (kit_form_value(request->arena, form, "back") != NULL) {
        kit_answer_text(out, 303, "text/plain", "");
        out->location = "/";
        return;
    }
    kit_answer_text(out, 200, "text/plain", arena_printf(request->arena, "%d\n", status));
}

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    struct sms_sim *sim = state;
    bool is_get = strcmp(request->method, "GET") == 0;

    if (!is_get && strcmp(request->path, "/_reply") == 0) {
        reply_answer(sim, request, out); /* calls out: without the lock */
        return;
    }
    pthread_mutex_lock(&sim->lock);
    if (is_get && strcmp(request->path, "/") == 0)
        inbox_answer(sim, request, out);
    else if (is_get && strcmp(request->path, "/messages.json") == 0)
        messages_answer(sim, request, out);
    else if (!is_get && strcmp(request->path, "/_control") == 0)
        control_answer(sim, request, out);
    else if (!is_get && strcmp(request->path, "/") == 0)
        send_answer(sim, request, out);
    pthread_mutex_unlock(&sim->lock);
}

int
main(int argc, char **argv)
{
    static struct sms_sim sim = { .lock = PTHREAD_MUTEX_INITIALIZER };

    (void)argc;
    sim.key_id = kit_argument(argv, "--key-id", "sim-key-id");
    sim.key_secret = kit_argument(argv, "--key-secret", "sim-key-secret");
    issuer = kit_argument(argv, "--issuer", "");
    sim.uplink.url = kit_argument(argv, "--callback", "");
    sim.uplink.secret = kit_argument(argv, "--callback-secret", "sim-callback-secret");
    return kit_serve(&(struct sim_kit) { .name = "sms_sim", .state = &sim, .handle = handle }, argv,
                     kit_argument_int(argv, "--port", 0));
}
