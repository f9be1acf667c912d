/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/qr_login.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/session/prompts.h"
#include "idp/tables/pending.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "policies/browser.h"
#include "policies/channel.h"
#include "policies/network.h"

#define CODE_CONTEXT "qr.code.1"
#define HANDLE_CONTEXT "qr.handle.1"
/* What was allowed in the last second is still there to be taken. */
#define TAKE_S 60

static const struct pack_field code_fields[] = {
    PACKED_TEXT(struct qr_code, id),      PACKED_INT(struct qr_code, created_at),
    PACKED_TEXT(struct qr_code, tx),      PACKED_TEXT(struct qr_code, partner_id),
    PACKED_TEXT(struct qr_code, network), PACKED_TEXT(struct qr_code, browser),
    PACKED_TEXT(struct qr_code, system),  PACKED_END,
};

struct qr_handle {
    const char *id;
    const char *sid;
};

static const struct pack_field handle_fields[] = {
    PACKED_TEXT(struct qr_handle, id),
    PACKED_TEXT(struct qr_handle, sid),
    PACKED_END,
};

/* --- Codes and handles: sealed, not stored --- */

static enum err
sealed(struct ctx *ctx, const char *context, const struct pack_field *fields, const void *from,
       const char **out)
{
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, context,
                     pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, from), out);
}

static enum err
opened(struct ctx *ctx, const char *context, const char *text, const struct pack_field *fields,
       void *out)
{
    struct bytes plain;
    enum err err = seal_text_open(&ctx->keys->seal, ctx->arena, context, text, &plain);

    return err == OK ? unpack(ctx->arena, fields, plain, out) : err;
}

enum err
qr_code_new(struct ctx *ctx, const char *tx, const char *user_agent, const char **text)
{
    struct browser_kind browser = browser_named(user_agent);
    struct qr_code code = {
        .created_at = ctx->now,
        .tx = tx,
        .partner_id = ctx->partner_id,
        .network = network_prefix(ctx->arena, ctx->address),
        .browser = browser.name,
        .system = browser.system,
    };
    enum err err = id_new(ctx->env, ctx->arena, "", &code.id);

    if (err == OK)
        err = sealed(ctx, CODE_CONTEXT, code_fields, &code, text);
    if (err == OK)
        metric_add(METRIC_QR_SHOWN, 1);
    return err;
}

static bool
is_over(const struct ctx *ctx, unix_s created_at)
{
    return ctx->now >= created_at + QR_CODE_LIFE_S || handed_out_too_early(ctx, created_at);
}

const struct problem *
qr_code_open(struct ctx *ctx, const char *text, struct qr_code *out)
{
    const struct partner *partner;

    *out = (struct qr_code) { 0 };
    if (text == NULL || opened(ctx, CODE_CONTEXT, text, code_fields, out) != OK)
        return &problem_qr_unknown;
    partner = registry_find(ctx->services->registry, out->partner_id);
    if (!text_is_empty(out->partner_id) &&
        (partner == NULL || out->created_at < partner->since)) /* another's, of the same name */
        return &problem_qr_unknown;
    return is_over(ctx, out->created_at) ? &problem_qr_over : NULL;
}

enum err
qr_handle_new(struct ctx *ctx, const char *id, const char *sid, const char **out)
{
    return sealed(ctx, HANDLE_CONTEXT, handle_fields, &(struct qr_handle) { id, sid }, out);
}

const struct problem *
qr_handle_open(struct ctx *ctx, const char *handle, const char *sid, const char **id)
{
    struct qr_handle named = { 0 };

    if (handle == NULL || opened(ctx, HANDLE_CONTEXT, handle, handle_fields, &named) != OK ||
        !text_eq(named.sid, sid))
        return &problem_qr_unknown;
    *id = named.id;
    return NULL;
}

/* --- The row --- */

static struct digest
row_id(const struct ctx *ctx, const char *id)
{
    return digest_keyed_texts(&ctx->keys->index, "pending.qr", id, NULL);
}

/* What binds the browser is its transaction, whose cookie it has shown. */
static struct digest
waiter_of(const struct ctx *ctx, const char *tx)
{
    return digest_keyed_texts(&ctx->keys->index, "pending.qr.waiter", tx, NULL);
}

static const struct problem *
rejected(struct ctx *ctx, const char *reason, const struct stored_session *by,
         const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) {
                        .event = AUDIT_QR_REJECTED,
                        .reason = reason,
                        .subject = by != NULL ? by->subject : (struct subject) { 0 },
                        .partner_id = ctx->partner_id,
                    });
    return problem;
}

void
qr_not_hers(struct ctx *ctx, const struct stored_session *by)
{
    (void)rejected(ctx, "another_person", by, NULL);
}

