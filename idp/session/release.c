/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/release.h"

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/person/card.h"
#include "idp/person/card_mirror.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/session/actor.h"
#include "idp/session/staff_told.h"
#include "idp/session/token.h"
#include "idp/session/verified.h"
#include "policies/claim_rule.h"
#include "policies/claims.h"
#include "policies/detail.h"

/* ---- how each claim is made ---- */

/* The person and what proves her, read once when the first claim needs them. */
struct source {
    struct ctx *ctx;
    const struct partner *partner;
    const char *sub;
    unsigned granted; /* all claims that the partner may have, whether asked for or not */
    const char *name;
    struct staff_told staff; /* of a member of staff; else of a citizen: */
    struct person person;
    struct standing standing;
    struct card card;
    bool has_card;
    const char *card_state;
    const char *card_number; /* NULL: not to be told, or the card office has told us none */
};

static struct detail *
text_of(const struct source *source, const char *text)
{
    struct detail *detail = detail_new(source->ctx->arena, DETAIL_TEXT, NULL);

    detail->text = text;
    return detail;
}

static struct detail *
make_name(const struct source *source)
{
    return text_of(source, source->name);
}

static struct detail *
make_preferred_username(const struct source *source)
{
    return text_of(source, username_for(source->ctx, source->sub));
}

/* Her number may have gone over to its new owner (docs/adr/0028). */
static bool
has_phone(const struct source *source)
{
    return !text_is_empty(source->person.phone);
}

static struct detail *
make_phone_number(const struct source *source)
{
    return has_phone(source) ? text_of(source, source->person.phone) : NULL;
}

static struct detail *
make_phone_number_verified(const struct source *source)
{
    struct detail *detail = detail_new(source->ctx->arena, DETAIL_BOOL, NULL);

    if (!has_phone(source))
        return NULL;
    detail->yes = source->person.phone_verified_at != 0;
    return detail;
}

static struct detail *
make_identity_number(const struct source *source)
{
    return text_of(source, source->person.identity_number);
}

static struct detail *
make_identity_level(const struct source *source)
{
    return text_of(source, arena_printf(source->ctx->arena, "l%d", source->standing.level));
}

static struct detail *
make_verified_claims(const struct source *source)
{
    return verified_claims_make(source->ctx->arena, &source->person, &source->standing,
                                source->granted);
}

static const char *
date_text(struct arena *arena, int64_t date)
{
    return arena_printf(arena, "%04d-%02d-%02d", (int)(date / 10000), (int)(date / 100 % 100),
                        (int)(date % 100));
}

static void
always_add(struct arena *arena, struct detail *object, const char *name, const char *text)
{
    detail_add_text(arena, object, name, text);
    object->last->flags = DETAIL_ALWAYS;
}

/* Whatever of it is wished for, all is told: a card of which one does not hear that it is lost is
 * worse than none. */
static struct detail *
make_card(const struct source *source)
{
    struct arena *arena = source->ctx->arena;
    const struct stored_ecard *row = &source->card.row;
    struct detail *card = detail_new(arena, DETAIL_OBJECT, NULL);

    if (!source->has_card)
        return NULL;
    always_add(arena, card, "ref", card_ref_for(source->ctx, source->partner, row->card_id));
    always_add(arena, card, "region", row->region);
    detail_add_number(arena, card, "level", row->own_state == ECARD_L2 ? 2 : 1);
    card->last->flags = DETAIL_ALWAYS;
    always_add(arena, card, "state", source->card_state);
    always_add(arena, card, "valid_to", date_text(arena, row->valid_to));
    return card;
}

static struct detail *
make_card_number(const struct source *source)
{
    return source->card_number != NULL ? text_of(source, source->card_number) : NULL;
}

static struct detail *
make_roles(const struct source *source)
{
    struct detail *roles = detail_new(source->ctx->arena, DETAIL_LIST, NULL);
    const char *list = source->staff.roles;
    const char *role;
    size_t size;

    while ((role = text_next_word(&list, &size)) != NULL)
        detail_add_text(source->ctx->arena, roles, NULL,
                        arena_copy(source->ctx->arena, role, size));
    return roles;
}

