/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /card: her electronic social-security card and a code of it, or the card of one of her family. POST /card: the eye
 * that shows her name in full, and the password of the card for a code that pays. Showing stores nothing.
 */
#include "idp/card/show.h"

#include "idp/base/text.h"
#include "idp/card/card_password.h"
#include "protocols/card/permit.h"
#include "protocols/card/view.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"

#define PATH "/card"
#define FRESH_S 50   /* a code gives way to the next one in time */
#define TURNS 12     /* and does so no more when nobody has touched the page for ten minutes */
#define TURNS_MAX 99 /* that an address may say */

static const struct purpose_shown {
    enum card_purpose purpose;
    enum word how;
    bool of_family; /* also with the card of a member of the family */
} shown[] = {
    { CARD_PURPOSE_show, WORD_card_show_how, true },
    { CARD_PURPOSE_serve, WORD_card_serve_how, true },
    { CARD_PURPOSE_login, WORD_card_login_how, false },
    { CARD_PURPOSE_pay, WORD_card_pay_code_how, false },
};

#define SHOWN (sizeof(shown) / sizeof(shown[0]))

/* What is told of a form that was not right; the redirect names it. */
static const struct {
    const char *name;
    const struct problem *problem;
} tellings[] = {
    { "malformed", &problem_card_password_malformed },
    { "wrong", &problem_card_password_wrong },
    { "locked", &problem_card_password_locked },
    { "none", &problem_card_password_none },
};

/* --- Addresses --- */

static const struct purpose_shown *
purpose_asked(const struct request *rq, bool of_family)
{
    enum card_purpose purpose = card_purpose_named(param(rq, "for"));

    for (size_t i = 0; i < SHOWN; i++)
        if (shown[i].purpose == purpose && (!of_family || shown[i].of_family))
            return &shown[i];
    return &shown[0];
}

/* The card of `member` for that purpose, and whatever else the address says. */
static const char *
address(struct request *rq, const char *member, const struct purpose_shown *purpose,
        const char *more)
{
    const char *of = member == NULL ? "" : arena_printf(rq->arena, "&of=%s", member);

    return arena_printf(rq->arena, PATH "?for=%s%s%s", card_purpose_rule(purpose->purpose)->name,
                        of, more);
}

/* --- The code --- */

static void
code_draw(struct card_view *view, const struct purpose_shown *purpose,
          const struct card_shown *code, int64_t turn)
{
    struct request *rq = view->rq;
    const char *compact = time_beijing_compact(rq->arena, rq->now + code->expires_in);
    const char *anew =
        address(rq, view->member, purpose, arena_printf(rq->arena, "&turn=%d", (int)turn + 1));
    const char *seconds = arena_printf(rq->arena, "%d", FRESH_S);

    page_flag(view->page, "code", true);
    page_word(view->page, "how", purpose->how);
    page_qr(view->page, code->code);
    if (rq->ctx->settings->errors.explain) /* for who has a browser and no scanner */
        page_text(view->page, "code_text", code->code);
    page_text(view->page, "life_s", arena_printf(rq->arena, "%d", (int)code->expires_in));
    page_text(view->page, "fresh_s", seconds);
    page_text(view->page, "code_until",
              arena_printf(rq->arena, "%.2s:%.2s:%.2s", compact + 8, compact + 10, compact + 12));
    page_text(view->page, "anew_url", anew);
    page_refresh(view->page, anew, seconds);
    page_allow_own_calls(view->page);
}

static const struct problem *
code_add(struct card_view *view, const struct purpose_shown *purpose)
{
    struct request *rq = view->rq;
    const struct card_showing showing = {
        .card = &view->card,
        .session = &rq->session->row,
        .purpose = purpose->purpose,
        .password_given = card_permit_holds(rq, CARD_PERMIT_PASSWORD),
    };
    struct card_shown code = { .code = NULL };
    const struct problem *problem;
    int64_t turn = 0;

    page_text(view->page, "fresh_url", address(rq, view->member, purpose, ""));
    if (param(rq, "turn") != NULL && text_to_int(param(rq, "turn"), 0, TURNS_MAX, &turn) == OK &&
        turn >= TURNS) {
        page_flag(view->page, "rests", true);
        return NULL;
    }
    problem = card_code_show(rq->ctx, &showing, &code);
    if (problem == NULL)
        code_draw(view, purpose, &code, turn);
    return problem;
}