const struct problem *
qr_not_here(struct ctx *ctx)
{
    return rejected(ctx, "binding", NULL, &problem_qr_unknown);
}

/* NULL: it waits for her to decide. */
static const struct problem *
judge(struct ctx *ctx, const struct stored_pending *row, const struct stored_session *by)
{
    if (!text_eq(row->person_id, by->subject.id))
        return rejected(ctx, "taken", by, &problem_qr_taken);
    if (row->state == PENDING_APPROVED || row->state == PENDING_TAKEN)
        return &problem_qr_done;
    if (row->state != PENDING_SEEN || is_over(ctx, row->created_at))
        return &problem_qr_over;
    return NULL;
}

/* --- Who scans --- */

static const char *
channel_of(const struct ctx *ctx, const struct qr_code *code)
{
    const struct partner *partner = registry_find(ctx->services->registry, code->partner_id);

    return partner != NULL ? partner->profile.channel : channels[CHANNEL_web].name;
}

struct scanning {
    struct stored_pending row;
};

static enum err
row_insert_scanned(struct ctx *ctx, void *state)
{
    const struct scanning *scanning = state;

    return store_pending_insert(ctx->store, &scanning->row);
}

static struct scanning
scanning_of(const struct ctx *ctx, const struct qr_code *code, const struct stored_session *by)
{
    return (struct scanning) { .row = {
                                   .pending_id = row_id(ctx, code->id),
                                   .kind = PENDING_QR,
                                   .waiter = waiter_of(ctx, code->tx),
                                   .partner_id = code->partner_id,
                                   .terminal_id = "",
                                   .person_id = by->subject.id,
                                   .request = "",
                                   .state = PENDING_SEEN,
                                   .sid = "",
                                   .created_at = code->created_at,
                                   .expires_at = code->created_at + QR_CODE_LIFE_S + TAKE_S,
                               } };
}

/* ERR_NOT_FOUND: nobody has scanned it. */
static enum err
find_and_judge(struct ctx *ctx, const struct digest *pending_id, const struct stored_session *by,
               const struct problem **problem)
{
    struct stored_pending row;
    enum err err = store_pending_load(ctx->store, ctx->arena, pending_id, &row);

    if (err == OK)
        *problem = judge(ctx, &row, by);
    return err;
}

const struct problem *
qr_judge(struct ctx *ctx, const struct qr_code *code, const struct stored_session *by)
{
    struct digest pending_id = row_id(ctx, code->id);
    const struct problem *problem = NULL;
    enum err err = find_and_judge(ctx, &pending_id, by, &problem);

    if (err == ERR_NOT_FOUND)
        return channel_lends(by->channel, channel_of(ctx, code)) ? NULL : &problem_qr_not_lent;
    return err == OK ? problem : problem_of(err);
}

const struct problem *
qr_scanned(struct ctx *ctx, const struct qr_code *code, const struct qr_scan *scan)
{
    struct scanning scanning = scanning_of(ctx, code, scan->by);
    const struct problem *problem = NULL;
    bool first;
    enum err err = find_and_judge(ctx, &scanning.row.pending_id, scan->by, &problem);

    if (err != ERR_NOT_FOUND)
        return err == OK ? problem : problem_of(err);
    if (!channel_lends(scan->by->channel, channel_of(ctx, code)))
        return rejected(ctx, "channel", scan->by, &problem_qr_not_lent);
    if (scan->counts)
        problem = prompt_take(ctx, scan->by->subject.id, &first);
    if (problem != NULL)
        return problem;
    err = change(ctx, row_insert_scanned, &scanning);
    if (err == OK) {
        metric_add(METRIC_QR_SCANNED, 1);
        return NULL;
    }
    if (scan->counts)
        prompt_give_back(ctx, scan->by->subject.id);
    if (err == ERR_CONFLICT) /* at this very moment */
        err = find_and_judge(ctx, &scanning.row.pending_id, scan->by, &problem);
    return err == OK ? problem : problem_of(err);
}

struct qr_deciding {
    struct pending_step step;
    const struct stored_session *by;
    const char *partner_id;
    bool allow;
};

static enum err
decide(struct ctx *ctx, void *state)
{
    const struct qr_deciding *deciding = state;
    enum err err = deciding->allow ? store_pending_approve(ctx->store, &deciding->step)
                                   : store_pending_refuse(ctx->store, &deciding->step);

    if (err == OK)
        err =
            audit_write(ctx, &(struct audit_record) {
                                 .event = deciding->allow ? AUDIT_QR_CONFIRMED : AUDIT_QR_CANCELLED,
                                 .subject = deciding->by->subject,
                                 .partner_id = deciding->partner_id,
                                 .sid = deciding->by->sid,
                             });
    return err;
}

