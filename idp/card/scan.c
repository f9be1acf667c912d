/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/scan.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/card/family.h"
#include "idp/card/link.h"
#include "idp/context/change.h"
#include "idp/person/attempts.h"
#include "idp/person/card_mirror.h"
#include "idp/session/session.h"
#include "idp/tables/card_use.h"
#include "idp/tables/spent.h"
#include "policies/card_region.h"
#include "policies/partner_rules.h"

#define CLOCKS_DIFFER_S 60
#define USE_ID_BYTES 16

/* --- Saying no --- */

/* Why; the first row is for all that is not listed: how a card stands. */
static const struct scan_refusal {
    const char *reason;
    const struct problem *problem;
    enum metric metric;
    bool burns; /* it is not good any more, even if what it was refused for passes */
} refusals[] = {
    { "", &problem_card_code_not_good, METRIC_CARD_SCAN_CARD, true },
    { "malformed", &problem_card_code_malformed, METRIC_CARD_SCAN_BAD, false },
    { "forged", &problem_card_code_malformed, METRIC_CARD_SCAN_BAD, false },
    { "expired", &problem_card_code_not_good, METRIC_CARD_SCAN_EXPIRED, false },
    { "stale", &problem_card_code_not_good, METRIC_CARD_SCAN_STALE, false },
    { "used", &problem_card_code_not_good, METRIC_CARD_SCAN_USED, false },
    { "purpose", &problem_card_code_purpose, METRIC_CARD_SCAN_PURPOSE, false },
    { "region", &problem_card_code_region, METRIC_CARD_SCAN_REGION, false },
    { "session", &problem_card_code_not_good, METRIC_CARD_SCAN_SESSION, true },
    { "elsewhere", &problem_card_code_elsewhere, METRIC_CARD_SCAN_ELSEWHERE, true },
};

static const struct scan_refusal *
refusal_of(const char *reason)
{
    for (size_t i = 1; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (text_eq(refusals[i].reason, reason))
            return &refusals[i];
    return &refusals[0];
}

static struct subject
scanner_of(const struct ctx *ctx)
{
    if (text_is_empty(ctx->partner_id))
        return (struct subject) { SUBJECT_STAFF, ctx->staff_id };
    if (text_is_empty(ctx->terminal_id))
        return (struct subject) { SUBJECT_PARTNER, ctx->partner_id };
    return (struct subject) { SUBJECT_TERMINAL, ctx->terminal_id };
}

static void
note(struct ctx *ctx, enum audit_event event, const char *reason, const struct card_scan *scan)
{
    audit_note(ctx, &(struct audit_record) {
                        .event = event,
                        .reason = reason,
                        .subject = scan->holder_id != NULL ? subject_person(scan->holder_id)
                                                           : scanner_of(ctx),
                        .partner_id = ctx->partner_id,
                        .sid = scan->session.sid,
                    });
}

/* Whoever has seen a code of a card that was lost then has seen it: that the loss is lifted a moment
 * later does not make it good. */
static void
burn(struct ctx *ctx, const struct card_scan *scan)
{
    struct digest id = card_code_spent_id(ctx, &scan->code);
    enum err err =
        store_spent_insert(ctx->store, &id, "", scan->code.expires_at + 2 * CARD_OFFLINE_S);

    (void)err; /* it is spent already, or is over in a minute */
}

static const struct problem *
refuse(struct ctx *ctx, struct card_scan *scan, const char *reason)
{
    const struct scan_refusal *refusal = refusal_of(reason);
    enum audit_event event = AUDIT_CARD_SCAN_REJECTED;

    if (refusal->metric == METRIC_CARD_SCAN_USED)
        event = AUDIT_CARD_CODE_REPLAYED;
    if (refusal->metric == METRIC_CARD_SCAN_ELSEWHERE)
        event = AUDIT_CARD_CODE_RELAYED;
    scan->refused = reason;
    metric_add(refusal->metric, 1);
    note(ctx, event, event == AUDIT_CARD_CODE_RELAYED ? "refused" : reason, scan);
    if (refusal->burns)
        burn(ctx, scan);
    return refusal->problem;
}

/* --- Scanners that send what is none of ours --- */

static struct attempt_line
line_of(const struct ctx *ctx)
{
    const char *scanner = text_is_empty(ctx->partner_id) ? ctx->counter_id : scanner_of(ctx).id;

    return (struct attempt_line) { ATTEMPT_CARD_CODE, scanner, NULL, NULL };
}

static const struct problem *
blocked(void)
{
    metric_add(METRIC_CARD_SCAN_BLOCKED, 1);
    return &problem_card_scanner_blocked;
}

static const struct problem *
scanner_check(struct ctx *ctx)
{
    struct attempt_line line = line_of(ctx);
    int64_t wait_s = 0;
    enum err err = attempt_wait(ctx, &line, &wait_s);

    if (err != OK)
        return problem_of(err);
    return wait_s > 0 ? blocked() : NULL;
}

static const struct problem *
guessed(struct ctx *ctx, struct card_scan *scan, const char *reason)
{
    struct attempt_line line = line_of(ctx);
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, &line, 1, &verdict);

    if (err != OK)
        return problem_of(err);
    if (verdict.filled != ATTEMPT_NONE)
        note(ctx, AUDIT_CARD_SCAN_LIMIT, NULL, scan);
    return verdict.allowed ? refuse(ctx, scan, reason) : blocked();
}

