/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/session.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/device.h"
#include "idp/person/evidence.h"
#include "idp/session/token.h"
#include "idp/tables/person.h"
#include "idp/tables/staff.h"
#include "keys/handle.h"
#include "policies/network.h"

/* How often "last seen" is written: a write for every click would be one for nothing. */
#define TOUCH_EVERY_S 60
#define TOUCHES_OF_IDLE 12
#define SID_SIZE 24 /* "s_" and 22 characters: id_new() */
#define SID_BYTES 16
#define COOKIE_MAX 128

/* The cookie is the sid and the secret, one behind the other; false when it has not that form. */
static bool
cookie_split(struct ctx *ctx, const char *cookie, const char **sid, const char **secret)
{
    if (cookie == NULL || strlen(cookie) <= SID_SIZE || strlen(cookie) > COOKIE_MAX)
        return false;
    *sid = arena_copy(ctx->arena, cookie, SID_SIZE);
    *secret = cookie + SID_SIZE;
    return true;
}

static int64_t
idle_s(const struct ctx *ctx, const char *channel)
{
    const struct channel_rule *rule = channel_rule(channel);

    return rule->idle_s > 0 ? rule->idle_s : ctx->settings->life.session_idle_s;
}

static int64_t
absolute_s(const struct ctx *ctx, const char *channel)
{
    const struct channel_rule *rule = channel_rule(channel);

    return rule->absolute_s > 0 ? rule->absolute_s : ctx->settings->life.session_absolute_s;
}

static bool
is_live(const struct ctx *ctx, const struct stored_session *row)
{
    return row->ended_at == 0 && ctx->now < row->expires_at &&
           !handed_out_too_early(ctx, row->auth_time) &&
           ctx->now - row->seen_at < idle_s(ctx, row->channel);
}

/* What its login is worth by now. */
static int
level_now(const struct ctx *ctx, const struct stored_session *row)
{
    return channel_level(row->channel, (int)row->level, ctx->now - row->auth_time);
}

/* A short idle time must be told from a shorter one. */
static int64_t
touch_every_s(const struct ctx *ctx, const char *channel)
{
    int64_t every_s = idle_s(ctx, channel) / TOUCHES_OF_IDLE;

    return every_s < TOUCH_EVERY_S ? every_s : TOUCH_EVERY_S;
}

static enum err
touch(struct ctx *ctx, struct stored_session *row)
{
    enum err err;

    if (ctx->now - row->seen_at < touch_every_s(ctx, row->channel))
        return OK;
    row->seen_at = ctx->now;
    err = store_session_touch(ctx->store, row->sid, ctx->now);
    return err == ERR_NOT_FOUND ? OK
                                : err; /* ended this very moment: the next request will see it */
}