/* Before a code that pays she types the password of the card; before the first of all, she enables it. */
static void
pay_add(struct card_view *view)
{
    struct page *page = view->page;

    if (view->card.row.own_state < card_purpose_rule(CARD_PURPOSE_pay)->level) {
        page_text(page, "pay_url", "/card/pay");
        return;
    }
    page_word(page, "how", WORD_card_pay_how);
    page_text(page, "password_action", PATH);
    page_text(page, "password_url", "/card/password");
}

/* --- The page --- */

static void
purposes_add(struct card_view *view, const struct purpose_shown *chosen)
{
    for (size_t i = 0; i < SHOWN; i++) {
        struct page *row;

        if (view->member != NULL && !shown[i].of_family)
            continue;
        row = page_row(view->page, "purposes");
        page_text(row, "name", card_purpose_rule(shown[i].purpose)->name);
        page_text(row, "url", address(view->rq, view->member, &shown[i], ""));
        page_word(row, "label", card_purpose_word(shown[i].purpose));
        page_flag(row, "this", &shown[i] == chosen);
    }
}

static void
told_add(struct card_view *view)
{
    for (size_t i = 0; i < sizeof(tellings) / sizeof(tellings[0]); i++)
        if (text_eq(tellings[i].name, param(view->rq, "told")))
            page_field_problem(view->page, "card_password", tellings[i].problem);
}

static const struct problem *
purpose_add(struct card_view *view, const struct purpose_shown *purpose)
{
    purposes_add(view, purpose);
    if (purpose->purpose != CARD_PURPOSE_pay || card_permit_holds(view->rq, CARD_PERMIT_PASSWORD))
        return code_add(view, purpose);
    told_add(view);
    pay_add(view);
    return NULL;
}

static const struct link {
    const char *id;
    const char *url;
    enum word label;
} links[] = {
    { "history-link", "/card/history", WORD_card_history_title },
    { "family-link", "/card/family", WORD_card_family_link },
    { "card-password-link", "/card/password", WORD_card_password_title },
    { "pay-link", "/card/pay", WORD_card_pay_title },
    { "keep-link", "/card/keep", WORD_card_keep_title },
};

/* What she does with her own. */
static enum err
own_add(struct card_view *view, const struct purpose_shown *purpose)
{
    struct request *rq = view->rq;
    struct page *page = view->page;
    const char *sealed;
    enum err err = card_form_seal(rq, &sealed);

    if (err != OK)
        return err;
    page_text(page, "form", sealed);
    page_text(page, "csrf", session_csrf(rq->ctx, cookie_find(rq, "session")));
    page_text(page, "for", card_purpose_rule(purpose->purpose)->name);
    page_text(page, view->opened ? "hide_url" : "eye_action",
              view->opened ? address(rq, NULL, purpose, "") : PATH);
    page_text(page, "loss_url", "/card/loss");
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        struct page *row = page_row(page, "links");

        page_text(row, "id", links[i].id);
        page_text(row, "url", links[i].url);
        page_word(row, "label", links[i].label);
    }
    return OK;
}

static void
renewal_add(struct card_view *view)
{
    enum card_effective state = view->card.state;

    if ((state != CARD_ACTIVE && state != CARD_LAPSED) ||
        !card_may_be_renewed(view->card.row.valid_to, view->rq->now))
        return;
    page_flag(view->page, "soon", state == CARD_ACTIVE);
    page_flag(view->page, "lapsed", state == CARD_LAPSED);
    page_text(view->page, "renew_url", "/card/keep");
}

static const struct problem *
card_add(struct card_view *view)
{
    const struct purpose_shown *purpose = purpose_asked(view->rq, view->member != NULL);
    const struct problem *problem = NULL;
    enum err err = card_view_fill(view);

    if (err == OK && view->has_card && view->member == NULL)
        err = own_add(view, purpose);
    if (err != OK)
        return problem_of(err);
    if (view->has_card && view->mirror == NULL && view->member == NULL)
        renewal_add(view);
    if (card_view_is_good(view))
        problem = purpose_add(view, purpose);
    else
        page_text(view->page, "again_url", address(view->rq, view->member, purpose, ""));
    return problem;
}