static struct detail *
text_if_told(const struct source *source, const char *text)
{
    return text_is_empty(text) ? NULL : text_of(source, text);
}

static struct detail *
make_agency(const struct source *source)
{
    return text_if_told(source, source->staff.agency);
}

static struct detail *
make_region(const struct source *source)
{
    return text_if_told(source, source->staff.region);
}

static struct detail *
make_counter(const struct source *source)
{
    return text_if_told(source, source->staff.counter_id);
}

/* NULL: there is nothing to tell. */
static struct detail *(*const makers[CLAIM_COUNT])(const struct source *source) = {
#define CLAIM(symbol, scopes, fact, verified) make_##symbol,
#include "policies/claim.def"
#undef CLAIM
};

/* Only the card office knows that a card is good, and only while it is heard of. */
static const char *
card_state_told(struct ctx *ctx, const struct card *card)
{
    if (card->state == CARD_ACTIVE && card_mirror_fresh(ctx) != NULL)
        return "unknown";
    return card_effective_name(card->state);
}

/* Her card as it stands at this moment, and its number only if that is to be told. */
static enum err
card_load(struct source *source, const char *person_id, unsigned claims)
{
    struct ctx *ctx = source->ctx;
    enum err err = card_find(ctx, person_id, &source->card);

    source->has_card = err == OK;
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    source->card_state = card_state_told(ctx, &source->card);
    if ((claims & CLAIM_BIT(CLAIM_card_number)) == 0 ||
        source->card.physical.number_sealed.size == 0)
        return OK;
    return physical_number_open(ctx, &source->card.physical, &source->card_number);
}

static enum err
person_source_load(struct source *source, const char *person_id, unsigned claims)
{
    static const unsigned proven =
        CLAIM_BIT(CLAIM_identity_level) | CLAIM_BIT(CLAIM_verified_claims);
    static const unsigned of_card = CLAIM_BIT(CLAIM_card) | CLAIM_BIT(CLAIM_card_number);
    struct ctx *ctx = source->ctx;
    enum err err = person_load(ctx, person_id, &source->person);

    if (err == OK && source->person.state != PERSON_ACTIVE)
        err = ERR_NOT_FOUND;
    source->name = source->person.name;
    if (err == OK && (claims & of_card) != 0)
        err = card_load(source, person_id, claims);
    if (err == OK && (claims & proven) != 0)
        err = evidence_standing(ctx, person_id, &source->standing);
    return err;
}

static enum err
source_load(struct source *source, const struct approval *approval, unsigned claims)
{
    enum err err;

    source->sub = subject_told(source->ctx, source->partner, approval->subject);
    if (!subject_is_staff(approval->subject))
        return person_source_load(source, approval->subject.id, claims);
    err = staff_told_load(source->ctx, approval, &source->staff);
    source->name = source->staff.name;
    return err;
}

/* A citizen has no roles, and of staff nothing is known that is a citizen's. */
static unsigned
claims_of(struct subject subject)
{
    static const unsigned of_staff = CLAIM_BIT(CLAIM_roles) | CLAIM_BIT(CLAIM_agency) |
                                     CLAIM_BIT(CLAIM_region) | CLAIM_BIT(CLAIM_counter);
    static const unsigned of_both = CLAIM_BIT(CLAIM_name) | CLAIM_BIT(CLAIM_preferred_username);

    return subject_is_staff(subject) ? of_staff | of_both : ~of_staff;
}

/* ---- what is told where ---- */

/* What of the person goes to one place: userinfo or ID token. */
struct release {
    unsigned claims;
    const struct claims_wanted *wishes;
};

/* An array of wishes for verified_claims: each that can be met is answered, in their order. */
static void
emit_each(const struct detail *detail, const json_t *wishes, unix_s now, struct buf *out)
{
    struct detail element = *detail;
    bool begun = false;

    element.name = NULL;
    for (size_t i = 0; i < json_array_size(wishes); i++) {
        const json_t *wish = json_array_get(wishes, i);

        if (!detail_fits(detail, wish, now))
            continue;
        if (!begun)
            emit_array(out, detail->name);
        begun = true;
        detail_emit(&element, wish, now, out);
    }
    if (begun)
        emit_array_end(out);
}

