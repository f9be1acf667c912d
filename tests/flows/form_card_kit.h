/* SPDX-License-Identifier: Apache-2.0 */
/* Where the browser stands before the forms of a card's loss, password and payment (form_kit.h). */
#ifndef TESTS_FLOWS_FORM_CARD_KIT_H
#define TESTS_FLOWS_FORM_CARD_KIT_H

#include "idp/card/card_password.h"
#include "idp/card/loss.h"
#include "idp/server/life/outbox.h"
#include "tests/protocols/account/kit.h"

#define HER_CARD_PASSWORD "830461"
#define ANOTHER_CARD_PASSWORD "519204"
#define BANK_FIELDS "bank_card=6216261000000000018&bank_phone=13800138000"

/* Person `n` has a card, however often this is said. */
static inline void
card_ready(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    world_feed(w, 0);
    if (card_find(&ctx, world_person(w, n), &card) == ERR_NOT_FOUND)
        world_card(w, n);
}

static inline void
card_password_ready(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct card_password_setting setting;

    assert_null(
        card_password_set_begin(&ctx, world_person(w, n), HER_CARD_PASSWORD, true, &setting));
    ask_card_password_set.run(&ctx, &setting);
    assert_null(card_password_set_end(&ctx, &setting));
}

static inline void
card_lost_ready(struct world *w, int n, enum card_loss kind)
{
    struct ctx ctx = world_ctx(w);
    const struct loss_report report = { world_person(w, n), kind, LOSS_ON_PAGE };
    struct card card;

    assert_null(card_lose(&ctx, &report, &card));
}

/* She is logged in by two factors, at a page of her card. */
static inline struct journey
card_page_of(struct world *w, int n, const char *page)
{
    static const struct session nobody;
    struct journey j = { .w = w };
    struct ctx ctx = world_ctx(w);
    struct proof proof = { .person_id = world_person(w, n), .amr = "pwd sms" };
    struct session session;
    const char *cookie;

    ctx.channel = "web";
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    world_cookie_put(w, "__Host-session", cookie);
    world_open(w, page);
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_card_loss(struct world *w)
{
    card_ready(w, 0);
    return card_page_of(w, 0, "/card/loss");
}

static inline struct journey
at_card_release(struct world *w)
{
    card_ready(w, 0);
    card_password_ready(w, 0);
    card_lost_ready(w, 0, CARD_LOSS_PROVISIONAL);
    return card_page_of(w, 0, "/card/loss");
}

/* She has registered a moment ago: that was a bank check. */
static inline struct journey
at_card_password_first(struct world *w)
{
    card_ready(w, 0);
    return card_page_of(w, 0, "/card/password");
}

static inline struct journey
at_card_password(struct world *w)
{
    card_ready(w, 0);
    card_password_ready(w, 0);
    world_advance(w, 901);
    return card_page_of(w, 0, "/card/password");
}

static inline struct journey
at_bank_for_card(struct world *w)
{
    card_ready(w, 0);
    world_advance(w, 901);
    return card_page_of(w, 0, "/card/pay");
}

static inline struct journey
at_bank_code_for_card(struct world *w)
{
    struct journey j = at_bank_for_card(w);

    journey_post(&j, "/card/pay", BANK_FIELDS);
    return j;
}

static inline struct journey
at_card_lost(struct world *w)
{
    struct journey j = { .w = w };

    w->settings.sms.template_code_lost = "SMS_LOST";
    card_ready(w, 0);
    world_open(w, "/card/lost");
    journey_arrive(&j);
    return j;
}

static inline void
card_messages_deliver(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool worked = true;

    while (worked)
        world_must(outbox_deliver(&ctx, &worked), "delivery");
}

/* The link of the message, opened. */
static inline struct journey
at_card_lost_confirm(struct world *w)
{
    struct journey j = at_card_lost(w);

    journey_post(&j, "/card/lost", "phone=13800138000");
    card_messages_deliver(w);
    world_get(w, arena_printf(w->arena, "/card/lost/confirm?l=%s",
                              world_sms_says(w, "13800138000", "link")));
    journey_arrive(&j);
    return j;
}

static inline const char *
the_pay_code(struct world *w)
{
    return arena_printf(w->arena, BANK_FIELDS "&bank_code=%s", world_sms_code(w, "13800138000"));
}

/* Rows of the table of forms. */
/* clang-format off */
#define CARD_PRESSES                                                                                            \
    { "/card/loss", "decision=lost", at_card_loss, NULL, .is_first = false },                                   \
    { "/card/loss", "decision=release&card_password=" HER_CARD_PASSWORD, at_card_release, NULL, false,              \
      "decision=release&card_password=1", "card-release-form" },                                                \
    { "/card/loss", "decision=release&card_password=" ANOTHER_CARD_PASSWORD, at_card_release, NULL,             \
      .is_first = false },                                                                                      \
    { "/card/password", "card_password=" HER_CARD_PASSWORD "&card_password_again=" HER_CARD_PASSWORD,                   \
      at_card_password_first, NULL, false, "card_password=1&card_password_again=2", "card-password-form" },     \
    { "/card/password", "card_password_old=" HER_CARD_PASSWORD "&card_password=" ANOTHER_CARD_PASSWORD              \
      "&card_password_again=" ANOTHER_CARD_PASSWORD, at_card_password, NULL, .is_first = false },               \
    { "/card/pay", BANK_FIELDS, at_bank_for_card, NULL, false, "bank_card=2&bank_phone=3", "value=\"2\"" },          \
    { "/card/pay", NULL, at_bank_code_for_card, the_pay_code, .is_first = false },                                   \
    { "/card/lost", "phone=13800138000", at_card_lost, NULL, true, "phone=138001", "138001" },                  \
    { "/card/lost/confirm", "", at_card_lost_confirm, NULL, .is_first = false }
/* clang-format on */

#endif
