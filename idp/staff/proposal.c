/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/proposal.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/vault.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "policies/staff_rules.h"

#define PREFIX "sp_"
#define ID_BYTES 16

/* As in audit records. */
static const char *const kind_names[PROPOSAL_KINDS] = {
    [PROPOSAL_NONE] = "",
    [PROPOSAL_BUSINESS] = "business",
    [PROPOSAL_NAME] = "name",
    [PROPOSAL_NUMBER] = "number",
};

static const char *
kind_name(int64_t kind)
{
    return kind_names[kind > PROPOSAL_NONE && kind < PROPOSAL_KINDS ? kind : PROPOSAL_NONE];
}

static enum err
record(struct ctx *ctx, enum audit_event event, const struct stored_proposal *proposal,
       const char *word)
{
    return audit_write(
        ctx,
        &(struct audit_record) {
            .event = event,
            .reason = arena_printf(ctx->arena, "%s %s%s%s", proposal->proposal_id,
                                   kind_name(proposal->kind), text_is_empty(word) ? "" : " ", word),
            .subject = subject_person(proposal->person_id),
            .partner_id = proposal->partner_id });
}

/* --- Making --- */

static const char *
content_context(struct ctx *ctx, const char *proposal_id)
{
    return arena_printf(ctx->arena, "staff_proposal.content.%s", proposal_id);
}

static enum err
content_seal(struct ctx *ctx, const char *content, struct stored_proposal *proposal)
{
    if (text_is_empty(content))
        return OK;
    return seal(&ctx->keys->data, ctx->env, ctx->arena, content_context(ctx, proposal->proposal_id),
                bytes_of_text(content), &proposal->content_sealed);
}

enum err
proposal_content(struct ctx *ctx, const struct stored_proposal *proposal, const char **out)
{
    struct bytes plain;
    enum err err;

    *out = "";
    if (proposal->content_sealed.size == 0)
        return OK;
    err = seal_open(&ctx->keys->data, ctx->arena, content_context(ctx, proposal->proposal_id),
                    proposal->content_sealed, &plain);
    if (err == OK)
        *out = arena_copy(ctx->arena, plain.at, plain.size);
    return err;
}

/* The same form makes the same id, and the primary key decides. */
static enum err
id_make(struct ctx *ctx, const struct proposal_wish *wish, const char **out)
{
    struct digest digest;

    if (ctx->form == NULL)
        return id_new(ctx->env, ctx->arena, PREFIX, out);
    digest = digest_keyed_texts(&ctx->keys->index, "staff_proposal", ctx->form, wish->person_id,
                                kind_name(wish->kind), NULL);
    *out = arena_printf(ctx->arena, PREFIX "%s",
                        base64url_encode(ctx->arena, bytes_of(digest.bytes, ID_BYTES)));
    return OK;
}

static enum err
insert(struct ctx *ctx, void *state)
{
    const struct stored_proposal *proposal = state;
    enum err err = store_proposal_insert(ctx->store, proposal);

    return err == OK ? record(ctx, AUDIT_STAFF_PROPOSED, proposal, "") : err;
}

const struct problem *
proposal_make(struct ctx *ctx, const struct sitting *sitting, const struct proposal_wish *wish,
              const char **proposal_id)
{
    const struct stored_staff *staff = &sitting->staff;
    struct stored_proposal proposal = {
        .kind = wish->kind,
        .state = PROPOSAL_WAITS,
        .staff_id = staff->staff_id,
        .person_key = staff->person_key,
        .counter_id = sitting->counter.counter_id,
        .agency = staff->agency,
        .region = text_is_empty(wish->region) ? staff->region : wish->region,
        .person_id = wish->person_id,
        .partner_id = wish->partner_id,
        .business = wish->business,
        .reason = wish->reason,
        .created_at = ctx->now,
        .until = ctx->now + STAFF_PROPOSAL_OPEN_S,
    };
    enum err err;

    if (staff->person_key.size == 0)
        return &problem_second_unknown;
    err = id_make(ctx, wish, &proposal.proposal_id);
    if (err == OK)
        err = content_seal(ctx, wish->content, &proposal);
    if (err == OK)
        err = change(ctx, insert, &proposal);
    if (err != OK && err != ERR_CONFLICT) /* pressed twice */
        return problem_of(err);
    *proposal_id = proposal.proposal_id;
    return NULL;
}