/* --- Before the change --- */

/* By the terminal's word it was within its minute, which two clocks may see apart; our own says that
 * it is not too long ago, and has been. */
static bool
was_in_time(struct ctx *ctx, const struct card_scan *scan)
{
    unix_s at = scan->order.scanned_at;

    return at >= scan->code.issued_at - CLOCKS_DIFFER_S && at < scan->code.expires_at &&
           at > ctx->now - CARD_OFFLINE_S && at <= ctx->now + CLOCKS_DIFFER_S &&
           !handed_out_too_early(ctx, scan->code.issued_at);
}

static enum err
code_read(struct ctx *ctx, struct card_scan *scan)
{
    enum err err;

    if (scan->order.scanned_at == 0)
        return card_code_open(ctx, scan->order.code, &scan->code);
    err = card_code_read(ctx, scan->order.code, &scan->code);
    return err == OK && !was_in_time(ctx, scan) ? ERR_EXPIRED : err;
}

static bool
is_for(const struct card_scan *scan)
{
    const char *purpose = card_purpose_rule(scan->code.purpose)->name;

    if (scan->order.partner == NULL)
        return scan->order.purpose == scan->code.purpose;
    return profile_scans(&scan->order.partner->profile, purpose) &&
           (scan->order.purpose == CARD_PURPOSE_NONE || scan->order.purpose == scan->code.purpose);
}

const struct problem *
card_scan_begin(struct ctx *ctx, const struct card_scan_order *order, struct card_scan *out)
{
    const struct problem *problem = scanner_check(ctx);
    enum err err;

    *out = (struct card_scan) { .order = *order,
                                .at = order->scanned_at != 0 ? order->scanned_at : ctx->now };
    if (problem != NULL)
        return problem;
    err = code_read(ctx, out);
    if (err == ERR_INVALID)
        return guessed(ctx, out, "malformed");
    if (err == ERR_FORGED)
        return guessed(ctx, out, "forged");
    if (err == ERR_EXPIRED)
        return refuse(ctx, out, order->scanned_at != 0 ? "stale" : "expired");
    if (err != OK)
        return problem_of(err);
    return is_for(out) ? NULL : refuse(ctx, out, "purpose");
}

/* --- What is judged --- */

static enum err
no(struct card_scan *scan, const char *reason)
{
    scan->refused = reason;
    return ERR_REFUSED;
}

/* Of a scan off line: did it go on then? What has ended since has ended, if it is of a later time. */
static enum err
session_then(struct ctx *ctx, struct card_scan *scan, bool *live)
{
    struct stored_session *row = &scan->session;
    enum err err = store_session_load(ctx->store, ctx->arena, scan->code.sid, row);

    *live = false;
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    if ((row->ended_at != 0 && row->ended_at <= scan->at) ||
        (row->ended_at == 0 && row->expires_at <= scan->at) ||
        handed_out_too_early(ctx, row->auth_time))
        return OK;
    return subject_is_active(ctx, row->subject, live);
}

