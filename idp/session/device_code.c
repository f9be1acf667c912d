/* SPDX-License-Identifier: Apache-2.0 */
/* The device's side: it asks, waits, and has its tokens. The person's: device_code_person.c. */
#include "idp/session/device_code.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/partner/consent.h"
#include "idp/person/attempts.h"
#include "idp/session/apart.h"
#include "idp/session/device_code_row.h"
#include "idp/session/poll.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "policies/channel.h"
#include "policies/network.h"
#include "policies/user_code.h"

#define CODE_CONTEXT "device_code.1"
#define LIFE_S 600
#define INTERVAL_S 5
#define SLOWER_S 5         /* RFC 8628, 3.5 */
#define INTERVAL_MOST_S 60 /* who is hasty for ever costs no write for ever */
#define TRIES 4            /* two of 25,600,000,000 codes are seldom the same */

/* What the device keeps. */
struct device_code {
    const char *secret;
    const char *pending_id; /* base64url */
    const char *partner_id;
    unix_s expires_at; /* told also when the row is gone */
};

static const struct pack_field code_fields[] = {
    PACKED_TEXT(struct device_code, secret),
    PACKED_TEXT(struct device_code, pending_id),
    PACKED_TEXT(struct device_code, partner_id),
    PACKED_INT(struct device_code, expires_at),
    PACKED_END,
};

/* --- Asking --- */

/* Nobody fills the table: neither a partner, nor one network with the name of a public partner. */
static const struct problem *
room_take(struct ctx *ctx, const struct partner *partner)
{
    const char *id = partner->profile.partner_id;
    const struct attempt_line lines[] = {
        { ATTEMPT_DEVICE_ADDRESS,
          arena_printf(ctx->arena, "%s %s", id, network_unit(ctx->arena, ctx->address)), NULL,
          NULL },
        { ATTEMPT_DEVICE_PARTNER, id, NULL, NULL },
    };
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, lines, sizeof(lines) / sizeof(lines[0]), &verdict);

    if (err != OK)
        return problem_of(err);
    if (verdict.allowed)
        return NULL;
    audit_note(ctx, &(struct audit_record) {
                        .event = AUDIT_DEVICE_CAPPED,
                        .reason = attempt_rule(ctx->settings, verdict.refused_by).name,
                        .partner_id = id });
    return &problem_device_codes_full;
}

/* A terminal always shows one: it stands where strangers look on, and knows our answer's members. */
static enum err
match_number_new(struct ctx *ctx, const struct partner *partner, int64_t *out)
{
    uint64_t draw;
    enum err err;

    *out = 0;
    if (!text_eq(partner->profile.channel, channels[CHANNEL_terminal].name))
        return OK;
    err = env_random(ctx->env, &draw, sizeof(draw));
    if (err == OK)
        *out = MATCH_NUMBER_LEAST + (int64_t)(draw % MATCH_NUMBER_COUNT);
    return err;
}

static enum err
row_insert_named(struct ctx *ctx, struct stored_pending *row, const char **user_code)
{
    enum err err = ERR_CONFLICT;

    for (int i = 0; i < TRIES && err == ERR_CONFLICT; i++) {
        err = letters_new(ctx->env, ctx->arena, USER_CODE_ALPHABET, USER_CODE_LETTERS, user_code);
        if (err != OK)
            return err;
        row->pending_id = device_code_row_id(ctx, *user_code);
        err = store_pending_insert(ctx->store, row);
    }
    return err;
}

static enum err
code_seal(struct ctx *ctx, const struct stored_pending *row, const char *secret, const char **out)
{
    const struct device_code code = {
        .secret = secret,
        .pending_id = base64url_encode(ctx->arena, digest_view(&row->pending_id)),
        .partner_id = row->partner_id,
        .expires_at = row->expires_at,
    };

    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CODE_CONTEXT,
                     pack(ctx->arena, code_fields, ctx->settings->upgrade.sealed_layout, &code),
                     out);
}