/* --- Who may decide --- */

static struct staff_hand
hand_of(const struct sitting *sitting)
{
    return (struct staff_hand) { sitting->staff.staff_id, sitting->staff.person_key,
                                 sitting->counter.counter_id };
}

static struct staff_hand
hand_of_proposer(const struct stored_proposal *proposal)
{
    return (struct staff_hand) { proposal->staff_id, proposal->person_key, proposal->counter_id };
}

/* Is the citizen concerned the member of staff herself? */
static enum err
is_of_herself(struct ctx *ctx, const struct sitting *sitting,
              const struct stored_proposal *proposal, bool *out)
{
    struct person person;
    struct digest identity;
    enum err err = person_load(ctx, proposal->person_id, &person);

    *out = false;
    if (err == ERR_NOT_FOUND)
        return OK;
    if (err != OK)
        return err;
    identity = identity_digest(ctx, person.identity_number);
    *out = bytes_eq(sitting->staff.person_key, digest_view(&identity));
    return OK;
}

static const struct problem *
refused(struct ctx *ctx, const struct stored_proposal *proposal, enum audit_event event,
        const char *reason, const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = event,
                                             .reason = reason,
                                             .subject = subject_person(proposal->person_id) });
    return problem;
}

/* Why two hands are not two persons at two counters. */
static const struct problem *
second_refused(struct ctx *ctx, const struct stored_proposal *proposal,
               const struct staff_hand *second)
{
    if (text_eq(proposal->staff_id, second->staff_id))
        return refused(ctx, proposal, AUDIT_STAFF_SECOND_REFUSED, "proposer", &problem_second_same);
    if (proposal->person_key.size == 0 || second->person_key.size == 0)
        return refused(ctx, proposal, AUDIT_STAFF_SECOND_REFUSED, "unknown",
                       &problem_second_unknown);
    if (bytes_eq(proposal->person_key, second->person_key))
        return refused(ctx, proposal, AUDIT_STAFF_SECOND_REFUSED, "person", &problem_second_same);
    return refused(ctx, proposal, AUDIT_STAFF_SECOND_REFUSED, "counter", &problem_second_same);
}

static const struct problem *
decider_check(struct ctx *ctx, const struct sitting *sitting,
              const struct stored_proposal *proposal)
{
    const struct staff_hand first = hand_of_proposer(proposal);
    const struct staff_hand second = hand_of(sitting);
    bool herself;
    enum err err;

    if (!staff_region_may(sitting->staff.region, proposal->region))
        return refused(ctx, proposal, AUDIT_STAFF_DENIED, "scope", &problem_proposal_over);
    if (!staff_second_may(&first, &second))
        return second_refused(ctx, proposal, &second);
    err = is_of_herself(ctx, sitting, proposal, &herself);
    if (err != OK)
        return problem_of(err);
    return herself ? refused(ctx, proposal, AUDIT_STAFF_DENIED, "self", &problem_staff_self) : NULL;
}

/* --- Deciding --- */

static bool
waits(const struct ctx *ctx, const struct stored_proposal *proposal)
{
    return proposal->state == PROPOSAL_WAITS && ctx->now < proposal->until;
}

/* A region's code with all noughts at its end, in pairs, as low and as high as they go. */
static struct region_span
span_of(struct ctx *ctx, const char *region)
{
    char *last = arena_copy(ctx->arena, region, strlen(region));
    size_t size = strlen(last);

    while (size > 2 && last[size - 1] == '0' && last[size - 2] == '0') {
        last[--size] = '9';
        last[--size] = '9';
    }
    return (struct region_span) { region, last };
}

static enum err
may_decide(struct ctx *ctx, const struct sitting *sitting, const struct stored_proposal *proposal,
           bool *out)
{
    const struct staff_hand first = hand_of_proposer(proposal);
    const struct staff_hand second = hand_of(sitting);
    bool herself = true;
    enum err err = OK;

    if (staff_second_may(&first, &second))
        err = is_of_herself(ctx, sitting, proposal, &herself);
    *out = !herself;
    return err;
}

