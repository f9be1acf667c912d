/* SPDX-License-Identifier: Apache-2.0 */
/* How a link of a family is made: by a question, or by a guardian. */
#include "idp/base/text.h"
#include "idp/card/family.h"
#include "idp/card/family_row.h"
#include "idp/context/change.h"
#include "idp/person/attempts.h"
#include "idp/person/family_end.h"
#include "idp/person/vault.h"
#include "keys/secret.h"

struct linking {
    struct stored_card_family wanted;
    const char *word; /* of the audit record */
    const char *more;
    int64_t limit;
};

/* What stands between these two already, and how many other places are taken. */
struct places {
    enum family_standing present;
    int64_t present_kinship;
    int64_t taken;
};

static enum err
places_count(struct ctx *ctx, const struct linking *linking, struct places *out)
{
    struct stored_card_family_list list;
    enum err err = store_card_family_list(ctx->store, ctx->arena, linking->wanted.person_id, &list);

    *out = (struct places) { .present = FAMILY_OVER };
    for (size_t i = 0; err == OK && i < list.count; i++) {
        struct family_member member;

        err = family_judge(ctx, &list.at[i], &member);
        if (err != OK || member.standing == FAMILY_OVER)
            continue;
        if (text_eq(list.at[i].member_id, linking->wanted.member_id)) {
            out->present = member.standing;
            out->present_kinship = list.at[i].kinship;
        } else if (list.at[i].kinship == linking->wanted.kinship) {
            out->taken++;
        }
    }
    return err;
}

/* One after another for one person who shows: so no limit is passed. ERR_EXPIRED: what is asked was asked. */
static enum err
link_make(struct ctx *ctx, void *state)
{
    const struct linking *linking = state;
    const struct stored_card_family *wanted = &linking->wanted;
    struct places places;
    enum err err = store_person_hold(ctx->store, wanted->person_id, TIME_NEVER);

    if (err == OK)
        err =
            store_card_family_forget(ctx->store, wanted->person_id, ctx->now - FAMILY_ASKED_LIFE_S);
    if (err == OK)
        err = places_count(ctx, linking, &places);
    if (err != OK)
        return err;
    if (places.present == FAMILY_HOLDS)
        return ERR_CONFLICT;
    if (places.present == FAMILY_WAITS && wanted->state == FAMILY_ASKED &&
        places.present_kinship == wanted->kinship)
        return ERR_EXPIRED;
    if (places.taken >= linking->limit)
        return ERR_FULL;
    err = store_card_family_put(ctx->store, wanted);
    if (err == OK)
        err = family_audit(ctx, wanted, linking->word, linking->more);
    if (err != OK)
        return err;
    return wanted->state == FAMILY_ASKED ? family_tell(ctx, wanted->member_id)
                                         : family_tell_both(ctx, wanted);
}

/* --- Asking --- */

static const struct problem *
question_check(struct ctx *ctx, const struct family_question *question)
{
    struct person shower;
    enum err err = person_load(ctx, question->shower_id, &shower);
    const struct family_pair pair = { question->kinship, shower.birth_date,
                                      question->identity->birth_date, time_beijing_date(ctx->now) };

    if (err != OK)
        return problem_of(err);
    if (question->kinship == KINSHIP_NONE)
        return &problem_card_family_kinship;
    if (text_eq(shower.identity_number, question->identity->text))
        return &problem_card_family_oneself;
    switch (family_way(&pair)) {
    case FAMILY_BY_HERSELF:
        return NULL;
    case FAMILY_BY_GUARDIAN:
        return &problem_card_family_guardian;
    case FAMILY_TOO_YOUNG:
        return &problem_card_family_young;
    case FAMILY_UNFIT:
        break;
    }
    return &problem_card_family_unfit;
}