static enum err
session_now(struct ctx *ctx, struct card_scan *scan, bool *live)
{
    struct session *session = arena_alloc(ctx->arena, sizeof(*session));
    enum err err = session_find(ctx, scan->code.sid, session);

    *live = err == OK && session->live;
    if (*live)
        scan->session = session->row;
    return err;
}

static enum err
session_judge(struct ctx *ctx, struct card_scan *scan)
{
    bool live = false;
    enum err err = scan->order.scanned_at != 0 ? session_then(ctx, scan, &live)
                                               : session_now(ctx, scan, &live);

    if (err == OK && (!live || !subject_is_person(scan->session.subject)))
        err = no(scan, "session");
    return err;
}

/* Whoever shows a card for somebody else neither pays nor logs in by it (docs/adr/0054). */
static bool
is_her_own_matter(const struct card_scan *scan)
{
    return !family_shows(card_purpose_rule(scan->code.purpose)->name);
}

static enum err
holder_find(struct ctx *ctx, struct card_scan *scan)
{
    enum err err = OK;

    if (scan->holder_id == NULL)
        err = card_shown_by(ctx, scan->session.subject.id, scan->code.card_id, &scan->holder_id);
    if (err == ERR_NOT_FOUND)
        return no(scan, "card");
    if (err == OK && is_her_own_matter(scan) && !text_eq(scan->holder_id, scan->session.subject.id))
        return no(scan, "family");
    return err;
}

static bool
region_may(const struct card_scan *scan)
{
    return scan->order.partner == NULL ||
           card_region_lies_in(scan->card.row.region, scan->order.partner->profile.card_regions);
}

/* Her card, and whoever reports it lost waits for us, or has been waited for. */
static enum err
card_judge_held(struct ctx *ctx, struct card_scan *scan)
{
    const struct problem *stale = card_mirror_fresh(ctx);
    enum err err;

    if (stale != NULL) {
        scan->problem = stale;
        return ERR_REFUSED;
    }
    err = card_hold(ctx, scan->holder_id, scan->code.card_id, &scan->card);
    if (err != OK)
        return err == ERR_NOT_FOUND ? no(scan, "card") : err;
    if (scan->card.state != CARD_ACTIVE)
        return no(scan, card_effective_name(scan->card.state));
    if (scan->card.row.own_state < card_purpose_rule(scan->code.purpose)->level)
        return no(scan, "level");
    if (!region_may(scan))
        return no(scan, "region");
    return OK;
}

/* Of a family, and of the telephone. Whoever ends either waits for us, or has been waited for. */
static enum err
right_judge(struct ctx *ctx, struct card_scan *scan)
{
    const char *shower_id = scan->session.subject.id;
    enum err err = card_may_show(ctx, shower_id, scan->holder_id);

    if (err == ERR_REFUSED)
        return no(scan, "family");
    if (err == OK)
        err = card_link_hold(ctx, shower_id, &scan->code);
    return err == ERR_REFUSED ? no(scan, "link") : err;
}

static enum err
place_judge(struct ctx *ctx, struct card_scan *scan)
{
    const struct card_use_elsewhere which = { scan->holder_id, ctx->partner_id,
                                              scan->at - CARD_ELSEWHERE_S };
    enum err err = OK;

    if (scan->order.scanned_at == 0)
        err = store_card_use_is_elsewhere(ctx->store, &which, &scan->elsewhere);
    if (err == OK && scan->elsewhere && scan->code.purpose == CARD_PURPOSE_pay)
        err = no(scan, "elsewhere");
    return err;
}

static enum err
judge(struct ctx *ctx, struct card_scan *scan)
{
    enum err err = session_judge(ctx, scan);

    if (err == OK)
        err = holder_find(ctx, scan);
    if (err == OK)
        err = right_judge(ctx, scan);
    if (err == OK)
        err = card_judge_held(ctx, scan);
    return err == OK ? place_judge(ctx, scan) : err;
}

/* --- The change --- */

/* Names a scan in the row by which its code is spent: who scanned it and when. */
static const char *
scan_name(struct ctx *ctx, const struct card_scan *scan)
{
    return arena_printf(ctx->arena, "%s %lld", scanner_of(ctx).id, (long long)scan->at);
}