enum err
proposal_list(struct ctx *ctx, const struct sitting *sitting, struct stored_proposal_list *out)
{
    const struct region_span span = span_of(ctx, sitting->staff.region);
    struct stored_proposal_list list;
    size_t kept = 0;
    enum err err = store_proposal_waiting(ctx->store, ctx->arena, &span, ctx->now, &list);

    for (size_t i = 0; err == OK && i < list.count; i++) {
        bool may;

        err = may_decide(ctx, sitting, &list.at[i], &may);
        if (err == OK && may)
            list.at[kept++] = list.at[i];
    }
    *out = (struct stored_proposal_list) { list.at, kept };
    return err;
}

const struct problem *
proposal_look(struct ctx *ctx, const struct sitting *sitting, const char *proposal_id,
              struct stored_proposal *out)
{
    enum err err = store_proposal_load(ctx->store, ctx->arena, proposal_id, out);

    if (err == ERR_NOT_FOUND)
        return &problem_proposal_over;
    if (err != OK)
        return problem_of(err);
    if (!waits(ctx, out))
        return &problem_proposal_over;
    return decider_check(ctx, sitting, out);
}

static enum err
decide(struct ctx *ctx, void *state)
{
    const struct stored_proposal *proposal = state;
    enum err err = store_proposal_decide(ctx->store, proposal);

    return err == OK ? record(ctx, AUDIT_STAFF_DECIDED, proposal,
                              proposal->state == PROPOSAL_APPROVED ? "approved" : "refused")
                     : err;
}

/* It does not wait: because she herself has just decided so? */
static bool
is_decided_so(const struct sitting *sitting, const struct stored_proposal *proposal, bool approves)
{
    return text_eq(proposal->decided_by, sitting->staff.staff_id) &&
           (proposal->state == PROPOSAL_REFUSED) != approves;
}

static const struct problem *
decided_before(struct ctx *ctx, const struct sitting *sitting, const char *proposal_id,
               bool approves)
{
    struct stored_proposal proposal;
    enum err err = store_proposal_load(ctx->store, ctx->arena, proposal_id, &proposal);

    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    return err == OK && is_decided_so(sitting, &proposal, approves) ? NULL : &problem_proposal_over;
}

const struct problem *
proposal_decide(struct ctx *ctx, const struct sitting *sitting, const char *proposal_id,
                bool approves)
{
    struct stored_proposal proposal;
    const struct problem *problem = proposal_look(ctx, sitting, proposal_id, &proposal);
    enum err err;

    if (problem == &problem_proposal_over)
        return decided_before(ctx, sitting, proposal_id, approves);
    if (problem != NULL)
        return problem;
    proposal.state = approves ? PROPOSAL_APPROVED : PROPOSAL_REFUSED;
    proposal.decided_by = sitting->staff.staff_id;
    proposal.decided_counter = sitting->counter.counter_id;
    proposal.decided_at = ctx->now;
    proposal.until = ctx->now + STAFF_PROPOSAL_GOOD_S;
    err = change(ctx, decide, &proposal);
    if (err == ERR_NOT_FOUND) /* somebody else at this moment */
        return decided_before(ctx, sitting, proposal_id, approves);
    return problem_of(err);
}

/* --- Using --- */

enum err
proposal_take(struct ctx *ctx, struct proposal_use *use)
{
    struct stored_proposal like = {
        .proposal_id = use->proposal_id,
        .kind = use->kind,
        .staff_id = use->staff_id,
        .person_id = use->person_id,
        .partner_id = text_is_empty(use->partner_id) ? "" : use->partner_id,
        .business = text_is_empty(use->business) ? "" : use->business,
    };
    struct stored_proposal taken;
    enum err err = OK;

    if (use->proposal_id == NULL)
        err = store_proposal_find(ctx->store, ctx->arena, &like, ctx->now, &like.proposal_id);
    if (err == OK)
        err = store_proposal_take(ctx->store, ctx->arena, &like, ctx->now, &taken);
    if (err == OK)
        err = proposal_content(ctx, &taken, &use->content);
    if (err == OK)
        err = record(ctx, AUDIT_STAFF_PROPOSAL_USED, &taken, "");
    if (err == OK)
        use->proposal_id = taken.proposal_id;
    return err;
}