static const struct problem *
show(struct request *rq)
{
    struct card_view view;
    const struct problem *problem = card_view_load(rq, &view);

    if (problem != NULL)
        return problem;
    view.page = page_new(rq, "card", WORD_card_title);
    page_add_script(view.page);
    problem = card_add(&view);
    if (problem != NULL)
        return problem;
    page_text(view.page, "home_url", "/");
    if (view.member != NULL)
        page_text(view.page, "family_url", "/card/family");
    page_languages_here(view.page);
    return page_answer(rq, 200, view.page);
}

/* --- Who looks --- */

static const struct problem *
log_in(struct request *rq, bool again)
{
    struct flow flow = { .tx.purpose = PURPOSE_CARD, .tx.asks_again = again ? 1 : 0 };
    const struct problem *problem = flow_begin(rq, &flow);

    return problem != NULL ? problem : flow_go(rq, &flow, "/login");
}

/* Not by itself: a browser that logs in by itself would come back as it went. */
static const struct problem *
ask_for_more(struct request *rq)
{
    struct page *page;

    if (text_eq(param(rq, "act"), "login"))
        return log_in(rq, true);
    page = page_new(rq, "card", WORD_card_title);
    page_text(page, "mood", "note");
    page_word(page, "trouble", WORD_card_weak);
    page_word(page, "trouble_why", WORD_card_weak_why);
    page_text(page, "login_url", PATH "?act=login");
    page_text(page, "home_url", "/");
    page_languages_here(page);
    return page_answer(rq, 200, page);
}

const struct problem *
endpoint_card(struct request *rq)
{
    if (!rq->session->live)
        return log_in(rq, false);
    return rq->session->row.level < CARD_VIEW_LEVEL ? ask_for_more(rq) : show(rq);
}

/* --- Forms --- */

static const struct problem *
go(struct request *rq, const char *more)
{
    return respond_redirect(rq, address(rq, NULL, purpose_asked(rq, false), more));
}

static const struct problem *
permitted(struct request *rq, const char *what)
{
    const char *permit;
    enum err err = card_permit_give(rq, what, &permit);

    return err != OK ? problem_of(err) : go(rq, arena_printf(rq->arena, "&permit=%s", permit));
}

/* What is wrong with what she typed is told on the page; anything else is a page of its own. */
static const struct problem *
told(struct request *rq, const struct problem *problem)
{
    for (size_t i = 0; i < sizeof(tellings) / sizeof(tellings[0]); i++)
        if (tellings[i].problem == problem)
            return go(rq, arena_printf(rq->arena, "&told=%s", tellings[i].name));
    return problem;
}

static const struct problem *
password_checked(struct request *rq, void *state)
{
    const struct problem *problem = card_password_ask_end(rq->ctx, state);

    return problem != NULL ? told(rq, problem) : permitted(rq, CARD_PERMIT_PASSWORD);
}

static const struct problem *
pay_password_check(struct request *rq)
{
    struct card_password_asking *asking = arena_alloc(rq->arena, sizeof(*asking));
    const struct problem *problem = card_password_ask_begin(
        rq->ctx, rq->session->row.subject.id, param_typed(rq, "card_password"), asking);

    if (problem != NULL)
        return told(rq, problem);
    return request_ask(rq, &ask_card_password, asking, password_checked, asking);
}

const struct problem *
endpoint_card_submit(struct request *rq)
{
    const struct problem *problem;

    if (!rq->session->live || rq->session->row.level < CARD_VIEW_LEVEL)
        return respond_redirect(rq, PATH);
    problem = card_form_open(rq);
    if (problem != NULL)
        return problem;
    if (text_eq(param(rq, "act"), "eye"))
        return permitted(rq, CARD_PERMIT_NAME);
    return text_eq(param(rq, "act"), "pay") ? pay_password_check(rq) : respond_redirect(rq, PATH);
}
