/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/terminal.h"

#include <openssl/evp.h>
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/context/change.h"
#include "idp/person/attempts.h"
#include "keys/jwk.h"
#include "policies/dpop.h"
#include "policies/network.h"

#define TRIES 8

static const struct setup_kind terminals = { "t_", "terminal.code" };

static enum err
changed_write(struct ctx *ctx, const struct stored_terminal *terminal, const char *reason)
{
    return audit_write(
        ctx, &(struct audit_record) { .event = AUDIT_TERMINAL_CHANGED,
                                      .reason = reason,
                                      .subject = { SUBJECT_TERMINAL, terminal->terminal_id },
                                      .partner_id = terminal->partner_id });
}

/* --- Announcing one --- */

static enum err
insert(struct ctx *ctx, void *state)
{
    const struct stored_terminal *row = state;
    enum err err = store_terminal_insert(ctx->store, row);

    return err == OK ? changed_write(ctx, row, "added") : err;
}

static enum err
add_once(struct ctx *ctx, struct stored_terminal *row, struct setup_code *out)
{
    struct digest digest;
    enum err err = setup_id_new(ctx, &terminals, &row->terminal_id);

    if (err == OK)
        err = setup_code_make(ctx, &terminals, row->terminal_id, &digest, out);
    if (err != OK)
        return err;
    row->code = digest_view(&digest);
    row->code_until = out->until;
    return change(ctx, insert, row);
}

enum err
terminal_add(struct ctx *ctx, const struct stored_terminal *wanted, struct setup_code *out)
{
    const struct partner *partner = registry_find(ctx->services->registry, wanted->partner_id);
    struct stored_terminal row = {
        .partner_id = wanted->partner_id,
        .place = wanted->place,
        .agency = wanted->agency,
        .state = TERMINAL_ANNOUNCED,
        .jwk = "",
        .thumbprint = "",
        .created_at = ctx->now,
    };
    enum err err = ERR_CONFLICT;

    if (partner == NULL)
        return ERR_NOT_FOUND;
    if (!text_eq(partner->profile.channel, TERMINAL_CHANNEL))
        return ERR_REFUSED;
    if (!setup_text_is_sound(wanted->place) || !setup_text_is_sound(wanted->agency))
        return ERR_INVALID;
    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++)
        err = add_once(ctx, &row, out);
    return err;
}

struct code_renewing {
    const char *terminal_id;
    struct digest digest;
    unix_s until;
};

static enum err
renew(struct ctx *ctx, void *state)
{
    const struct code_renewing *renewing = state;
    struct stored_terminal row;
    enum err err = store_terminal_load(ctx->store, ctx->arena, renewing->terminal_id, &row);

    if (err == OK)
        err = store_terminal_code(ctx->store, renewing->terminal_id, &renewing->digest,
                                  renewing->until);
    return err == OK ? changed_write(ctx, &row, "code") : err;
}

enum err
terminal_code_renew(struct ctx *ctx, const char *terminal_id, struct setup_code *out)
{
    struct code_renewing renewing = { .terminal_id = terminal_id };
    enum err err;

    if (strlen(terminal_id) != SETUP_ID_SIZE)
        return ERR_NOT_FOUND;
    err = setup_code_make(ctx, &terminals, terminal_id, &renewing.digest, out);
    renewing.until = out->until;
    return err == OK ? change(ctx, renew, &renewing) : err;
}

/* --- Enrolling --- */

static void
key_release(void *key)
{
    EVP_PKEY_free(key);
}

static enum err
key_form(struct arena *arena, EVP_PKEY *key, enum jws_alg alg, struct stored_terminal *out)
{
    struct held held;
    enum err err;

    hold_begin(&held, key_release, key);
    err = text_list_has(DPOP_ALGS, jws_alg_name(alg))
              ? jwk_public(arena, key, alg, &out->jwk, &out->thumbprint)
              : ERR_INVALID;
    hold_release(&held);
    return err;
}

