/* SPDX-License-Identifier: Apache-2.0 */
/* What there is of a person. Her data is masked, unless the operator says why it must not be. */
#include "idp/base/text.h"
#include "idp/commands/person.h"
#include "idp/commands/showing.h"
#include "idp/person/attempts.h"
#include "idp/person/evidence.h"
#include "idp/person/seen.h"
#include "idp/tables/credential.h"
#include "idp/tables/evidence.h"
#include "idp/tables/grant.h"
#include "idp/tables/session.h"
#include "idp/tables/survival.h"
#include "policies/identity_number.h"
#include "policies/name.h"
#include "policies/phone.h"

/* --- Masked or whole --- */

static enum err
unmask(struct call *call, const struct person *person)
{
    const char *why;

    if (call->reason == NULL)
        return call_fail(call, ERR_INVALID,
                         "--unmask needs --reason TEXT, which the audit trail keeps; nothing was "
                         "shown");
    why = seen_reason_check(call->arena, person, call->reason);
    if (why != NULL)
        return call_fail(call, ERR_INVALID, "the reason is refused: %s; nothing was shown", why);
    return person_seen(&call->shop.ctx, person->person_id, call->reason);
}

static enum err
data_mask(struct call *call, struct person *person)
{
    if (call->unmask)
        return unmask(call, person);
    if (call->reason != NULL)
        return call_fail(call, ERR_INVALID,
                         "--reason goes with --unmask, and without it nothing is to be recorded");
    if (text_is_empty(person->name))
        return OK;
    person->name = name_masked(call->arena, person->name);
    person->identity_number = identity_number_masked(call->arena, person->identity_number);
    person->phone = phone_masked(call->arena, person->phone);
    return OK;
}

enum err
person_to_show(struct call *call, struct person *out)
{
    enum err err = person_of_call(call, out);

    return err == OK ? data_mask(call, out) : err;
}

enum err
command_person_find(struct call *call)
{
    static const struct listing_column columns[] = {
        { "person_id", CELL_TEXT },
        { "state", CELL_TEXT },
        { "name", CELL_TEXT },
        { "identity_number", CELL_TEXT },
        { "phone", CELL_TEXT },
        { "registered_at", CELL_TIME },
        { 0 },
    };
    struct person person = { 0 };
    struct listing listing;
    enum err err = person_to_show(call, &person);

    if (err != OK)
        return err;
    listing_begin(call, columns, &listing);
    listing_add(&listing, (struct cell[]) { { .text = person.person_id },
                                            { .text = person_state_name(person.state) },
                                            { .text = person.name },
                                            { .text = person.identity_number },
                                            { .text = person.phone },
                                            { .number = person.created_at } });
    listing_end(&listing);
    return OK;
}

/* --- Sessions --- */

static enum err
partners_of(struct call *call, const char *sid, const char **out)
{
    struct ctx *ctx = &call->shop.ctx;
    struct buf names = buf_new(call->arena, 128);
    struct grant_list list = { .count = GRANT_PAGE };
    const char *after = "";
    enum err err = OK;

    while (err == OK && list.count == GRANT_PAGE) {
        err = store_grant_list_partners(ctx->store, call->arena, sid,
                                        &(struct grant_after) { after, ctx->now }, &list);
        for (size_t i = 0; err == OK && i < list.count; i++) {
            after = list.at[i].partner_id;
            buf_text(&names, names.size > 0 ? " " : "");
            buf_text(&names, after);
        }
    }
    *out = names.at;
    return err;
}

static enum err
session_list(struct call *call, struct listing *listing, const char *sid)
{
    struct stored_session row;
    const char *partners;
    enum err err = store_session_load(call->shop.ctx.store, call->arena, sid, &row);

    if (err == OK)
        err = partners_of(call, sid, &partners);
    if (err == OK)
        listing_add(listing, (struct cell[]) { { .text = row.sid },
                                               { .number = row.auth_time },
                                               { .number = row.seen_at },
                                               { .number = row.expires_at },
                                               { .text = row.channel },
                                               { .text = row.amr },
                                               { .number = row.level },
                                               { .text = partners } });
    return err == ERR_NOT_FOUND ? OK : err; /* swept a moment ago */
}

enum err
command_person_sessions(struct call *call)
{
    static const struct listing_column columns[] = {
        { "session_id", CELL_TEXT }, { "since", CELL_TIME },    { "last_seen", CELL_TIME },
        { "ends_at", CELL_TIME },    { "channel", CELL_TEXT },  { "by", CELL_TEXT },
        { "level", CELL_NUMBER },    { "partners", CELL_TEXT }, { 0 },
    };
    struct ctx *ctx = &call->shop.ctx;
    struct sid_list page = { .count = SESSION_PAGE };
    struct sessions_of which = { .but = "", .before = TIME_NEVER, .now = ctx->now };
    struct person person = { 0 };
    struct listing listing;
    enum err err = person_of_call(call, &person);

    if (err != OK)
        return err;
    which.person_id = person.person_id;
    listing_begin(call, columns, &listing);
    while (err == OK && page.count == SESSION_PAGE) {
        err = store_session_list(ctx->store, call->arena, &which, &page);
        for (size_t i = 0; err == OK && i < page.count; i++) {
            err = session_list(call, &listing, page.at[i]);
            which.after = page.at[i];
        }
    }
    if (err == OK)
        listing_end(&listing);
    return err;
}

