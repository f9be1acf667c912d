/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/bank_proof.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/connect/bank_unionpay.h"
#include "idp/connect/unionpay_message.h"
#include "idp/context/trace.h"
#include "idp/person/attempts.h"
#include "idp/tables/bank.h"
#include "keys/handle.h"
#include "keys/secret.h"
#include "policies/phone.h"

/* bank_order.state: BANK_ORDER_PENDING (0), or the outcome of a settled order plus one. */
#define STATE_OF(outcome) ((int64_t)(outcome) + 1)
/* A match that was answered but not used (we stopped in between) may be used for so long. */
#define MATCH_FRESH_S 86400
#define ORDER_DIGITS 20

static const struct verdict {
    const struct problem *problem;
    bool counts; /* as one of the day's attempts */
    bool settles;
} verdicts[] = {
    [BANK_UNKNOWN] = { &problem_bank_unknown, false, false },
    [BANK_MATCH] = { NULL, true, true },
    [BANK_MISMATCH] = { &problem_bank_mismatch, true, true },
    [BANK_CARD_INVALID] = { &problem_bank_card_unusable, true, true },
    [BANK_CARD_STATE] = { &problem_bank_card_unusable, true, true },
    [BANK_UNSUPPORTED] = { &problem_bank_card_unusable, true, true },
    [BANK_REFUSED] = { &problem_bank_refused, true, true },
    [BANK_RATE_LIMITED] = { &problem_bank_limit, true, true },
    [BANK_UNAVAILABLE] = { &problem_bank_unavailable, false, true },
    [BANK_NOT_SENT] = { &problem_bank_unavailable, false, false },
    [BANK_FAULT] = { &problem_bank_unavailable, false, true },
    [BANK_ORDER_ABSENT] = { &problem_bank_unavailable, false, false },
};

static const struct verdict *
verdict_of(const struct stored_bank_order *order)
{
    return &verdicts[order->state - STATE_OF(0)];
}

struct caps {
    struct attempt_line at[2];
};

static struct caps
caps_of(const struct bank_question *question)
{
    return (struct caps) { { { ATTEMPT_BANK_PERSON_DAY, question->identity_number, NULL, NULL },
                             { ATTEMPT_BANK_CARD_DAY, question->card_no, NULL, NULL } } };
}

static const struct problem *
caps_take(struct ctx *ctx, const struct bank_question *question)
{
    struct caps caps = caps_of(question);
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, caps.at, 2, &verdict);

    if (err != OK)
        return problem_of(err);
    if (verdict.allowed)
        return NULL;
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_BANK_LIMIT,
                                             .reason = verdict.refused_by == ATTEMPT_BANK_CARD_DAY
                                                           ? "card"
                                                           : "person" });
    return &problem_bank_limit;
}

enum err
bank_checks_left(struct ctx *ctx, const struct bank_question *question, int64_t *out)
{
    struct caps caps = caps_of(question);

    return attempts_left(ctx, caps.at, 2, out);
}

static void
caps_give_back(struct ctx *ctx, const struct bank_question *question)
{
    struct caps caps = caps_of(question);

    attempts_give_back(ctx, caps.at, 2);
}

static struct digest
subject_of(const struct ctx *ctx, const struct bank_question *question)
{
    return digest_keyed_texts(&ctx->keys->index, "bank.subject", question->identity_number,
                              question->card_no, question->name, question->phone, NULL);
}

/* A new order in place of none or of a settled one. ERR_CONFLICT: the same question
 * is being asked right now. */
static enum err
order_begin(struct ctx *ctx, const struct digest *subject, bool replace,
            struct stored_bank_order *out)
{
    const char *digits;
    enum err err = digits_new(ctx->env, ctx->arena, ORDER_DIGITS, &digits);

    if (err != OK)
        return err;
    *out = (struct stored_bank_order) {
        .subject = *subject,
        .order_id = arena_printf(ctx->arena, "TX%s", digits),
        .txn_time = ctx->now,
        .state = BANK_ORDER_PENDING,
        .code = "",
        .updated_at = ctx->now,
    };
    return replace ? store_bank_order_replace(ctx->store, out)
                   : store_bank_order_insert(ctx->store, out);
}

