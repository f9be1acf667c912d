/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/wechat_answer.h"

#include "idp/base/json.h"
#include "idp/base/text.h"

#define ID_MAX_BYTES 128
#define SCOPE_MAX_BYTES 256
#define TOKEN_MAX_BYTES 1024 /* WeChat says: keep at least 512 */
#define NICKNAME_MAX_BYTES 256
#define LIFE_MOST_S (30 * 86400)

/* What is not listed is our fault: nobody knows what it wants of us. */
static const struct {
    int64_t first;
    int64_t last;
    enum wechat_outcome outcome;
} codes[] = {
    { -1, -1, WECHAT_BUSY },
    { 40001, 40001, WECHAT_TOKEN_BAD },
    { 40013, 40013, WECHAT_MISCONFIGURED },
    { 40014, 40014, WECHAT_TOKEN_BAD },
    { 40029, 40029, WECHAT_CODE_BAD },
    { 40030, 40030, WECHAT_UNLINKED },
    { 40125, 40125, WECHAT_MISCONFIGURED },
    { 40163, 40163, WECHAT_CODE_BAD },
    { 40226, 40226, WECHAT_REFUSED },
    { 40243, 40243, WECHAT_MISCONFIGURED },
    { 41008, 41008, WECHAT_CODE_BAD },
    { 42001, 42001, WECHAT_TOKEN_BAD },
    { 42002, 42002, WECHAT_UNLINKED },
    { 42003, 42003, WECHAT_CODE_BAD },
    { 42007, 42007, WECHAT_UNLINKED },
    { 45011, 45011, WECHAT_LIMITED },
    { 10003, 10003, WECHAT_MISCONFIGURED },
};

static enum wechat_outcome
outcome_of(int64_t code, bool with_secret)
{
    enum wechat_outcome outcome = WECHAT_FAULT;

    if (code == 0)
        return WECHAT_DONE;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (code >= codes[i].first && code <= codes[i].last)
            outcome = codes[i].outcome;
    return with_secret && outcome == WECHAT_TOKEN_BAD ? WECHAT_MISCONFIGURED : outcome;
}

/* Ids and tokens are visible ASCII. */
static bool
is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* False: it is there, and is something else than it should be. */
static bool
plain_read(const json_t *object, const char *name, size_t max, const char **out)
{
    enum err err = member_text(object, name, max, out);

    return err == ERR_NOT_FOUND || (err == OK && is_plain(*out));
}

static bool
number_read(const json_t *object, const char *name, int64_t *out)
{
    enum err err = member_int(object, name, out);

    return err == OK || err == ERR_NOT_FOUND;
}

/* A ticket's answer says errcode 0 where all others say nothing. */
static bool
members_read(const json_t *object, struct wechat_answer *out)
{
    int64_t snapshot = 0;
    bool sound = number_read(object, "errcode", &out->code) &&
                 number_read(object, "expires_in", &out->expires_in_s) &&
                 number_read(object, "is_snapshotuser", &snapshot) &&
                 plain_read(object, "openid", ID_MAX_BYTES, &out->openid) &&
                 plain_read(object, "unionid", ID_MAX_BYTES, &out->unionid) &&
                 member_text(object, "scope", SCOPE_MAX_BYTES, &out->scope) != ERR_INVALID &&
                 plain_read(object, "access_token", TOKEN_MAX_BYTES, &out->token) &&
                 plain_read(object, "ticket", TOKEN_MAX_BYTES, &out->token);

    out->is_snapshot = snapshot != 0;
    return sound && out->expires_in_s >= 0 && out->expires_in_s <= LIFE_MOST_S;
}

enum wechat_outcome
wechat_answer_read(struct arena *arena, struct bytes body, bool with_secret,
                   struct wechat_answer *out)
{
    const json_t *object = json_read(arena, body);

    *out = (struct wechat_answer) {
        .openid = "", .unionid = "", .nickname = "", .scope = "", .token = ""
    };
    if (!json_is_object(object) || !members_read(object, out))
        return WECHAT_UNKNOWN;
    if (member_text(object, "nickname", NICKNAME_MAX_BYTES, &out->nickname) == ERR_INVALID)
        out->nickname = ""; /* a name that is too long proves nothing, and spoils nothing */
    return outcome_of(out->code, with_secret);
}

const char *
wechat_outcome_name(enum wechat_outcome outcome)
{
    static const char *const names[] = {
        [WECHAT_UNKNOWN] = "unknown", [WECHAT_DONE] = "done",
        [WECHAT_BUSY] = "busy",       [WECHAT_CODE_BAD] = "code_bad",
        [WECHAT_TOKEN_BAD] = "token", [WECHAT_UNLINKED] = "unlinked",
        [WECHAT_REFUSED] = "refused", [WECHAT_LIMITED] = "limited",
        [WECHAT_FAULT] = "our_fault", [WECHAT_MISCONFIGURED] = "misconfigured",
    };

    return names[outcome];
}