static const struct problem *
question_count(struct ctx *ctx, const struct family_question *question)
{
    const char *pair =
        arena_printf(ctx->arena, "%s %s", question->shower_id, question->identity->text);
    const struct attempt_line lines[] = {
        { .kind = ATTEMPT_FAMILY, .subject = question->shower_id, .form = ctx->form },
        { .kind = ATTEMPT_FAMILY_PAIR, .subject = pair, .form = ctx->form },
    };
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, lines, sizeof(lines) / sizeof(lines[0]), &verdict);

    if (err != OK)
        return problem_of(err);
    return verdict.allowed ? NULL : &problem_card_family_often;
}

/* Of who has no account, or another name: a row that waits like any other, and that nobody is asked by. */
static const char *
nobody(struct ctx *ctx, const struct family_question *question)
{
    struct digest digest = digest_keyed_texts(&ctx->keys->index, "card.family.nobody",
                                              question->identity->text, question->name, NULL);

    return arena_printf(ctx->arena, FAMILY_NOBODY "%s",
                        base64url_encode(ctx->arena, bytes_of(digest.bytes, FAMILY_REF_BYTES)));
}

static enum err
member_find(struct ctx *ctx, const struct family_question *question, const char **member_id)
{
    struct person person;
    enum err err = person_find_by_identity(ctx, question->identity->text, member_id);

    if (err == OK)
        err = person_load(ctx, *member_id, &person);
    if (err == OK && (person.state != PERSON_ACTIVE || !text_eq(person.name, question->name)))
        err = ERR_NOT_FOUND;
    if (err == ERR_NOT_FOUND || err == ERR_FORGED) {
        *member_id = nobody(ctx, question);
        err = OK;
    }
    return err;
}

const struct problem *
family_ask(struct ctx *ctx, const struct family_question *question)
{
    struct linking linking = {
        .wanted = { .person_id = question->shower_id,
                    .kinship = question->kinship,
                    .state = FAMILY_ASKED,
                    .asked_at = ctx->now },
        .word = "asked",
        .limit = family_limits(ctx).of[question->kinship],
    };
    const struct problem *problem = question_check(ctx, question);
    enum err err;

    if (problem == NULL)
        problem = question_count(ctx, question);
    if (problem != NULL)
        return problem;
    err = member_find(ctx, question, &linking.wanted.member_id);
    if (err == OK)
        err = change(ctx, link_make, &linking);
    if (err == ERR_FULL)
        return &problem_card_family_full;
    if (err == ERR_CONFLICT)
        return &problem_card_family_already;
    return err == ERR_EXPIRED ? NULL : problem_of(err);
}

/* --- By a guardian --- */

/* ERR_EXPIRED: one of both is stopped. */
static enum err
pair_load(struct ctx *ctx, const struct family_guarding *guarding, struct family_pair *out)
{
    struct stored_person shower;
    struct stored_person member;
    enum err err = store_person_load(ctx->store, ctx->arena, guarding->shower_id, &shower);

    if (err == OK)
        err = store_person_load(ctx->store, ctx->arena, guarding->member_id, &member);
    if (err == OK && (shower.state != PERSON_ACTIVE || member.state != PERSON_ACTIVE))
        err = ERR_EXPIRED;
    if (err == OK)
        *out = (struct family_pair) { guarding->kinship, (int32_t)shower.birth_date,
                                      (int32_t)member.birth_date, time_beijing_date(ctx->now) };
    return err;
}

enum err
family_guard(struct ctx *ctx, const struct family_guarding *guarding, enum family_way *way)
{
    struct linking linking = {
        .wanted = { .person_id = guarding->shower_id,
                    .member_id = guarding->member_id,
                    .kinship = guarding->kinship,
                    .state = FAMILY_AGREED,
                    .asked_at = ctx->now,
                    .agreed_at = ctx->now },
        .word = "guardian",
        .more = guarding->reason,
        .limit = family_limits(ctx).of[guarding->kinship],
    };
    struct family_pair pair;
    enum err err = text_eq(guarding->shower_id, guarding->member_id)
                       ? ERR_INVALID
                       : pair_load(ctx, guarding, &pair);

    if (err != OK)
        return err;
    *way = family_way(&pair);
    return *way == FAMILY_BY_GUARDIAN ? change(ctx, link_make, &linking) : ERR_REFUSED;
}
