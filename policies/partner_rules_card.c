/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of what a partner may do with citizens' cards (docs/adr/0053). */
#include "idp/base/text.h"
#include "policies/partner_rules.h"

static bool
loss_reports_suit(const struct partner_profile *profile)
{
    return !profile->card_loss_reports ||
           (text_eq(profile->auth_method, "private_key_jwt") &&
            (text_eq(profile->channel, "counter") || text_eq(profile->channel, "telephone")));
}

const char *
partner_rules_check_card(struct arena *arena, const struct partner_profile *profile)
{
    if (!loss_reports_suit(profile))
        return arena_text(arena,
                          "card_loss_reports: is for partners of the channel counter or telephone "
                          "that authenticate by private_key_jwt");
    return NULL;
}
