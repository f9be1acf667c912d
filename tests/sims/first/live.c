/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/first/live.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "tests/sims/first/fill.h"
#include "tests/sims/first/happened.h"
#include "tests/sims/kit_call.h"
#include "tests/sims/kit_token.h"

#define CODES_SHOWN 5
#define BEIJING_H 8

static json_t *
json_at(const struct first_turn *turn, const char *origin, const char *path)
{
    return call_json(turn->arena,
                     &(struct sim_call) { .url = arena_printf(turn->arena, "%s%s", origin, path) });
}

/* --- Messages --- */

/* What a code is for, by the gateway's template. */
static const char *
message_purpose(enum language language, const json_t *message)
{
    static const struct {
        const char *template_code;
        const char *in[2];
    } purposes[] = {
        { "SMS_REGISTER", { "实名注册", "to register" } },
        { "SMS_LOGIN", { "登录", "to log in" } },
        { "SMS_BANK", { "核验银行预留手机号", "to confirm the number kept at the bank" } },
        { "SMS_RECOVER", { "找回账号", "to get back into the account" } },
    };
    const char *template_code = claim_string(message, "template_code");

    for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
        if (text_eq(purposes[i].template_code, template_code))
            return purposes[i].in[language];
    }
    return language == LANGUAGE_ZH_CN ? "变更提醒" : "notice of a change";
}

/* Hours, minutes and seconds in Beijing of "2026-01-01T00:00:00Z". */
const char *
live_clock(struct arena *arena, const char *at)
{
    const size_t day = strlen("2026-01-01T");
    int hour;

    if (strlen(at) < day + strlen("00:00:00"))
        return "";
    hour = (at[day] - '0') * 10 + at[day + 1] - '0';
    return arena_printf(arena, "%02d%.6s", (hour + BEIJING_H) % 24, at + day + 2);
}

static void
message_put(const struct first_turn *turn, const json_t *message, struct buf *out)
{
    first_fill(out, "code.html", turn->language,
               (const struct hole[]) {
                   { "phone", claim_string(message, "phone") },
                   { "clock", live_clock(turn->arena, claim_string(message, "at")) },
                   { "code", claim_string(message, "code") },
                   { "what", message_purpose(turn->language, message) },
                   { "partner", claim_string(message, "partner") },
                   { 0 },
               });
}

static const char *
messages(const struct first_turn *turn)
{
    json_t *all = json_at(turn, turn->first->inbox, "/messages.json");
    struct buf out = buf_new(turn->arena, 2048);
    const json_t *message;
    size_t i;

    json_array_foreach(all, i, message)
    {
        if (i < CODES_SHOWN)
            message_put(turn, message, &out);
    }
    json_decref(all);
    return out.at;
}

/* --- Tokens --- */

static const char *
pretty(struct arena *arena, const json_t *value)
{
    size_t size = json_dumpb(value, NULL, 0, JSON_INDENT(2));
    char *text = arena_alloc(arena, size + 1);

    json_dumpb(value, text, size, JSON_INDENT(2));
    return text;
}

static void
login_put(const struct first_turn *turn, const json_t *login, struct buf *out)
{
    first_fill(out, "token.html", turn->language,
               (const struct hole[]) {
                   { "id", claim_string(login, "id") },
                   { "partner", claim_string(login, turn->language == LANGUAGE_ZH_CN ? "name_zh"
                                                                                     : "name_en") },
                   { "clock", live_clock(turn->arena, claim_string(login, "at")) },
                   { "id_token", pretty(turn->arena, json_object_get(login, "id_token")) },
                   { "access_token", pretty(turn->arena, json_object_get(login, "access_token")) },
                   { "userinfo", pretty(turn->arena, json_object_get(login, "userinfo")) },
                   { 0 },
               });
}

/* Of both partners, their newest first. */
static const char *
tokens(const struct first_turn *turn)
{
    struct buf out = buf_new(turn->arena, 4096);

    for (size_t i = 0; turn->local && i < 2; i++) {
        json_t *logins = json_at(turn, turn->first->partners[i], "/_logins");
        const json_t *login;
        size_t k;

        json_array_foreach(logins, k, login)
        {
            login_put(turn, login, &out);
        }
        json_decref(logins);
    }
    return out.at;
}

/* --- Numbers --- */

/* The series of a metric together that have these words in their labels. */
static double
metric_sum(const char *metrics, const char *name, const char *labels)
{
    const size_t size = strlen(name);
    double sum = 0;

    for (const char *line = metrics; line != NULL; line = strchr(line, '\n')) {
        const char *found;

        line += *line == '\n';
        if (strncmp(line, name, size) != 0 || (line[size] != ' ' && line[size] != '{'))
            continue;
        found = strstr(line, labels);
        if (found != NULL && found <= line + strcspn(line, "\n"))
            sum += strtod(line + strcspn(line, " \n"), NULL);
    }
    return sum;
}

static const char *
numbers(const struct first_turn *turn)
{
    static const struct {
        const char *metric;
        const char *labels;
        const char *in[2];
    } shown[] = {
        { "tongxing_registration_steps_total", "step=\"password\"", { "注册", "registrations" } },
        { "tongxing_logins_total", "outcome=\"ok\"", { "登录", "logins" } },
        { "tongxing_logins_total", "outcome=\"failed\"", { "登录失败", "failed logins" } },
        { "tongxing_tokens_issued_total", "", { "签发令牌", "tokens issued" } },
        { "tongxing_bank_checks_total", "", { "银行核验", "bank checks" } },
        { "tongxing_sms_sent_total", "", { "短信", "messages" } },
    };
    const char *metrics = call_text(
        turn->arena,
        &(struct sim_call) { .url = arena_printf(turn->arena, "%s/metrics", turn->first->admin) });
    struct buf out = buf_new(turn->arena, 1024);

    for (size_t i = 0; metrics != NULL && i < sizeof(shown) / sizeof(shown[0]); i++)
        first_fill(
            &out, "number.html", turn->language,
            (const struct hole[]) {
                { "what", shown[i].in[turn->language] },
                { "value", arena_printf(turn->arena, "%.0f",
                                        metric_sum(metrics, shown[i].metric, shown[i].labels)) },
                { 0 },
            });
    return out.at;
}

const char *
live_part(const struct first_turn *turn)
{
    struct buf out = buf_new(turn->arena, 16384);

    first_fill(&out, "live.html", turn->language,
               (const struct hole[]) {
                   { "local", turn->local ? "yes" : "" },
                   { "codes", messages(turn) },
                   { "events", happened(turn) },
                   { "tokens", tokens(turn) },
                   { "numbers", numbers(turn) },
                   { 0 },
               });
    return out.at;
}
