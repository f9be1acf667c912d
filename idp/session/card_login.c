/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/card_login.h"

#include <stdio.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/context/trace.h"
#include "idp/person/attempts.h"
#include "idp/person/card.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/session/login_count.h"

/* A person's evidence is bounded: a card that is used every day need not prove her every day. */
#define PROVEN_ANEW_S ((int64_t)30 * 86400)
#define AMR "sc pin"

static const struct card_verdict {
    const struct problem *problem;
    bool counts; /* as an attempt at the PIN */
    bool answered;
} verdicts[] = {
    [CARD_UNKNOWN] = { &problem_card_unanswered, false, false },
    [CARD_MATCH] = { NULL, false, true },
    [CARD_PIN_WRONG] = { &problem_card_pin_wrong, true, true },
    [CARD_PIN_LOCKED] = { &problem_card_pin_locked, false, true },
    [CARD_STOPPED] = { &problem_card_stopped, false, true },
    [CARD_EXPIRED] = { &problem_card_expired, false, true },
    [CARD_ABSENT] = { &problem_card_unknown, false, true },
    [CARD_UNAVAILABLE] = { &problem_card_unavailable, false, false },
    [CARD_NOT_SENT] = { &problem_card_unavailable, false, false },
    [CARD_FAULT] = { &problem_card_unavailable, false, false },
};

/* --- Whose reader it is --- */

/* A terminal's, or that of the counter where a member of staff sits. */
static bool
is_at_counter(const struct ctx *ctx)
{
    return text_is_empty(ctx->terminal_id);
}

static const char *
reader_id(const struct ctx *ctx)
{
    return is_at_counter(ctx) ? ctx->counter_id : ctx->terminal_id;
}

static struct subject
reader_of(const struct ctx *ctx)
{
    if (is_at_counter(ctx))
        return (struct subject) { SUBJECT_STAFF, ctx->staff_id };
    return (struct subject) { SUBJECT_TERMINAL, ctx->terminal_id };
}

/* --- Attempts --- */

struct card_lines {
    struct attempt_line at[2];
};

static struct card_lines
lines_of(const struct ctx *ctx, const struct card_login *login)
{
    return (struct card_lines) { { { ATTEMPT_CARD_PIN, login->counted_as, NULL, NULL },
                                   { ATTEMPT_CARD_TERMINAL, reader_id(ctx), NULL, NULL } } };
}

/* Never sooner than it is true. */
static const struct problem *
waiting(struct ctx *ctx, const struct attempt_verdict *verdict)
{
    login_count(ctx, LOGIN_BY_CARD, LOGIN_LOCKED);
    if (verdict->refused_by == ATTEMPT_CARD_TERMINAL)
        return &problem_card_terminal_full;
    if (verdict->wait_s <= 300)
        return &problem_card_wait_5;
    return verdict->wait_s <= 900 ? &problem_card_wait_15 : &problem_card_wait_60;
}

static const struct problem *
attempts_of_card(struct ctx *ctx, const struct card_login *login)
{
    struct card_lines lines = lines_of(ctx, login);
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, lines.at, 2, &verdict);

    if (err != OK)
        return problem_of(err);
    if (verdict.filled != ATTEMPT_NONE)
        audit_note(ctx, &(struct audit_record) {
                            .event = AUDIT_CARD_LIMIT,
                            .reason = attempt_rule(ctx->settings, verdict.filled).name,
                            .subject = reader_of(ctx),
                            .partner_id = ctx->partner_id });
    return verdict.allowed ? NULL : waiting(ctx, &verdict);
}

static void
attempts_settle(struct ctx *ctx, const struct card_login *login)
{
    struct card_lines lines = lines_of(ctx, login);

    if (login->answer.outcome == CARD_MATCH)
        attempts_passed(ctx, lines.at, 2);
    else if (!verdicts[login->answer.outcome].counts)
        attempts_give_back(ctx, lines.at, 2);
}

/* --- Begin and ask --- */

static const struct problem *
rejected(struct ctx *ctx, const char *reason, const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_CARD_REJECTED,
                                             .reason = reason,
                                             .subject = reader_of(ctx),
                                             .partner_id = ctx->partner_id });
    return problem;
}