static enum err
staff_is_active(struct ctx *ctx, const char *staff_id, bool *out)
{
    struct stored_staff staff;
    enum err err = store_staff_load(ctx->store, ctx->arena, staff_id, &staff);

    *out = err == OK && staff.state == STAFF_ACTIVE;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
subject_is_active(struct ctx *ctx, struct subject subject, bool *out)
{
    int64_t state;
    enum err err;

    *out = false;
    if (subject.kind == SUBJECT_STAFF)
        return staff_is_active(ctx, subject.id, out);
    if (!subject_is_person(subject))
        return OK;
    err = store_person_state(ctx->store, subject.id, &state);
    *out = err == OK && state == PERSON_ACTIVE;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* One that has been found and has not ended: what it is worth now, if she may still go on. */
static enum err
stand(struct ctx *ctx, struct session *out)
{
    out->level_at_login = out->row.level;
    out->row.level = level_now(ctx, &out->row);
    return subject_is_active(ctx, out->row.subject, &out->live);
}

/* The cookie of one kind of subject opens no session of another. */
static enum err
load_of(struct ctx *ctx, enum subject_kind kind, const char *cookie, struct session *out)
{
    const char *sid;
    const char *secret;
    struct digest presented;
    enum err err;

    *out = (struct session) { .live = false };
    if (!cookie_split(ctx, cookie, &sid, &secret))
        return OK;
    err = store_session_load(ctx->store, ctx->arena, sid, &out->row);
    if (err == ERR_NOT_FOUND)
        return OK;
    if (err != OK)
        return err;
    presented = digest_of_text(secret);
    if (!digest_eq(&presented, &out->row.handle) || out->row.subject.kind != (int64_t)kind ||
        !is_live(ctx, &out->row))
        return OK;
    err = stand(ctx, out);
    return out->live ? touch(ctx, &out->row) : err;
}

enum err
session_load(struct ctx *ctx, const char *cookie, struct session *out)
{
    return load_of(ctx, SUBJECT_PERSON, cookie, out);
}

enum err
session_load_staff(struct ctx *ctx, const char *cookie, struct session *out)
{
    return load_of(ctx, SUBJECT_STAFF, cookie, out);
}

enum err
session_goes_on(struct ctx *ctx, const char *sid, bool *out)
{
    struct stored_session row;
    enum err err = store_session_load(ctx->store, ctx->arena, sid, &row);

    *out =
        err == OK && row.ended_at == 0 && !handed_out_too_early(ctx, row.auth_time) &&
        ((text_is_empty(row.terminal_id) && !subject_is_staff(row.subject)) || is_live(ctx, &row));
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
find_of(struct ctx *ctx, enum subject_kind kind, const char *sid, struct session *out)
{
    enum err err;

    *out = (struct session) { .live = false };
    err = store_session_load(ctx->store, ctx->arena, sid, &out->row);
    if (err != OK || out->row.subject.kind != (int64_t)kind || !is_live(ctx, &out->row))
        return err == ERR_NOT_FOUND ? OK : err;
    return stand(ctx, out);
}

enum err
session_find(struct ctx *ctx, const char *sid, struct session *out)
{
    return find_of(ctx, SUBJECT_PERSON, sid, out);
}

enum err
session_find_staff(struct ctx *ctx, const char *sid, struct session *out)
{
    return find_of(ctx, SUBJECT_STAFF, sid, out);
}

enum err
session_used(struct ctx *ctx, const char *sid)
{
    struct stored_session row;
    enum err err = store_session_load(ctx->store, ctx->arena, sid, &row);

    if (err == OK && !text_eq(row.terminal_id, ctx->terminal_id))
        err = ERR_REFUSED;
    return err == OK && is_live(ctx, &row) ? touch(ctx, &row) : err;
}

/* What a session's cookie is made of. */
struct login_names {
    const char *sid;
    const char *secret;
};

struct session_start {
    const struct proof *proof;
    const struct stored_session *row;
    bool renew;
};

/* ERR_EXPIRED: her credentials were changed since the login began. Whoever changes them ends the
 * sessions that are there, and waits for one that is on its way, or it waits for him. */
static enum err
proof_stands(struct ctx *ctx, const struct proof *proof)
{
    enum err err = OK;

    if (proof->begun_at != 0)
        err = store_person_hold(ctx->store, proof->person_id, proof->begun_at);
    if (err == OK && proof->lent_by != NULL) /* whoever ends it waits for this, or this for him */
        err = store_session_touch(ctx->store, proof->lent_by->sid, ctx->now);
    return err == ERR_NOT_FOUND ? ERR_EXPIRED : err;
}

static enum err
begin(struct ctx *ctx, void *state)
{
    struct session_start *beginning = state;
    enum err err = proof_stands(ctx, beginning->proof);

    if (err == OK)
        err = beginning->renew ? store_session_renew(ctx->store, beginning->row)
                               : store_session_insert(ctx->store, beginning->row);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_LOGIN,
                                                        .reason = beginning->row->amr,
                                                        .subject = beginning->row->subject,
                                                        .sid = beginning->row->sid });
    return err;
}

enum err
session_begin_in_change(struct ctx *ctx, const struct proof *proof,
                        const struct stored_session *session)
{
    return begin(ctx, &(struct session_start) { .proof = proof, .row = session });
}

/* No more than the channel bears, and than whoever lent it has. */
static enum err
level_of(struct ctx *ctx, const struct proof *proof, struct stored_session *row)
{
    struct standing standing;
    enum err err = evidence_standing(ctx, row->subject.id, &standing);

    if (err != OK)
        return err;
    row->level = login_level(standing.level, row->amr);
    if (proof->lent_by != NULL && level_now(ctx, proof->lent_by) < row->level)
        row->level = level_now(ctx, proof->lent_by);
    row->level = channel_level(row->channel, (int)row->level, 0);
    return OK;
}

/* A step-up: factors that were shown within the time of one transaction count together. */
static const char *
amr_joined(struct ctx *ctx, const struct stored_session *present, const char *amr)
{
    if (ctx->now - present->auth_time > ctx->settings->life.transaction_s)
        return amr;
    return text_list_union(ctx->arena, present->amr, amr);
}

/* Names that nobody can guess, and that the same login makes again within its transaction. */
static void
names_of_login(struct ctx *ctx, const struct proof *proof, struct login_names *out)
{
    const struct key32 *key = &ctx->keys->index;
    const char *factors = proof->lent_by != NULL ? proof->lent_by->sid : proof->amr;
    struct digest sid =
        digest_keyed_texts(key, "session.sid", proof->once, proof->person_id, factors, NULL);
    struct digest secret =
        digest_keyed_texts(key, "session.secret", proof->once, proof->person_id, factors, NULL);

    out->sid = arena_printf(ctx->arena, "s_%s",
                            base64url_encode(ctx->arena, bytes_of(sid.bytes, SID_BYTES)));
    out->secret = base64url_encode(ctx->arena, digest_view(&secret));
}

static enum err
names_new(struct ctx *ctx, struct login_names *out)
{
    enum err err = handle_new(ctx->env, ctx->arena, &out->secret);

    return err == OK ? id_new(ctx->env, ctx->arena, "s_", &out->sid) : err;
}

static bool
has_secret(const struct stored_session *row, const char *secret)
{
    struct digest handle = digest_of_text(secret);

    return row->sid != NULL && digest_eq(&row->handle, &handle);
}

/* This very login made or renewed it a moment ago. */
static bool
is_of_login(const struct ctx *ctx, const struct stored_session *row,
            const struct login_names *names)
{
    return has_secret(row, names->secret) && is_live(ctx, row) &&
           ctx->now - (text_is_empty(row->lent_by) ? row->auth_time : row->seen_at) <= REPEAT_S;
}

static const char *
network_known(const struct ctx *ctx)
{
    return text_is_empty(ctx->address) ? "" : network_prefix(ctx->arena, ctx->address);
}

static struct stored_session
row_new(const struct ctx *ctx, const struct proof *proof, const struct login_names *names)
{
    struct stored_session row = {
        .sid = names->sid,
        .handle = digest_of_text(names->secret),
        .subject = subject_person(proof->person_id),
        .channel = ctx->channel,
        .amr = proof->amr,
        .auth_time = ctx->now,
        .seen_at = ctx->now,
        .expires_at = ctx->now + absolute_s(ctx, ctx->channel),
        .partner_id = ctx->partner_id,
        .terminal_id = ctx->terminal_id,
        .lent_by = "",
        .device = device_name(ctx),
        .network = network_known(ctx),
        .browser = ctx->browser,
    };

    if (proof->lent_by == NULL)
        return row;
    row.amr = proof->lent_amr != NULL
                  ? text_list_union(ctx->arena, proof->lent_by->amr, proof->lent_amr)
                  : proof->lent_by->amr;
    row.auth_time = proof->lent_by->auth_time;
    row.lent_by = proof->lent_by->sid;
    if (row.expires_at > proof->lent_by->expires_at)
        row.expires_at = proof->lent_by->expires_at;
    return row;
}

/* She has proven herself once more in the same place: where that began stays, unless it is nothing
 * to the channel that asks now. */
static void
row_renew(struct ctx *ctx, const struct stored_session *present, const struct proof *proof,
          struct stored_session *row)
{
    row->sid = present->sid;
    if (!channel_lends(present->channel, ctx->channel))
        return;
    row->channel = present->channel;
    row->partner_id = present->partner_id;
    if (proof->lent_by != NULL)
        return;
    row->amr = amr_joined(ctx, present, proof->amr);
    row->expires_at = ctx->now + absolute_s(ctx, present->channel);
}

static enum err
row_make(struct ctx *ctx, const struct session *present, const struct proof *proof,
         const struct login_names *names, struct stored_session *row)
{
    *row = row_new(ctx, proof, names);
    if (present->live && text_eq(present->row.subject.id, proof->person_id))
        row_renew(ctx, &present->row, proof, row);
    return level_of(ctx, proof, row);
}

enum err
session_make(struct ctx *ctx, const struct proof *proof, struct stored_session *out)
{
    struct login_names names;
    enum err err = names_new(ctx, &names);

    if (err != OK)
        return err;
    *out = row_new(ctx, proof, &names);
    return level_of(ctx, proof, out);
}

static enum err
begin_as(struct ctx *ctx, const struct session *present, const struct proof *proof,
         const struct login_names *names, struct stored_session *row)
{
    struct session_start beginning = { .proof = proof, .row = row };
    enum err err = row_make(ctx, present, proof, names, row);

    if (err != OK)
        return err;
    beginning.renew = present->live && text_eq(present->row.sid, row->sid);
    if (present->live && !beginning.renew)
        err = session_end(ctx, present, "replaced");
    if (err == OK)
        err = change(ctx, begin, &beginning);
    if (err == OK)
        login_count(ctx, proof->way, LOGIN_OK);
    return err;
}

/* ERR_CONFLICT: these names are taken, and not by this login just now. */
static enum err
begin_once(struct ctx *ctx, const struct session *present, const struct proof *proof,
           const struct login_names *names, struct stored_session *row)
{
    enum err err;

    *row = present->row;
    if (has_secret(row, names->secret))
        return is_of_login(ctx, row, names) ? OK : ERR_CONFLICT;
    err = begin_as(ctx, present, proof, names, row);
    if (err != ERR_CONFLICT)
        return err;
    err = store_session_load(ctx->store, ctx->arena, names->sid, row);
    if (err == OK && !is_of_login(ctx, row, names))
        err = ERR_CONFLICT;
    return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
}

static enum err
begin_under(struct ctx *ctx, const struct session *present, const struct proof *proof,
            struct login_names *names, struct stored_session *row)
{
    enum err err = ERR_CONFLICT;

    if (proof->once != NULL) {
        names_of_login(ctx, proof, names);
        err = begin_once(ctx, present, proof, names, row);
    }
    if (err != ERR_CONFLICT || proof->repeated)
        return err;
    err = names_new(ctx, names);
    return err == OK ? begin_as(ctx, present, proof, names, row) : err;
}

enum err
session_begin(struct ctx *ctx, const struct session *present, const struct proof *proof,
              struct session *out, const char **cookie)
{
    struct login_names names;
    enum err err = begin_under(ctx, present, proof, &names, &out->row);

    if (err != OK)
        return err;
    out->live = true;
    out->level_at_login = out->row.level;
    *cookie = arena_printf(ctx->arena, "%s%s", out->row.sid, names.secret);
    return OK;
}

struct approval
approval_of_session(const struct stored_session *session)
{
    return (struct approval) {
        .subject = session->subject,
        .sid = session->sid,
        .acr = acr_of_level((int)session->level),
        .amr = session->amr,
        .auth_time = session->auth_time,
        .until = session->expires_at,
    };
}

const char *
session_csrf(struct ctx *ctx, const char *cookie)
{
    struct digest digest = digest_keyed_texts(&ctx->keys->csrf, "session", cookie, NULL);

    return base64url_encode(ctx->arena, digest_view(&digest));
}
