/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/together.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/redirect.h"

/* A native partner's loopback address stands for all ports of it: ask in both directions. */
static const char *
shared_address(const struct partner_profile *one, const struct partner_profile *other)
{
    for (size_t i = 0; i < one->redirect_uris.count; i++)
        for (size_t j = 0; j < other->redirect_uris.count; j++)
            if (redirect_uri_matches(one->redirect_uris.at[i], other->redirect_uris.at[j],
                                     one->native))
                return one->redirect_uris.at[i];
    return NULL;
}

/* A shared redirect address would let one partner take the other's codes. */
static const char *
address_clash(struct arena *arena, const struct partner_profile *one,
              const struct partner_profile *other)
{
    const char *address;

    if (one->shared_redirect_uris && other->shared_redirect_uris)
        return NULL;
    address = shared_address(one, other);
    if (address == NULL)
        return NULL;
    return arena_printf(arena,
                        "redirect_uris: %s is one of %s too; both must say shared_redirect_uris.",
                        address, other->partner_id);
}

/* Who answers for an audience learns whose tokens come there: that is one partner. */
static const char *
resource_clash(struct arena *arena, const struct partner_profile *one,
               const struct partner_profile *other)
{
    const char *both;

    if (text_is_empty(one->resources))
        return NULL;
    if (text_list_has(one->resources, other->partner_id))
        return arena_printf(arena, "resources: %s is the client_id of another partner.",
                            other->partner_id);
    both = text_list_common(arena, one->resources, other->resources);
    if (*both == '\0')
        return NULL;
    return arena_printf(arena, "resources: %s belongs to %s already.", both, other->partner_id);
}

const struct partner_profile *
partners_next_sharer(const struct partners_file *file, const struct partner_profile *profile,
                     size_t *at, const char **address)
{
    while (*at < file->count) {
        const struct partner_profile *other = &file->at[(*at)++].profile;

        if (other == profile)
            continue;
        *address = shared_address(profile, other);
        if (*address == NULL)
            *address = shared_address(other, profile);
        if (*address != NULL)
            return other;
    }
    return NULL;
}

static const struct partner_profile *
partner_of(const struct partners_file *file, const char *id, size_t size)
{
    for (size_t i = 0; i < file->count; i++) {
        const char *one = file->at[i].profile.partner_id;

        if (strlen(one) == size && strncmp(one, id, size) == 0)
            return &file->at[i].profile;
    }
    return NULL;
}

static bool
group_has_another(const struct partners_file *file, const struct partner_profile *profile)
{
    for (size_t i = 0; i < file->count; i++) {
        const struct partner_profile *other = &file->at[i].profile;

        if (other != profile && text_eq(other->native_sso_group, profile->native_sso_group))
            return true;
    }
    return false;
}

const char *
partners_wish_unmet(struct arena *arena, const struct partners_file *file,
                    const struct partner_profile *profile)
{
    const char *opened = profile->browser_ticket_partners;
    const char *word;
    size_t size;

    if (!text_is_empty(profile->native_sso_group) && !group_has_another(file, profile))
        return arena_printf(arena, "native_sso_group: no other partner says %s.",
                            profile->native_sso_group);
    while ((word = text_next_word(&opened, &size)) != NULL) {
        const struct partner_profile *other = partner_of(file, word, size);

        if (other == NULL || text_is_empty(other->initiate_login_uri))
            return arena_printf(arena,
                                "browser_ticket_partners: there is no partner %.*s with an "
                                "initiate_login_uri.",
                                (int)size, word);
    }
    return NULL;
}

const char *
partners_clash(struct arena *arena, const struct partner_profile *one,
               const struct partner_profile *other)
{
    const char *clash = address_clash(arena, one, other);

    return clash != NULL ? clash : resource_clash(arena, one, other);
}