static const struct problem *
decided(struct ctx *ctx, const struct qr_deciding *deciding)
{
    metric_add(deciding->allow ? METRIC_QR_CONFIRMED : METRIC_QR_CANCELLED, 1);
    if (deciding->allow)
        prompt_give_back(ctx, deciding->by->subject.id);
    return NULL;
}

const struct problem *
qr_decide(struct ctx *ctx, const char *id, const struct stored_session *by, bool allow)
{
    struct qr_deciding deciding = {
        .step = { .pending_id = row_id(ctx, id), by->subject.id, by->sid, ctx->now },
        .by = by,
        .allow = allow,
    };
    const struct problem *problem = NULL;
    struct stored_pending row;
    enum err err = store_pending_load(ctx->store, ctx->arena, &deciding.step.pending_id, &row);

    if (err == OK)
        problem = judge(ctx, &row, by);
    if (problem != NULL)
        return problem;
    deciding.partner_id = row.partner_id;
    if (err == OK)
        err = change(ctx, decide, &deciding);
    if (err == OK)
        return decided(ctx, &deciding);
    if (err != ERR_NOT_FOUND)
        return problem_of(err);
    /* Never scanned, or decided at this very moment. */
    err = find_and_judge(ctx, &deciding.step.pending_id, by, &problem);
    if (err == ERR_NOT_FOUND)
        return &problem_qr_unknown;
    if (err != OK)
        return problem_of(err);
    return problem != NULL ? problem : &problem_qr_over;
}

/* --- The browser that shows it --- */

static const struct {
    const char *name;
} states[] = {
    [QR_WAITING] = { "waiting" },     [QR_SCANNED] = { "scanned" },
    [QR_CONFIRMED] = { "confirmed" }, [QR_CANCELLED] = { "cancelled" },
    [QR_OVER] = { "over" },
};

const char *
qr_state_name(enum qr_state state)
{
    return states[state].name;
}

static enum qr_state
state_of(const struct ctx *ctx, const struct stored_pending *row)
{
    if (row->state == PENDING_APPROVED || row->state == PENDING_TAKEN)
        return ctx->now < row->expires_at ? QR_CONFIRMED : QR_OVER;
    if (row->state == PENDING_REFUSED)
        return QR_CANCELLED;
    return is_over(ctx, row->created_at) ? QR_OVER : QR_SCANNED;
}

enum err
qr_state_find(struct ctx *ctx, const struct qr_code *code, enum qr_state *out)
{
    struct digest pending_id = row_id(ctx, code->id);
    struct stored_pending row;
    enum err err = store_pending_load(ctx->store, ctx->arena, &pending_id, &row);

    if (err == ERR_NOT_FOUND) {
        *out = is_over(ctx, code->created_at) ? QR_OVER : QR_WAITING;
        return OK;
    }
    if (err == OK)
        *out = state_of(ctx, &row);
    return err;
}

struct taking_login {
    struct digest pending_id;
    struct digest waiter;
};

static enum err
take(struct ctx *ctx, void *state)
{
    const struct taking_login *taking = state;

    return store_pending_take(ctx->store, &taking->pending_id, &taking->waiter, ctx->now);
}

/* What the session that allowed it has proven; it may have ended since. */
static const struct problem *
proof_of(struct ctx *ctx, const struct stored_pending *row, struct proof *out)
{
    struct session *lender = arena_alloc(ctx->arena, sizeof(*lender));
    enum err err = session_find(ctx, row->sid, lender);

    if (err != OK)
        return problem_of(err);
    if (!lender->live)
        return &problem_qr_over;
    *out = (struct proof) { .way = LOGIN_BY_QR,
                            .person_id = row->person_id,
                            .amr = lender->row.amr,
                            .lent_by = &lender->row,
                            .repeated = row->state == PENDING_TAKEN };
    return NULL;
}

const struct problem *
qr_take(struct ctx *ctx, const struct qr_code *code, struct proof *out)
{
    struct taking_login taking = { row_id(ctx, code->id), waiter_of(ctx, code->tx) };
    struct stored_pending row;
    const struct problem *problem;
    enum err err = store_pending_load(ctx->store, ctx->arena, &taking.pending_id, &row);

    if (err == ERR_NOT_FOUND || (err == OK && state_of(ctx, &row) != QR_CONFIRMED))
        return &problem_qr_over;
    if (err != OK)
        return problem_of(err);
    problem = proof_of(ctx, &row, out);
    if (problem != NULL || out->repeated)
        return problem;
    err = change(ctx, take, &taking);
    /* Not found: the same form was sent twice, and its session has the same name. */
    return err == ERR_NOT_FOUND ? NULL : problem_of(err);
}