/* --- All of her --- */

static const char *
evidence_word(int64_t kind)
{
    static const char *const words[] = {
        "?",
#define EVIDENCE(symbol, word, ...) #word,
#include "policies/evidence_kind.def"
#undef EVIDENCE
    };

    return words[kind > 0 && kind < (int64_t)(sizeof(words) / sizeof(words[0])) ? kind : 0];
}

static enum err
evidence_show(struct call *call, const char *person_id)
{
    static const struct listing_column columns[] = {
        { "kind", CELL_TEXT },       { "source", CELL_TEXT },       { "proven_at", CELL_TIME },
        { "expires_at", CELL_TIME }, { "withdrawn_at", CELL_TIME }, { 0 },
    };
    struct evidence_list list;
    struct listing listing;
    enum err err = store_evidence_list(call->shop.ctx.store, call->arena, person_id, &list);

    if (err != OK)
        return err;
    listing_begin_within(call, "evidence", columns, &listing);
    for (size_t i = 0; i < list.count; i++)
        listing_add(&listing, (struct cell[]) { { .text = evidence_word(list.at[i].kind) },
                                                { .text = list.at[i].source },
                                                { .number = list.at[i].proven_at },
                                                { .number = list.at[i].expires_at },
                                                { .number = list.at[i].withdrawn_at } });
    listing_end(&listing);
    return OK;
}

static enum err
locks_show(struct call *call, const char *phone)
{
    static const struct listing_column columns[] = {
        { "counted", CELL_TEXT },
        { "times", CELL_NUMBER },
        { "waits_until", CELL_TIME },
        { "forgotten_at", CELL_TIME },
        { 0 },
    };
    struct ctx *ctx = &call->shop.ctx;
    struct attempt_locks locks;
    struct listing listing;
    enum err err = attempts_owned(ctx, phone, &locks);

    if (err != OK)
        return err;
    listing_begin_within(call, "wrong_passwords", columns, &listing);
    for (size_t i = 0; i < locks.count; i++) {
        const struct attempt_lock *lock = &locks.at[i];

        listing_add(&listing,
                    (struct cell[]) { { .text = attempt_rule(ctx->settings, lock->kind).name },
                                      { .number = lock->count },
                                      { .number = lock->wait_s > 0 ? ctx->now + lock->wait_s : 0 },
                                      { .number = lock->ends_at } });
    }
    listing_end(&listing);
    return OK;
}

static enum err
password_show(struct call *call, const char *person_id)
{
    const struct credential_key key = credential_password(person_id);
    struct stored_credential password;
    enum err err = store_credential_find(call->shop.ctx.store, call->arena, &key, &password);

    if (err == OK) {
        showing_time(call, "password_since", password.created_at);
        showing_time(call, "password_changed_at", password.updated_at);
    }
    return err == ERR_NOT_FOUND ? OK : err;
}

/* The last time she was seen alive for her pension, where she ever was. */
static enum err
survival_show(struct call *call, const char *person_id)
{
    struct stored_survival last;
    enum err err = store_survival_last(call->shop.ctx.store, call->arena, person_id, &last);

    if (err == OK) {
        showing_time(call, "survival_confirmed_at", last.confirmed_at);
        showing_time(call, "survival_until", last.until);
        showing_text(call, "survival_by", last.staff_id);
        showing_text(call, "survival_counter", last.counter_id);
    }
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
counts_show(struct call *call, const char *person_id)
{
    struct ctx *ctx = &call->shop.ctx;
    int64_t sessions;
    int64_t grants;
    enum err err = store_session_count_of(ctx->store, person_id, ctx->now, &sessions);

    if (err == OK)
        err = store_grant_count_of(ctx->store, person_id, ctx->now, &grants);
    if (err == OK) {
        showing_number(call, "sessions", sessions);
        showing_number(call, "grants", grants);
    }
    return err;
}

static void
data_show(struct call *call, const struct person *person, const struct standing *standing)
{
    showing_begin(call);
    showing_text(call, "person_id", person->person_id);
    showing_text(call, "state", person_state_name(person->state));
    if (text_is_empty(person->name))
        showing_text(call, "data", "cannot be read: it does not open under the key for it");
    showing_text(call, "name", person->name);
    showing_text(call, "identity_number", person->identity_number);
    showing_text(call, "phone", person->phone);
    showing_time(call, "registered_at", person->created_at);
    showing_time(call, "phone_verified_at", person->phone_verified_at);
    showing_time(call, "secured_at", person->secured_at);
    showing_number(call, "level", standing->level);
}

enum err
command_person_show(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    struct person person = { 0 };
    struct standing standing;
    const char *phone;
    enum err err = person_of_call(call, &person);

    phone = person.phone;
    if (err == OK)
        err = data_mask(call, &person);
    if (err == OK)
        err = evidence_standing(ctx, person.person_id, &standing);
    if (err != OK)
        return err;
    data_show(call, &person, &standing);
    err = password_show(call, person.person_id);
    if (err == OK)
        err = survival_show(call, person.person_id);
    if (err == OK)
        err = counts_show(call, person.person_id);
    if (err == OK)
        err = evidence_show(call, person.person_id);
    if (err == OK)
        err = locks_show(call, phone);
    if (err == OK)
        showing_end(call);
    return err;
}