static struct bank_check
check_of(const struct bank_question *question, const struct stored_bank_order *order)
{
    return (struct bank_check) {
        .name = question->name,
        .identity_number = question->identity_number,
        .card_no = question->card_no,
        .phone = phone_national(question->phone),
        .order_id = order->order_id,
        .txn_time = order->txn_time,
    };
}

/* A pending order is asked about first: only one that the network never saw is sent (again). */
static void
bank_asked(struct ctx *ctx, void *state)
{
    struct bank_asking *asking = state;
    struct bank_check check = check_of(&asking->question, &asking->order);

    check.traceparent = trace_onward(ctx);
    asking->answer.outcome = BANK_ORDER_ABSENT;
    if (asking->pending)
        bank_query(ctx->services->bank, ctx->arena, &check, ctx->now, &asking->answer);
    if (asking->answer.outcome == BANK_ORDER_ABSENT)
        bank_check(ctx->services->bank, ctx->arena, &check, ctx->now, &asking->answer);
}

const struct ask ask_bank = { LANE_BANK, bank_asked };

/* The network has answered this very question, and would say the same. */
static bool
is_answered(const struct ctx *ctx, const struct stored_bank_order *order)
{
    unix_s age = ctx->now - order->updated_at;

    if (order->state == BANK_ORDER_PENDING || order->state > STATE_OF(BANK_ORDER_ABSENT))
        return false;
    if (order->state == STATE_OF(BANK_MATCH))
        return age < MATCH_FRESH_S;
    return verdict_of(order)->counts && age < REPEAT_S; /* who presses twice asks once */
}

const struct problem *
bank_proof_begin(struct ctx *ctx, const struct bank_question *question, struct bank_asking *out)
{
    struct digest subject = subject_of(ctx, question);
    enum err err = store_bank_order_find(ctx->store, ctx->arena, &subject, &out->order);
    bool known = err == OK;

    out->question = *question;
    out->answer = (struct bank_answer) { .outcome = BANK_NOT_SENT };
    out->pending = known && out->order.state == BANK_ORDER_PENDING;
    out->answered = known && is_answered(ctx, &out->order);
    if (text_count_chars(question->name) > UNIONPAY_NAME_MAX_CHARS)
        return &problem_bank_name_too_long;
    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    if (out->answered)
        return NULL;
    if (!out->pending)
        err = order_begin(ctx, &subject, known, &out->order);
    if (!out->pending && err != OK)
        return err == ERR_CONFLICT ? &problem_bank_unknown : problem_of(err);
    return caps_take(ctx, question);
}

static const struct problem *
settle(struct ctx *ctx, struct stored_bank_order *order, const struct bank_answer *answer)
{
    enum err err;

    audit_note(ctx, &(struct audit_record) { .event = answer->outcome == BANK_UNKNOWN
                                                          ? AUDIT_BANK_UNKNOWN
                                                          : AUDIT_BANK_RESULT,
                                             .reason = bank_outcome_name(answer->outcome) });
    if (!verdicts[answer->outcome].settles)
        return verdicts[answer->outcome].problem;
    order->state = STATE_OF(answer->outcome);
    order->code = arena_text(ctx->arena, answer->code);
    order->updated_at = ctx->now;
    err = store_bank_order_settle(ctx->store, order);
    if (err != OK && err != ERR_CONFLICT) /* conflict: a parallel asker settled the same order */
        return problem_of(err);
    return verdicts[answer->outcome].problem;
}

const struct problem *
bank_proof_end(struct ctx *ctx, struct bank_asking *asking, const char **order_id)
{
    const struct problem *problem;

    *order_id = asking->order.order_id;
    if (asking->answered)
        return verdict_of(&asking->order)->problem;
    problem = settle(ctx, &asking->order, &asking->answer);
    if (!verdicts[asking->answer.outcome].counts)
        caps_give_back(ctx, &asking->question);
    return problem;
}
