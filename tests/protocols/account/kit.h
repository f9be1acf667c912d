/* SPDX-License-Identifier: Apache-2.0 */
/* A registration step by step, in the world's browser, with real simulators behind it. */
#ifndef TESTS_PROTOCOLS_ACCOUNT_KIT_H
#define TESTS_PROTOCOLS_ACCOUNT_KIT_H

#include <string.h>

#include "idp/base/text.h"
#include "policies/lockout.h"
#include "tests/world_sims.h"

/* As typed. All but the first are in the bank simulator's table only if they say so. */
struct applying {
    const char *name;
    const char *identity_number;
    const char *bank_card;
    const char *phone; /* of the account and at the bank */
};

static const struct applying zhang_san = { "张三", "11010519491231002X", "6216261000000000018",
                                           "13800138000" };
static const struct applying li_xiuying = { "李秀英", "440106196204150020", "6216260000100180018",
                                            "13800138001" };

struct journey {
    struct world *w;
    const char *tx; /* of the page that is shown */
    const char *csrf;
};

/* Follows redirects within the house, then reads the page's hidden inputs. */
static inline void
journey_arrive(struct journey *j)
{
    struct world *w = j->w;

    while (w->answer.status == 303 && text_starts(world_header(w, "Location"), "/"))
        world_get(w, arena_text(w->arena, world_header(w, "Location")));
    if (world_hidden(w, "tx") != NULL) {
        j->tx = world_hidden(w, "tx");
        j->csrf = world_hidden(w, "csrf");
    }
}

static inline struct journey
journey_begin(struct world *w)
{
    struct journey j = { .w = w };

    world_open(w, "/register");
    assert_int_equal(w->answer.status, 200);
    journey_arrive(&j);
    return j;
}

/* Sends a form of the page (`fields` is encoded already) and arrives where it leads. */
static inline void
journey_post(struct journey *j, const char *path, const char *fields)
{
    world_form_post(j->w, path, "tx=%s&csrf=%s&%s", j->tx, j->csrf, fields);
    journey_arrive(j);
}

static inline void
journey_send_code(struct journey *j, const char *phone)
{
    journey_post(j, "/register", arena_printf(j->w->arena, "phone=%s", world_url(j->w, phone)));
}

/* From nothing to the form for the code. */
static inline struct journey
journey_with_code_sent(struct world *w, const char *phone)
{
    struct journey j = journey_begin(w);

    journey_send_code(&j, phone);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"register-code-form\""));
    return j;
}

static inline void
journey_enter_code(struct journey *j, const char *code)
{
    journey_post(j, "/register/code", arena_printf(j->w->arena, "code=%s", world_url(j->w, code)));
}

static inline void
journey_agree(struct journey *j)
{
    journey_post(j, "/register/notice", "agree_registration=yes&agree_bank=yes");
}

static inline const char *
journey_identity_fields(struct world *w, const struct applying *who)
{
    return arena_printf(w->arena, "name=%s&identity_number=%s&bank_card=%s&bank_phone=%s",
                        world_url(w, who->name), world_url(w, who->identity_number),
                        world_url(w, who->bank_card), world_url(w, who->phone));
}

static inline void
journey_identify(struct journey *j, const struct applying *who)
{
    journey_post(j, "/register/identity", journey_identity_fields(j->w, who));
}

static inline void
journey_choose(struct journey *j, const char *password)
{
    const char *typed = world_url(j->w, password);

    journey_post(j, "/register/password",
                 arena_printf(j->w->arena, "password=%s&password_again=%s", typed, typed));
}

/* From nothing to the form for name and card. */
static inline struct journey
journey_to_identity(struct world *w, const char *phone)
{
    struct journey j = journey_begin(w);

    journey_send_code(&j, phone);
    assert_int_equal(w->answer.status, 200);
    journey_enter_code(&j, world_sms_code(w, phone));
    assert_int_equal(w->answer.status, 200);
    journey_agree(&j);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"register-identity-form\""));
    return j;
}

/* From nothing to the form for the password. */
static inline struct journey
journey_to_password(struct world *w, const struct applying *who)
{
    struct journey j = journey_to_identity(w, who->phone);

    journey_identify(&j, who);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
    return j;
}

/* --- A recovery --- */

static inline void
recovery_send_code(struct journey *j, const char *phone)
{
    journey_post(j, "/recover", arena_printf(j->w->arena, "phone=%s", world_url(j->w, phone)));
}

static inline void
recovery_enter_code(struct journey *j, const char *code)
{
    journey_post(j, "/recover/code", arena_printf(j->w->arena, "code=%s", code));
}

static inline void
recovery_identify(struct journey *j, const struct applying *who)
{
    journey_post(j, "/recover/identity", journey_identity_fields(j->w, who));
}

static inline void
recovery_choose(struct journey *j, const char *password)
{
    const char *typed = world_url(j->w, password);

    journey_post(j, "/recover/password",
                 arena_printf(j->w->arena, "password=%s&password_again=%s", typed, typed));
}

/* From the page that is shown to the form for name and card. */
static inline void
recovery_go_to_identity(struct journey *j, const char *phone)
{
    world_get(j->w, arena_printf(j->w->arena, "/recover?tx=%s", j->tx));
    journey_arrive(j);
    recovery_send_code(j, phone);
    recovery_enter_code(j, world_sms_code(j->w, phone));
    assert_non_null(strstr(j->w->answer.body, "id=\"recover-identity-form\""));
}

static inline struct journey
recovery_to_identity(struct world *w, const char *phone)
{
    struct journey j = { .w = w };

    world_open(w, "/recover");
    journey_arrive(&j);
    recovery_go_to_identity(&j, phone);
    return j;
}

/* With the number that the bank has, who uses `phone` now. */
static inline void
recovery_identify_with_code(struct journey *j, const struct applying *who, const char *phone)
{
    recovery_identify(j, who);
    if (strcmp(who->phone, phone) != 0)
        journey_post(j, "/recover/identity",
                     arena_printf(j->w->arena, "%s&bank_code=%s",
                                  journey_identity_fields(j->w, who),
                                  world_sms_code(j->w, who->phone)));
}

/* From nothing to the form for the new password. */
static inline struct journey
recovery_to_password(struct world *w, const struct applying *who, const char *phone)
{
    struct journey j = recovery_to_identity(w, phone);

    recovery_identify_with_code(&j, who, phone);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"recover-password-form\""));
    return j;
}

/* Attempts in the ledger of the only subject of this kind; 0 when there is none. */
static inline int64_t
ledger_count(struct world *w, enum attempt_kind kind)
{
    static const char sql[] = "SELECT count FROM attempt WHERE kind = $1";
    const struct arg args[] = { arg_int(kind), ARG_END };
    int64_t count = 0;
    const struct out outs[] = { out_int(&count), OUT_END };
    enum err err = store_run(
        w->store, &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena });

    return err == OK ? count : 0;
}

#endif
