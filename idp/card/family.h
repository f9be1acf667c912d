/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Family cards (亲情账户, docs/adr/0054): a person shows the electronic cards of members of her family, of those who have
 * agreed to it and of children whose guardian she is. What a link is worth is policies/family.h's to say.
 */
#ifndef IDP_CARD_FAMILY_H
#define IDP_CARD_FAMILY_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "policies/family.h"
#include "policies/identity_number.h"

/* --- Showing --- */

/*
 * May she show the card of `holder_id` now? OK, also for her own; ERR_REFUSED: there is no link, it is over, or the
 * holder's account is stopped. Whether she herself is, her session says. In a transaction no link ends any more until
 * that is over: what was ended before is refused, and what is accepted was not ended yet.
 */
must_check enum err card_may_show(struct ctx *ctx, const char *shower_id, const char *holder_id);

/* Whose card she shows under that id: her own or a member's, as far as they are open. ERR_NOT_FOUND: nobody's whose
 * card she may show. */
must_check enum err card_shown_by(struct ctx *ctx, const char *shower_id, const char *card_id,
                                  const char **person_id);

/* --- Looking --- */

struct family_link {
    const char *ref;       /* names the link on pages; nobody can tell a person by it */
    const char *person_id; /* of the other one: never on a page */
    const char
        *name_masked; /* "" for who has not answered, so that nobody learns who has an account */
    const char *phone_masked; /* so too */
    int64_t kinship;          /* what the member is to who shows */
    enum family_standing standing;
    unix_s asked_at;
    unix_s agreed_at;
};

struct family_links {
    struct family_link *at;
    size_t count;
};

/* Whose cards she may show or has asked for; and who may show hers, or asks for it. Those that are over are left out. */
must_check enum err family_members(struct ctx *ctx, const char *person_id,
                                   struct family_links *out);
must_check enum err family_showers(struct ctx *ctx, const char *person_id,
                                   struct family_links *out);

/* The members whose cards she may show now. */
must_check enum err family_cards(struct ctx *ctx, const char *person_id, struct family_links *out);
/* The one of them with that ref. ERR_NOT_FOUND. */
must_check enum err family_card(struct ctx *ctx, const char *person_id, const char *ref,
                                struct family_link *out);

/* How many of each kinship there may be. */
struct family_limits family_limits(const struct ctx *ctx);

/* --- Changing: each once, audited, and both are told --- */

struct family_question {
    const char *shower_id; /* who asks */
    const char *name;      /* of the member, canonical (policies/name.h) */
    const struct identity_number *identity;
    enum kinship kinship;
};

/*
 * She asks. NULL alike for who has an account, for who has none and where the name is another one; only who is asked
 * sees more of it. NULL also for what was asked already.
 */
const struct problem *family_ask(struct ctx *ctx, const struct family_question *question);

/* Who is asked agrees. NULL also when she has; problem_card_family_gone when there is no such question any more. */
const struct problem *family_agree(struct ctx *ctx, const char *person_id, const char *ref);

/* Either of both ends it at once: she refuses or takes back a question, or ends what was agreed. OK also when it has
 * ended. */
must_check enum err family_end(struct ctx *ctx, const char *person_id, const char *ref);

/* --- What operators do, where a guardian has shown that she is one --- */

struct family_guarding {
    const char *shower_id; /* the guardian */
    const char *member_id;
    enum kinship kinship;
    const char *reason; /* the operator's words (idp/person/seen.h) */
};

/*
 * The link is made. ERR_REFUSED: *way says why it is not made so (FAMILY_BY_HERSELF: she is asked herself);
 * ERR_EXPIRED: one of both accounts is stopped; ERR_FULL; ERR_CONFLICT: it is there already; ERR_INVALID: they are one
 * person; ERR_NOT_FOUND.
 */
must_check enum err family_guard(struct ctx *ctx, const struct family_guarding *guarding,
                                 enum family_way *way);

/* guarding->kinship is not read. ERR_NOT_FOUND: there is none that has not ended. */
must_check enum err family_guard_end(struct ctx *ctx, const struct family_guarding *guarding);

#endif
