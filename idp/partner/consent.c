/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/consent.h"

#include "idp/person/agreement.h"

/* What was agreed to before the partner was registered under this id was another's. */
static struct agreement
agreement_with(const struct partner *partner, const char *person_id, const char *scope)
{
    return (struct agreement) {
        .subject = { person_id, PURPOSE_PARTNER, partner->profile.partner_id },
        .scope = scope,
        .text = digest_of_text(scope),
        .since = partner->since,
    };
}

enum err
consent_covers(struct ctx *ctx, const struct partner *partner, const char *person_id,
               const char *scope, bool *out)
{
    struct agreement agreement = agreement_with(partner, person_id, scope);

    *out = partner->profile.consent_implied;
    return *out ? OK : agreement_holds(ctx, &agreement, out);
}

enum err
approval_covered(struct ctx *ctx, const struct partner *partner, const struct approval *approval,
                 bool *out)
{
    *out = subject_is_staff(approval->subject);
    return *out ? OK : consent_covers(ctx, partner, approval->subject.id, approval->scope, out);
}

enum err
consent_give(struct ctx *ctx, const struct partner *partner, const char *person_id,
             const char *scope, const struct digest *form)
{
    struct agreement agreement = agreement_with(partner, person_id, scope);

    return agreements_give(ctx, &agreement, 1, form);
}
