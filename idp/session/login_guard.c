/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/login_guard.h"

#include "idp/audit/audit.h"
#include "idp/context/change.h"
#include "idp/person/attempts.h"
#include "idp/person/device.h"
#include "idp/session/login_count.h"
#include "policies/network.h"

#define LINES_MAX 3

struct guard_lines {
    struct attempt_line at[LINES_MAX];
    size_t count;
};

/* A known browser counts nowhere else: neither strangers nor neighbours can use up its tries. */
static struct guard_lines
lines_of(struct ctx *ctx, const char *phone)
{
    bool known;
    const char *requester = device_requester(ctx, phone, &known);
    struct guard_lines lines = { .count = known ? 1 : LINES_MAX };

    lines.at[0] = (struct attempt_line) { ATTEMPT_PASSWORD,
                                          arena_printf(ctx->arena, "%s %s", phone, requester),
                                          ctx->form, phone };
    lines.at[1] = (struct attempt_line) { ATTEMPT_PASSWORD_PHONE, phone, ctx->form, phone };
    /* This one bounds the hashes that a network asks for, and each sending is one. */
    lines.at[2] = (struct attempt_line) { ATTEMPT_PASSWORD_ADDRESS, requester, NULL, NULL };
    return lines;
}

/* The same for known numbers and unknown ones; never sooner than it is true. */
static const struct problem *
refused(const struct ctx *ctx, const struct attempt_verdict *verdict)
{
    int64_t wait_s = verdict->wait_s;

    login_count(ctx, LOGIN_BY_PASSWORD, LOGIN_LOCKED);
    if (verdict->refused_by == ATTEMPT_PASSWORD_ADDRESS)
        return wait_s <= 600 ? &problem_login_network_full : &problem_login_network_long;
    if (wait_s <= 60)
        return &problem_login_wait_1;
    if (wait_s <= 300)
        return &problem_login_wait_5;
    return wait_s <= 900 ? &problem_login_wait_15 : &problem_login_wait_60;
}

const struct problem *
login_guard_take(struct ctx *ctx, const char *phone, const char *person_id)
{
    struct guard_lines lines = lines_of(ctx, phone);
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, lines.at, lines.count, &verdict);

    if (err != OK)
        return problem_of(err);
    if (verdict.filled != ATTEMPT_NONE)
        audit_note(ctx, &(struct audit_record) {
                            .event = AUDIT_LOCK_SET,
                            .reason = attempt_rule(ctx->settings, verdict.filled).name,
                            .subject = subject_person(person_id) });
    return verdict.allowed ? NULL : refused(ctx, &verdict);
}

void
login_guard_passed(struct ctx *ctx, const char *phone)
{
    struct guard_lines lines = lines_of(ctx, phone);

    attempts_passed(ctx, lines.at, lines.count);
}

void
login_guard_give_back(struct ctx *ctx, const char *phone)
{
    struct guard_lines lines = lines_of(ctx, phone);

    attempts_give_back(ctx, lines.at, lines.count);
}

struct unlocking {
    const struct person *person;
    int64_t forgotten;
};

static enum err
unlock(struct ctx *ctx, void *state)
{
    struct unlocking *unlocking = state;
    enum err err = attempts_forget(ctx, unlocking->person->phone, &unlocking->forgotten);

    if (err != OK || unlocking->forgotten == 0)
        return err;
    return audit_write(
        ctx, &(struct audit_record) { .event = AUDIT_LOCK_CLEARED,
                                      .reason = "operator",
                                      .subject = subject_person(unlocking->person->person_id) });
}

enum err
login_guard_forget(struct ctx *ctx, const struct person *person, int64_t *forgotten)
{
    struct unlocking unlocking = { .person = person };
    enum err err = change(ctx, unlock, &unlocking);

    if (err == OK)
        *forgotten = unlocking.forgotten;
    return err;
}