static enum err
spend(struct ctx *ctx, const struct card_scan *scan, const struct digest *id)
{
    return store_spent_insert(ctx->store, id, scan_name(ctx, scan),
                              scan->code.expires_at + 2 * CARD_OFFLINE_S);
}

static enum err
use_write(struct ctx *ctx, const struct card_scan *scan, const struct digest *id)
{
    const char *shower_id = scan->session.subject.id;
    const struct stored_card_use use = {
        .person_id = scan->holder_id,
        .use_id = base64url_encode(ctx->arena, bytes_of(id->bytes, USE_ID_BYTES)),
        .at = scan->at,
        .card_id = scan->code.card_id,
        .partner_id = ctx->partner_id,
        .terminal_id = ctx->terminal_id,
        .purpose = card_purpose_rule(scan->code.purpose)->name,
        .shown_by = text_eq(shower_id, scan->holder_id) ? "" : shower_id,
    };

    return store_card_use_insert(ctx->store, &use);
}

static enum err
record_write(struct ctx *ctx, const struct card_scan *scan)
{
    const char *purpose = card_purpose_rule(scan->code.purpose)->name;

    return audit_write(ctx, &(struct audit_record) {
                                .event = AUDIT_CARD_SCANNED,
                                .reason = scan->order.scanned_at != 0
                                              ? arena_printf(ctx->arena, "%s offline", purpose)
                                              : purpose,
                                .subject = subject_person(scan->holder_id),
                                .partner_id = ctx->partner_id,
                                .sid = scan->session.sid,
                            });
}

/* Spent first: of any number of scanners one goes on, and the others wait for nothing but that. */
enum err
card_scan_take(struct ctx *ctx, void *state)
{
    struct card_scan *scan = state;
    struct digest id = card_code_spent_id(ctx, &scan->code);
    enum err err;

    scan->refused = NULL;
    scan->problem = NULL;
    err = spend(ctx, scan, &id);
    if (err == OK)
        err = judge(ctx, scan);
    if (err == OK)
        err = use_write(ctx, scan, &id);
    return err == OK ? record_write(ctx, scan) : err;
}

/* --- Behind it --- */

static const struct problem *
accepted(struct ctx *ctx, const struct card_scan *scan)
{
    metric_add(scan->order.scanned_at != 0 ? METRIC_CARD_SCAN_OFFLINE : METRIC_CARD_SCAN_ACCEPTED,
               1);
    if (scan->elsewhere)
        note(ctx, AUDIT_CARD_CODE_RELAYED, "told", scan);
    return NULL;
}

/* A terminal that hands the same scan in again, for it never heard, is told the same. */
static const struct problem *
used(struct ctx *ctx, struct card_scan *scan)
{
    struct digest id = card_code_spent_id(ctx, &scan->code);
    const char *by = "";
    enum err err = store_spent_find(ctx->store, ctx->arena, &id, &by);

    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    scan->repeated = scan->order.scanned_at != 0 && text_eq(by, scan_name(ctx, scan));
    return scan->repeated ? NULL : refuse(ctx, scan, "used");
}

const struct problem *
card_scan_end(struct ctx *ctx, struct card_scan *scan, enum err err)
{
    if (err == OK)
        return accepted(ctx, scan);
    if (err == ERR_CONFLICT)
        return used(ctx, scan);
    if (err != ERR_REFUSED)
        return problem_of(err);
    if (scan->problem != NULL)
        return scan->problem;
    return refuse(ctx, scan, scan->refused != NULL ? scan->refused : "holder");
}

const struct problem *
card_scan_look(struct ctx *ctx, struct card_scan *scan)
{
    enum err err = session_judge(ctx, scan);

    if (err == OK)
        err = holder_find(ctx, scan);
    return err == OK ? NULL : card_scan_end(ctx, scan, err);
}

const struct problem *
card_scan(struct ctx *ctx, const struct card_scan_order *order, struct card_scan *out)
{
    const struct problem *problem = card_scan_begin(ctx, order, out);

    return problem != NULL ? problem : card_scan_end(ctx, out, change(ctx, card_scan_take, out));
}