/* The key in the one form in which we keep it, and it is the one that was proven. */
static const struct problem *
key_read(struct ctx *ctx, const struct terminal_enrolment *enrolment, struct stored_terminal *out)
{
    const char *kid;
    enum jws_alg alg;
    EVP_PKEY *key;

    if (enrolment->jwk == NULL || enrolment->proof_key == NULL ||
        jwk_import(ctx->arena, enrolment->jwk, &key, &alg, &kid) != OK ||
        key_form(ctx->arena, key, alg, out) != OK ||
        !text_eq(out->thumbprint, enrolment->proof_key))
        return &problem_terminal_key_invalid;
    return NULL;
}

struct enrolling {
    struct stored_terminal row;
    struct digest digest;
};

static enum err
enrol(struct ctx *ctx, void *state)
{
    struct enrolling *enrolling = state;
    const char *terminal_id = enrolling->row.terminal_id;
    enum err err = store_terminal_enrol(ctx->store, &enrolling->row, &enrolling->digest);

    if (err == OK)
        err = store_terminal_load(ctx->store, ctx->arena, terminal_id, &enrolling->row);
    return err == OK ? changed_write(ctx, &enrolling->row, "enrolled") : err;
}

static const struct problem *
rejected(struct ctx *ctx, const char *reason, const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_TERMINAL_REJECTED, .reason = reason });
    return problem;
}

/* Counted before it is looked at; a right one gets its attempt back. */
static const struct problem *
code_take(struct ctx *ctx, struct enrolling *enrolling)
{
    const struct attempt_line line = { .kind = ATTEMPT_TERMINAL_CODE,
                                       .subject = network_unit(ctx->arena, ctx->address) };
    bool allowed;
    enum err err = attempt_take(ctx, line.kind, line.subject, &allowed);

    if (err != OK)
        return problem_of(err);
    if (!allowed)
        return rejected(ctx, "guesses", &problem_terminal_guesses_full);
    err = enrolling->row.terminal_id != NULL ? change(ctx, enrol, enrolling) : ERR_NOT_FOUND;
    if (err == ERR_NOT_FOUND)
        return rejected(ctx, "code", &problem_terminal_code_invalid);
    attempts_give_back(ctx, &line, 1);
    return problem_of(err);
}

const struct problem *
terminal_enrol(struct ctx *ctx, const struct terminal_enrolment *enrolment,
               struct stored_terminal *out)
{
    struct enrolling enrolling = { .row = { .enrolled_at = ctx->now } };
    const struct problem *problem = key_read(ctx, enrolment, &enrolling.row);

    if (problem != NULL)
        return rejected(ctx, "key", problem);
    if (!setup_code_read(ctx, &terminals, enrolment->code, &enrolling.row.terminal_id,
                         &enrolling.digest))
        enrolling.row.terminal_id = NULL;
    problem = code_take(ctx, &enrolling);
    if (problem == NULL)
        *out = enrolling.row;
    return problem;
}

/* --- Finding --- */

enum err
terminal_find(struct ctx *ctx, const struct partner *partner, const char *terminal_id,
              struct stored_terminal *out)
{
    enum err err = ERR_NOT_FOUND;

    if (strlen(terminal_id) == SETUP_ID_SIZE)
        err = store_terminal_load(ctx->store, ctx->arena, terminal_id, out);
    if (err == OK && (out->state != TERMINAL_ENROLLED || out->created_at < partner->since ||
                      !text_eq(out->partner_id, partner->profile.partner_id)))
        err = ERR_NOT_FOUND;
    return err;
}

enum err
terminal_describe(struct ctx *ctx, const char *terminal_id, const char **place, const char **agency)
{
    struct stored_terminal row;
    enum err err = store_terminal_load(ctx->store, ctx->arena, terminal_id, &row);

    if (err != OK)
        return err;
    *place = row.place;
    *agency = row.agency;
    return OK;
}

const char *
terminal_state_name(enum terminal_state state)
{
    static const char *const names[] = { "?", "announced", "enrolled", "retired" };

    return names[state >= TERMINAL_ANNOUNCED && state <= TERMINAL_RETIRED ? state : 0];
}