static enum err
issue(struct ctx *ctx, const struct device_asking *asking, struct device_codes *out)
{
    struct device_request request = { .scope = asking->scope,
                                      .bound_key = asking->bound_key,
                                      .network = network_prefix(ctx->arena, ctx->address) };
    struct stored_pending row = {
        .kind = PENDING_DEVICE,
        .partner_id = asking->partner->profile.partner_id,
        .terminal_id = ctx->terminal_id,
        .person_id = "",
        .state = PENDING_OPEN,
        .sid = "",
        .interval_s = INTERVAL_S,
        .created_at = ctx->now,
        .expires_at = ctx->now + LIFE_S,
    };
    const char *secret;
    const char *user_code;
    enum err err = handle_new(ctx->env, ctx->arena, &secret);

    if (err == OK)
        err = match_number_new(ctx, asking->partner, &request.match_number);
    if (err == OK)
        err = device_code_row_pack(ctx, &request, &row.request);
    if (err != OK)
        return err;
    row.waiter = digest_of_text(secret);
    err = row_insert_named(ctx, &row, &user_code);
    if (err == OK)
        err = code_seal(ctx, &row, secret, &out->device_code);
    if (err != OK)
        return err;
    out->user_code = user_code_shown(ctx->arena, user_code);
    out->match_number =
        request.match_number == 0 ? "" : arena_printf(ctx->arena, "%d", (int)request.match_number);
    out->expires_in_s = LIFE_S;
    out->interval_s = INTERVAL_S;
    return OK;
}

const struct problem *
device_code_issue(struct ctx *ctx, const struct device_asking *asking, struct device_codes *out)
{
    const struct problem *problem = room_take(ctx, asking->partner);

    return problem != NULL ? problem : problem_of(issue(ctx, asking, out));
}

/* --- Redeeming --- */

static enum err
code_open(struct ctx *ctx, const char *text, struct device_code *out, struct digest *pending_id)
{
    struct bytes plain;
    struct bytes id;
    enum err err = seal_text_open(&ctx->keys->seal, ctx->arena, CODE_CONTEXT, text, &plain);

    if (err != OK)
        return err;
    *out = (struct device_code) { .secret = NULL };
    if (unpack(ctx->arena, code_fields, plain, out) != OK ||
        base64url_decode(ctx->arena, out->pending_id, strlen(out->pending_id), &id) != OK ||
        id.size != sizeof(pending_id->bytes))
        return ERR_FORGED;
    memcpy(pending_id->bytes, id.at, id.size);
    return OK;
}

static const struct problem *
rejected(struct ctx *ctx, const struct stored_pending *row, const char *reason,
         const struct problem *problem)
{
    const char *person_id = text_is_empty(row->person_id) ? NULL : row->person_id;

    audit_note(ctx, &(struct audit_record) { .event = AUDIT_DEVICE_REJECTED,
                                             .reason = reason,
                                             .subject = subject_person(person_id),
                                             .partner_id = ctx->partner_id });
    return problem;
}

/* Whoever presents it, it has come to somebody whom it is not for. */
static const struct problem *
burnt(struct ctx *ctx, const struct stored_pending *row, const char *reason)
{
    enum err err = store_pending_burn(ctx->store, &row->pending_id);

    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    return rejected(ctx, row, reason, &problem_device_code_invalid);
}

/* Only who is hasty costs a write, and one that each node may make. */
static const struct problem *
wait_more(struct ctx *ctx, const struct stored_pending *row)
{
    enum err err = OK;

    if (!poll_is_hasty(ctx->services->polls, &row->waiter, row->interval_s, ctx->now))
        return &problem_authorization_pending;
    if (row->interval_s < INTERVAL_MOST_S)
        err = store_pending_slow(ctx->store, &row->pending_id, row->interval_s + SLOWER_S);
    return err == OK ? &problem_slow_down : problem_of(err);
}

static enum err
take(struct ctx *ctx, void *state)
{
    const struct stored_pending *row = state;

    return store_pending_take(ctx->store, &row->pending_id, &row->waiter, ctx->now);
}