static void
emit_claim(const struct source *source, unsigned claim, const json_t *wish, struct buf *out)
{
    struct detail *detail = makers[claim](source);
    unix_s now = source->ctx->now;

    if (detail == NULL)
        return;
    detail->name = claim_rules[claim].name;
    if (json_is_array(wish))
        emit_each(detail, wish, now, out);
    else if (detail_fits(detail, wish, now))
        detail_emit(detail, wish, now, out);
}

static enum err
emit_claims(struct source *source, const struct approval *approval, const struct release *release,
            struct buf *out)
{
    unsigned claims = release->claims & claims_of(approval->subject);
    enum err err;

    if (release->claims == 0)
        return OK;
    source->granted = claims_carried(approval->scope) | claims_singly(approval->scope);
    err = source_load(source, approval, claims);
    for (unsigned i = 0; err == OK && i < CLAIM_COUNT; i++)
        if ((claims & CLAIM_BIT(i)) != 0)
            emit_claim(source, i, claim_wish(release->wishes, claim_rules[i].name), out);
    return err;
}

/* What the partner asked for; a version before may have taken what this one would not. */
static void
request_read(struct ctx *ctx, const struct approval *approval, struct claims_request *out)
{
    if (text_is_empty(approval->claims))
        out->userinfo.count = out->id_token.count = 0;
    else
        (void)claims_request_parse(ctx->arena, approval->claims, out);
}

bool
release_is_only_sub(const char *scope)
{
    return (claims_carried(scope) | claims_singly(scope)) == 0;
}

enum err
release_userinfo(struct ctx *ctx, const struct partner *partner, const struct approval *approval,
                 struct buf *out)
{
    struct source source = { .ctx = ctx, .partner = partner };
    struct claims_request request;
    struct release release = { .wishes = &request.userinfo };
    enum err err;

    request_read(ctx, approval, &request);
    release.claims = claims_carried(approval->scope) |
                     (claims_singly(approval->scope) & claims_wished(&request.userinfo));
    emit_object(out, NULL);
    emit_text(out, "sub", subject_told(ctx, partner, approval->subject));
    if (actor_is_staff(approval->actor))
        emit_actor(out, approval->actor);
    err = emit_claims(&source, approval, &release, out);
    emit_object_end(out);
    return err;
}

bool
release_tells_card(const char *scope)
{
    return (claims_carried(scope) & CLAIM_BIT(CLAIM_card)) != 0;
}

enum err
release_card(struct ctx *ctx, const struct partner *partner, const char *person_id,
             const char **out)
{
    struct source source = { .ctx = ctx, .partner = partner };
    struct buf json = buf_new(ctx->arena, 256);
    enum err err = person_source_load(&source, person_id, CLAIM_BIT(CLAIM_card));

    if (err != OK)
        return err;
    if (source.has_card)
        detail_emit(make_card(&source), NULL, ctx->now, &json);
    *out = source.has_card ? json.at : NULL;
    return OK;
}

/* Claims that the partner wants in every ID token (its registration). */
static unsigned
claims_registered(const struct partner *partner)
{
    unsigned claims = 0;

    if (text_is_empty(partner->profile.id_token_claims))
        return 0;
    for (unsigned i = 0; i < CLAIM_COUNT; i++)
        if (text_list_has(partner->profile.id_token_claims, claim_rules[i].name))
            claims |= CLAIM_BIT(i);
    return claims;
}

enum err
release_id_token(struct ctx *ctx, const struct partner *partner, const struct approval *approval,
                 const char **out)
{
    struct source source = { .ctx = ctx, .partner = partner };
    struct claims_request request;
    struct release release = { .wishes = &request.id_token };
    struct buf buf = buf_new(ctx->arena, 64);
    unsigned carried = claims_carried(approval->scope);
    enum err err;

    request_read(ctx, approval, &request);
    release.claims =
        (carried & claims_registered(partner)) |
        ((carried | claims_singly(approval->scope)) & claims_wished(&request.id_token));
    emit_object(&buf, NULL);
    err = emit_claims(&source, approval, &release, &buf);
    emit_object_end(&buf);
    *out = buf.at;
    return err;
}