const struct problem *
card_login_begin(struct ctx *ctx, const struct card_check *check, struct card_login *out)
{
    *out = (struct card_login) {
        .check = *check,
        .counted_as = arena_printf(ctx->arena, "%s %s", check->reading.identity_number,
                                   check->reading.card_no),
        .answer = { .outcome = CARD_NOT_SENT },
    };
    snprintf(out->pin, sizeof(out->pin), "%s", check->pin);
    out->check.pin = out->pin;
    out->check.terminal_id = reader_id(ctx);
    if (check->reading.valid_to < time_beijing_date(ctx->now))
        return rejected(ctx, "expired", &problem_card_expired);
    return attempts_of_card(ctx, out);
}

static void
office_asked(struct ctx *ctx, void *state)
{
    struct card_login *login = state;

    login->check.traceparent = trace_onward(ctx);
    card_bureau_check(ctx->services->card_bureau, ctx->arena, &login->check, ctx->now,
                      &login->answer);
}

const struct ask ask_card = { LANE_CARD, office_asked };

/* --- What it came to --- */

struct card_proving {
    const char *person_id;
    const char *check_id;
};

static enum err
evidence_take(struct ctx *ctx, void *state)
{
    const struct card_proving *proving = state;

    return evidence_add(ctx, proving->person_id, EVIDENCE_CARD_PIN, proving->check_id);
}

static enum err
prove(struct ctx *ctx, const char *person_id, const char *check_id)
{
    struct card_proving proving = { person_id, check_id };
    struct standing standing;
    enum err err = evidence_standing(ctx, person_id, &standing);

    if (err != OK ||
        (standing.kind == EVIDENCE_CARD_PIN && ctx->now - standing.proven_at < PROVEN_ANEW_S))
        return err;
    return change(ctx, evidence_take, &proving);
}

/* Reported lost to us, before its office has heard: whoever has found it may know the PIN too. Another card of hers is
 * not concerned. */
static enum err
is_lost(struct ctx *ctx, const struct card_login *login, const char *person_id, bool *out)
{
    const struct card_reading *reading = &login->check.reading;
    struct digest key = physical_card_key(ctx, reading->region, reading->card_no);
    struct card card;
    enum err err = card_find(ctx, person_id, &card);

    *out = err == OK && digest_eq(&card.row.card_key, &key) &&
           (card.state == CARD_SUSPENDED || card.state == CARD_REVOKED);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Card and PIN were right, so its holder stands there and may be told how her account is. */
static const struct problem *
holder_find(struct ctx *ctx, const struct card_login *login, const char **person_id)
{
    enum err err = person_find_by_identity(ctx, login->check.reading.identity_number, person_id);
    bool active = false;

    bool lost = false;

    if (err == ERR_NOT_FOUND)
        return rejected(ctx, "no_account", &problem_card_person_unknown);
    if (err == OK)
        err = is_lost(ctx, login, *person_id, &lost);
    if (err == OK && lost)
        return rejected(ctx, "lost", &problem_card_stopped);
    if (err == OK)
        err = subject_is_active(ctx, subject_person(*person_id), &active);
    if (err != OK)
        return problem_of(err);
    return active ? NULL : rejected(ctx, "account", &problem_account_stopped);
}

static const struct problem *
proof_make(struct ctx *ctx, const struct card_login *login, struct proof *out)
{
    const char *person_id;
    const struct problem *problem = holder_find(ctx, login, &person_id);

    if (problem != NULL)
        return problem;
    *out = (struct proof) { .way = LOGIN_BY_CARD, .person_id = person_id, .amr = AMR };
    return problem_of(prove(ctx, person_id, login->answer.check_id));
}

const struct problem *
card_login_end(struct ctx *ctx, struct card_login *login, struct proof *out)
{
    const struct card_verdict *verdict = &verdicts[login->answer.outcome];

    secret_wipe(login->pin, sizeof(login->pin));
    attempts_settle(ctx, login);
    audit_note(ctx, &(struct audit_record) { .event = verdict->answered ? AUDIT_CARD_RESULT
                                                                        : AUDIT_CARD_UNANSWERED,
                                             .reason = card_outcome_name(login->answer.outcome),
                                             .subject = reader_of(ctx),
                                             .partner_id = ctx->partner_id });
    if (verdict->counts)
        login_count(ctx, LOGIN_BY_CARD, LOGIN_FAILED);
    return verdict->problem != NULL ? verdict->problem : proof_make(ctx, login, out);
}
