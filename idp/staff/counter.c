/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/counter.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/attempts.h"
#include "idp/staff/acting_end.h"
#include "idp/staff/sitting_end.h"

#include "keys/secret.h"
#include "policies/card_field.h"
#include "policies/network.h"

#define TRIES 8

static const struct setup_kind counters = { "k_", "counter.code" };

/* Of an operator's command too, which sits at no counter. */
static enum err
change_tell(struct ctx *ctx, const char *counter_id, const char *reason)
{
    ctx->counter_id = counter_id;
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_COUNTER_CHANGED,
                                                     .reason = reason,
                                                     .subject = { SUBJECT_STAFF, ctx->staff_id } });
}

/* --- Announcing one --- */

static enum err
counter_insert(struct ctx *ctx, void *state)
{
    const struct stored_counter *row = state;
    enum err err = store_counter_insert(ctx->store, row);

    return err == OK ? change_tell(ctx, row->counter_id, "added") : err;
}

static enum err
add_once(struct ctx *ctx, struct stored_counter *row, struct setup_code *out)
{
    struct digest digest;
    enum err err = setup_id_new(ctx, &counters, &row->counter_id);

    if (err == OK)
        err = setup_code_make(ctx, &counters, row->counter_id, &digest, out);
    if (err != OK)
        return err;
    row->code = digest_view(&digest);
    row->code_until = out->until;
    return change(ctx, counter_insert, row);
}

enum err
counter_add(struct ctx *ctx, const struct stored_counter *wanted, struct setup_code *out)
{
    struct stored_counter row = {
        .place = wanted->place,
        .agency = wanted->agency,
        .region = wanted->region,
        .state = COUNTER_ANNOUNCED,
        .certificate = "",
        .sid = "",
        .created_at = ctx->now,
    };
    enum err err = ERR_CONFLICT;

    if (!setup_text_is_sound(wanted->place) || !setup_text_is_sound(wanted->agency) ||
        text_is_empty(wanted->region) || !card_region_is_sound(wanted->region))
        return ERR_INVALID;
    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++)
        err = add_once(ctx, &row, out);
    return err;
}

struct counter_code_renewing {
    const char *counter_id;
    struct digest digest;
    unix_s until;
};

static enum err
code_put(struct ctx *ctx, void *state)
{
    const struct counter_code_renewing *renewing = state;
    enum err err =
        store_counter_code(ctx->store, renewing->counter_id, &renewing->digest, renewing->until);

    return err == OK ? change_tell(ctx, renewing->counter_id, "code") : err;
}

enum err
counter_code_renew(struct ctx *ctx, const char *counter_id, struct setup_code *out)
{
    struct counter_code_renewing renewing = { .counter_id = counter_id };
    enum err err;

    if (strlen(counter_id) != SETUP_ID_SIZE)
        return ERR_NOT_FOUND;
    err = setup_code_make(ctx, &counters, counter_id, &renewing.digest, out);
    renewing.until = out->until;
    return err == OK ? change(ctx, code_put, &renewing) : err;
}

/* --- Enrolling --- */

struct counter_enrolling {
    struct stored_counter row;
    struct digest code;
    struct digest secret;
    const char *former;
};

static enum err
enrolled(struct ctx *ctx, void *state)
{
    struct counter_enrolling *enrolling = state;
    struct stored_counter before;
    const char *counter_id = enrolling->row.counter_id;
    enum err err = store_counter_load(ctx->store, ctx->arena, counter_id, &before);

    if (err == OK)
        err = store_counter_enrol(ctx->store, &enrolling->row, &enrolling->code);
    if (err != OK)
        return err;
    enrolling->former = before.sid;
    enrolling->row.place = before.place;
    return change_tell(ctx, counter_id, "enrolled");
}

static const struct problem *
rejected(struct ctx *ctx, const char *reason, const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_COUNTER_REJECTED,
                                             .reason = reason,
                                             .subject = { SUBJECT_STAFF, ctx->staff_id } });
    return problem;
}

/* The form that has enrolled it, pressed again: the secret is one of this flow and this code. */
static bool
is_repeated(struct ctx *ctx, struct counter_enrolling *enrolling)
{
    struct stored_counter row;
    struct digest kept;

    if (store_counter_load(ctx->store, ctx->arena, enrolling->row.counter_id, &row) != OK ||
        row.state != COUNTER_ENROLLED || row.secret.size != sizeof(kept.bytes) ||
        ctx->now > row.enrolled_at + REPEAT_S)
        return false;
    memcpy(kept.bytes, row.secret.at, sizeof(kept.bytes));
    if (!digest_eq(&kept, &enrolling->secret))
        return false;
    enrolling->row = row;
    return true;
}