/* Whoever allowed it must still be allowed to, and agree. */
static enum err
lender_load(struct ctx *ctx, const struct device_request *request, struct stored_session *out,
            bool *holds)
{
    enum err err = store_session_load(ctx->store, ctx->arena, request->row.sid, out);

    *holds = false;
    if (err != OK || !device_code_is_open_to(request, out))
        return err == ERR_NOT_FOUND ? OK : err;
    return consent_covers(ctx, request->partner, request->row.person_id, request->scope, holds);
}

/* A public partner's tokens stay with the key of the first (RFC 9449, 5); others prove themselves. */
static const char *
key_of_refresh(const struct device_redemption *redemption)
{
    return redemption->partner->is_public && redemption->proof_key != NULL ? redemption->proof_key
                                                                           : "";
}

static const struct problem *
begin(struct ctx *ctx, const struct device_redemption *redemption,
      const struct device_request *request, struct stored_grant *out)
{
    struct stored_pending row = request->row;
    struct stored_session lender;
    const struct proof proof = { .way = LOGIN_BY_DEVICE,
                                 .person_id = request->row.person_id,
                                 .lent_by = &lender,
                                 .begun_at = request->row.created_at };
    const struct apart apart = { .proof = &proof,
                                 .partner = redemption->partner,
                                 .scope = request->scope,
                                 .claims = "",
                                 .bound_key = key_of_refresh(redemption),
                                 .take = take,
                                 .state = &row };
    bool holds;
    enum err err = lender_load(ctx, request, &lender, &holds);

    if (err == OK && !holds)
        err = ERR_REFUSED;
    if (err == OK)
        err = apart_begin(ctx, &apart, out);
    if (err == ERR_REFUSED)
        return rejected(ctx, &request->row, "person", &problem_device_code_refused);
    if (err == ERR_NOT_FOUND) /* somebody else has taken it */
        return &problem_device_code_invalid;
    if (err == ERR_FULL)
        return &problem_person_grants_full;
    return problem_of(err);
}

static const struct problem *
redeem(struct ctx *ctx, const struct device_redemption *redemption,
       const struct device_request *request, struct stored_grant *out)
{
    const struct stored_pending *row = &request->row;

    if (!text_eq(row->terminal_id, ctx->terminal_id))
        return burnt(ctx, row, "terminal");
    if (!text_is_empty(request->bound_key) && !text_eq(request->bound_key, redemption->proof_key))
        return rejected(ctx, row, "dpop", &problem_device_code_invalid);
    switch ((enum pending_state)row->state) {
    case PENDING_OPEN:
    case PENDING_SEEN:
        return wait_more(ctx, row);
    case PENDING_APPROVED:
        return begin(ctx, redemption, request, out);
    case PENDING_REFUSED:
        return &problem_device_code_refused;
    default:
        return &problem_device_code_invalid;
    }
}

const struct problem *
device_code_redeem(struct ctx *ctx, const struct device_redemption *redemption,
                   struct stored_grant *out)
{
    struct device_code code;
    struct device_request request = { .partner = redemption->partner };
    struct stored_pending *row = &request.row;
    enum err err = code_open(ctx, redemption->device_code, &code, &row->pending_id);

    if (err != OK)
        return &problem_device_code_invalid;
    row->person_id = "";
    if (!text_eq(code.partner_id, redemption->partner->profile.partner_id))
        return burnt(ctx, row, "client");
    if (ctx->now >= code.expires_at)
        return &problem_device_code_expired;
    err = device_code_row_load(ctx, row->pending_id, &request);
    if (err == ERR_NOT_FOUND)
        return &problem_device_code_invalid;
    if (err != OK)
        return problem_of(err);
    if (row->created_at < redemption->partner->since || handed_out_too_early(ctx, row->created_at))
        return &problem_device_code_invalid;
    return redeem(ctx, redemption, &request, out);
}