/* Counted before it is looked at; a right one gets its attempt back. */
static const struct problem *
code_try(struct ctx *ctx, struct counter_enrolling *enrolling)
{
    const struct attempt_line line = { .kind = ATTEMPT_COUNTER_CODE,
                                       .subject = network_unit(ctx->arena, ctx->address) };
    bool allowed;
    enum err err = attempt_take(ctx, line.kind, line.subject, &allowed);

    if (err != OK)
        return problem_of(err);
    if (!allowed)
        return rejected(ctx, "guesses", &problem_counter_guesses_full);
    err = enrolling->row.counter_id != NULL ? change(ctx, enrolled, enrolling) : ERR_NOT_FOUND;
    if (err == ERR_NOT_FOUND && enrolling->row.counter_id != NULL && is_repeated(ctx, enrolling))
        err = OK;
    if (err == ERR_NOT_FOUND)
        return rejected(ctx, "code", &problem_counter_code_invalid);
    attempts_give_back(ctx, &line, 1);
    return problem_of(err);
}

static const char *
secret_of(struct ctx *ctx, const struct counter_enrolling *enrolling, const char *once)
{
    struct digest secret =
        digest_keyed_texts(&ctx->keys->index, "counter.secret", once,
                           base64url_encode(ctx->arena, digest_view(&enrolling->code)), NULL);

    return base64url_encode(ctx->arena, digest_view(&secret));
}

const struct problem *
counter_enrol(struct ctx *ctx, const struct counter_enrolment *enrolment,
              struct stored_counter *out, const char **cookie)
{
    struct counter_enrolling enrolling = {
        .row = { .certificate = enrolment->certificate != NULL ? enrolment->certificate : "",
                 .enrolled_at = ctx->now },
        .former = "",
    };
    const char *secret = "";
    const struct problem *problem;

    if (setup_code_read(ctx, &counters, enrolment->code, &enrolling.row.counter_id,
                        &enrolling.code)) {
        secret = secret_of(ctx, &enrolling, enrolment->once);
        enrolling.secret = digest_of_text(secret);
        enrolling.row.secret = digest_view(&enrolling.secret);
    }
    problem = code_try(ctx, &enrolling);
    if (problem == NULL)
        problem = problem_of(sitting_end(ctx, enrolling.former, SITTING_ENDED_COUNTER));
    if (problem != NULL)
        return problem;
    *out = enrolling.row;
    *cookie = arena_printf(ctx->arena, "%s%s", out->counter_id, secret);
    return NULL;
}

/* --- For good --- */

static enum err
retired(struct ctx *ctx, void *state)
{
    const struct stored_counter *row = state;
    enum err err = store_counter_retire(ctx->store, row->counter_id, ctx->now);

    return err == OK ? change_tell(ctx, row->counter_id, "retired") : err;
}

/* Every node reads the row for each request of a sitting, so none takes it from here on. */
enum err
counter_retire(struct ctx *ctx, const char *counter_id, int64_t *ended)
{
    struct stored_counter row = { .retired_at = 0 };
    bool again;
    enum err err = store_counter_load(ctx->store, ctx->arena, counter_id, &row);

    if (err == OK)
        err = change(ctx, retired, &row);
    again = err == ERR_NOT_FOUND && row.retired_at != 0;
    if (err != OK && !again)
        return err;
    err = sitting_end(ctx, row.sid, SITTING_ENDED_RETIRED);
    *ended = !text_is_empty(row.sid);
    return err == OK && again ? ERR_CONFLICT : err;
}

/* --- Locking --- */

struct sitting_locking {
    const struct sitting *sitting;
    bool lock;
};

static enum err
lock_put(struct ctx *ctx, void *state)
{
    const struct sitting_locking *locking = state;
    const struct stored_sitting *row = &locking->sitting->row;
    enum err err = store_sitting_lock(ctx->store, row->sid, locking->lock ? ctx->now : 0);

    if (err != OK)
        return err;
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_COUNTER_LOCKED,
                                                     .reason = locking->lock ? "locked" : "opened",
                                                     .subject = { SUBJECT_STAFF, row->staff_id },
                                                     .sid = row->sid });
}

enum err
sitting_lock(struct ctx *ctx, const struct sitting *sitting)
{
    struct sitting_locking locking = { sitting, true };
    enum err err = sitting_is_locked(sitting) ? OK : change(ctx, lock_put, &locking);

    return err == OK ? acting_end_all(ctx, sitting->row.sid, "locked") : err;
}

enum err
sitting_unlock(struct ctx *ctx, const struct sitting *sitting)
{
    struct sitting_locking locking = { sitting, false };

    return sitting_is_locked(sitting) ? change(ctx, lock_put, &locking) : OK;
}

const char *
counter_state_name(int64_t state)
{
    static const char *const names[] = { "?", "announced", "enrolled", "retired" };

    return names[state >= COUNTER_ANNOUNCED && state <= COUNTER_RETIRED ? state : 0];
}
