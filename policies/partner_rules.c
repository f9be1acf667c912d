/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/partner_rules.h"

#include <string.h>

#include "idp/base/text.h"
#include "policies/auth_method.h"
#include "policies/channel.h"
#include "policies/claim_rule.h"
#include "policies/redirect.h"
#include "policies/scope.h"
#include "policies/signing_alg.h"
#include "policies/web_origin.h"

#define ID_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_.-"
#define ID_SIZE_MAX 64
#define HOST_SIZE_MAX 253

struct rule {
    const char *member;
    const char *complaint;
    bool (*holds)(const struct partner_profile *profile);
};

/* ---- the rules ---- */

static bool
id_is_sound(const struct partner_profile *profile)
{
    const char *id = profile->partner_id;
    size_t size = strlen(id);

    return size >= 2 && size <= ID_SIZE_MAX && strspn(id, ID_CHARACTERS) == size &&
           strchr("_.-", id[0]) == NULL;
}

static bool
has_name(const struct partner_profile *profile)
{
    return !text_is_empty(profile->name_zh);
}

static bool
grants_suit_method(const struct partner_profile *profile)
{
    return !profile_is_public(profile) ||
           !text_list_has(profile->grant_types, "client_credentials");
}

static bool
pkce_suits_method(const struct partner_profile *profile)
{
    return !profile_is_public(profile) || profile->require_pkce == ANSWER_YES;
}

static bool
has_terminals(const struct partner_profile *profile)
{
    return text_eq(profile->channel, "terminal");
}

static bool
jwks_suits_method(const struct partner_profile *profile)
{
    return auth_method_need(profile->auth_method) != AUTH_NEEDS_KEYS || has_terminals(profile) ||
           !text_is_empty(profile->jwks);
}

/* --- Partners with terminals --- */

static bool
terminals_have_keys(const struct partner_profile *profile)
{
    return !has_terminals(profile) || auth_method_need(profile->auth_method) == AUTH_NEEDS_KEYS;
}

static bool
terminals_have_their_own(const struct partner_profile *profile)
{
    return !has_terminals(profile) || text_is_empty(profile->jwks);
}

static bool
cards_are_read_at_terminals(const struct partner_profile *profile)
{
    return !text_list_has(profile->grant_types, GRANT_TYPE_CARD_PIN) || has_terminals(profile);
}

static bool
cards_ask_nobody(const struct partner_profile *profile)
{
    return !text_list_has(profile->grant_types, GRANT_TYPE_CARD_PIN) || profile->consent_implied;
}

static bool
algorithm_suits_method(const struct partner_profile *profile)
{
    enum auth_need need = auth_method_need(profile->auth_method);

    if (need == AUTH_NEEDS_CLEAR_SECRET)
        return text_list_has(ALGS_OF_SECRETS, profile->auth_signing_alg);
    if (need == AUTH_NEEDS_KEYS && !text_is_empty(profile->auth_signing_alg))
        return text_list_has(ALGS_OF_KEYS, profile->auth_signing_alg);
    return text_is_empty(profile->auth_signing_alg);
}

static bool
strictness_suits_method(const struct partner_profile *profile)
{
    return !profile->strict_auth_method ||
           auth_method_need(profile->auth_method) == AUTH_NEEDS_SECRET;
}

static bool
audience_suits_method(const struct partner_profile *profile)
{
    enum auth_need need = auth_method_need(profile->auth_method);

    return text_is_empty(profile->assertion_audience) || need == AUTH_NEEDS_CLEAR_SECRET ||
           need == AUTH_NEEDS_KEYS;
}

static bool
resources_suit_method(const struct partner_profile *profile)
{
    return text_is_empty(profile->resources) || !profile_is_public(profile);
}

static bool
resources_are_not_itself(const struct partner_profile *profile)
{
    return !text_list_has(profile->resources, profile->partner_id);
}

static bool
scope_is_known(const struct partner_profile *profile)
{
    return scope_list_is_known(profile->scope);
}

static bool
qr_login_is_for_apps(const struct partner_profile *profile)
{
    return !text_list_has(profile->scope, "qr_login") ||
           text_eq(profile->channel, channels[CHANNEL_app].name);
}

static bool
id_token_claims_are_carried(const struct partner_profile *profile)
{
    const char *claims = profile->id_token_claims;
    unsigned carried = claims_carried(profile->scope);
    const char *claim;
    size_t size;

    while ((claim = text_next_word(&claims, &size)) != NULL)
        if ((claim_named(claim, size) & carried) == 0)
            return false;
    return true;
}

static bool
list_has(const struct profile_list *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (text_eq(list->at[i], text))
            return true;
    }
    return false;
}

static bool
uris_are_sound(const struct profile_list *uris, bool native)
{
    for (size_t i = 0; i < uris->count; i++) {
        if (!redirect_uri_registrable(uris->at[i], native) || list_has(uris, i, uris->at[i]))
            return false;
    }
    return true;
}

static bool
redirects_are_there(const struct partner_profile *profile)
{
    return profile->redirect_uris.count > 0 ||
           !text_list_has(profile->grant_types, "authorization_code");
}

static bool
channel_has_pages(const struct partner_profile *profile)
{
    return channel_rule(profile->channel)->ways[0] != '\0' || profile_is_of_counters(profile) ||
           !text_list_has(profile->grant_types, "authorization_code");
}

static bool
redirects_are_sound(const struct partner_profile *profile)
{
    return uris_are_sound(&profile->redirect_uris, profile->native);
}

static bool
logout_redirects_are_sound(const struct partner_profile *profile)
{
    return uris_are_sound(&profile->post_logout_redirect_uris, profile->native);
}

static bool
web_origins_are_sound(const struct partner_profile *profile)
{
    const struct profile_list *origins = &profile->web_origins;

    for (size_t i = 0; i < origins->count; i++) {
        if (!web_origin_registrable(origins->at[i]) || list_has(origins, i, origins->at[i]))
            return false;
    }
    return true;
}

static bool
is_absent_or_site(const char *uri)
{
    return text_is_empty(uri) || redirect_uri_registrable(uri, false);
}

static bool
initiate_login_is_sound(const struct partner_profile *profile)
{
    return is_absent_or_site(profile->initiate_login_uri);
}

static bool
client_uri_is_sound(const struct partner_profile *profile)
{
    return is_absent_or_site(profile->client_uri);
}

static bool
backchannel_is_sound(const struct partner_profile *profile)
{
    return is_absent_or_site(profile->backchannel_logout_uri);
}

static bool
session_is_told_somewhere(const struct partner_profile *profile)
{
    return !profile->backchannel_logout_session_required ||
           !text_is_empty(profile->backchannel_logout_uri);
}

static bool
frontchannel_is_sound(const struct partner_profile *profile)
{
    return is_absent_or_site(profile->frontchannel_logout_uri);
}

/* Front-Channel Logout 1.0, 2: its page stands where the partner's pages stand. */
static bool
frontchannel_is_at_home(const struct partner_profile *profile)
{
    const char *uri = profile->frontchannel_logout_uri;
    size_t size = text_is_empty(uri) ? 0 : web_origin_size(uri);
    bool at_home = size == 0;

    for (size_t i = 0; i < profile->redirect_uris.count && !at_home; i++) {
        const char *home = profile->redirect_uris.at[i];

        at_home = web_origin_size(home) == size && strncmp(home, uri, size) == 0;
    }
    return at_home;
}

static bool
session_is_framed_somewhere(const struct partner_profile *profile)
{
    return !profile->frontchannel_logout_session_required ||
           !text_is_empty(profile->frontchannel_logout_uri);
}

static bool
asking_apart_suits_method(const struct partner_profile *profile)
{
    return !profile_asks_apart(profile) || !profile_is_public(profile);
}

static bool
mode_has_an_effect(const struct partner_profile *profile)
{
    return profile_asks_apart(profile) || text_is_empty(profile->backchannel_mode);
}

static bool
approval_has_an_effect(const struct partner_profile *profile)
{
    return profile_asks_apart(profile) || text_is_empty(profile->backchannel_approval);
}

/* What somebody answers by a message alone is worth what that channel is worth. */
static bool
reply_suits_channel(const struct partner_profile *profile)
{
    return !text_eq(profile->backchannel_approval, "reply") || text_eq(profile->channel, "message");
}

static bool
request_alg_has_an_effect(const struct partner_profile *profile)
{
    return profile_asks_apart(profile) || text_is_empty(profile->backchannel_request_alg);
}

static bool
request_alg_has_keys(const struct partner_profile *profile)
{
    return text_is_empty(profile->backchannel_request_alg) || !text_is_empty(profile->jwks);
}

static bool
ping_has_an_address(const struct partner_profile *profile)
{
    return text_eq(profile->backchannel_mode, "ping") ==
           !text_is_empty(profile->backchannel_notify_uri);
}

static bool
notification_is_sound(const struct partner_profile *profile)
{
    return is_absent_or_site(profile->backchannel_notify_uri);
}

/* It names port 80 alone, where no app listens. */
static bool
is_localhost_without_port(const char *uri)
{
    static const char localhost[] = "http://localhost";

    return text_starts(uri, localhost) && uri[strlen(localhost)] != ':';
}

static bool
apps_have_a_port(const struct partner_profile *profile)
{
    for (size_t i = 0; profile->native && i < profile->redirect_uris.count; i++) {
        if (is_localhost_without_port(profile->redirect_uris.at[i]))
            return false;
    }
    return true;
}

static bool
policy_is_sound(const struct partner_profile *profile)
{
    return is_absent_or_site(profile->policy_uri);
}

static bool
terms_are_sound(const struct partner_profile *profile)
{
    return is_absent_or_site(profile->tos_uri);
}

static bool
sector_is_known(const struct partner_profile *profile)
{
    return !profile->pairwise || !text_is_empty(profile->sector_identifier);
}

static bool
sector_is_sound(const struct partner_profile *profile)
{
    const char *sector = profile->sector_identifier;
    size_t size = strlen(sector);

    return size <= HOST_SIZE_MAX && strspn(sector, ID_CHARACTERS) == size;
}

static bool
mini_programs_are_in_wechat(const struct partner_profile *profile)
{
    return text_eq(profile->channel, "wechat") ||
           !text_list_has(profile->grant_types, GRANT_TYPE_WECHAT);
}

#define A_SITE "must be a plain https address (http on this machine only)"
#define ADDRESSES                                                                                  \
    "must be plain https addresses, each once (http on this machine only; own schemes for native)"

#define FOR_CIBA "is for the grant type " GRANT_TYPE_CIBA " only"

#define ORIGINS                                                                                    \
    "must be origins, each once: https://host or https://host:port in lower case, without a path " \
    "or the usual port (http on this machine only)"

static const struct rule rules[] = {
    { "client_id", "must be 2 to 64 of a-z 0-9 _ . - and begin with a letter or digit",
      id_is_sound },
    { "client_name", "is missing", has_name },
    { "grant_types", "client_credentials is not for public partners", grants_suit_method },
    { "require_pkce", "must not be false for public partners", pkce_suits_method },
    { "jwks", "is required for private_key_jwt", jwks_suits_method },
    { "token_endpoint_auth_signing_alg", "does not suit token_endpoint_auth_method",
      algorithm_suits_method },
    { "strict_auth_method", "is for client_secret_basic and client_secret_post only",
      strictness_suits_method },
    { "assertion_audience", "is for private_key_jwt and client_secret_jwt only",
      audience_suits_method },
    { "resources", "are for partners that prove who they are: others may not introspect",
      resources_suit_method },
    { "resources", "need not hold its client_id: it may introspect what is meant for that anyway",
      resources_are_not_itself },
    { "scope", "has an unknown word or is too long", scope_is_known },
    { "scope", "qr_login is for partners of the channel app only", qr_login_is_for_apps },
    { "id_token_claims", "has a word that is no claim or that no scope of yours carries",
      id_token_claims_are_carried },
    { "redirect_uris", "is missing", redirects_are_there },
    { "redirect_uris", ADDRESSES, redirects_are_sound },
    { "post_logout_redirect_uris", ADDRESSES, logout_redirects_are_sound },
    { "web_origins", ORIGINS, web_origins_are_sound },
    { "initiate_login_uri", A_SITE, initiate_login_is_sound },
    { "client_uri", A_SITE, client_uri_is_sound },
    { "backchannel_logout_uri", A_SITE, backchannel_is_sound },
    { "frontchannel_logout_uri", A_SITE, frontchannel_is_sound },
    { "frontchannel_logout_uri",
      "must have scheme, host and port of one of redirect_uris: a browser opens it in a frame "
      "(Front-Channel Logout 1.0, 2)",
      frontchannel_is_at_home },
    { "frontchannel_logout_session_required", "is for partners with a frontchannel_logout_uri",
      session_is_framed_somewhere },
    { "grant_types", GRANT_TYPE_CIBA " is not for public partners", asking_apart_suits_method },
    { "backchannel_token_delivery_mode", FOR_CIBA, mode_has_an_effect },
    { "backchannel_client_notification_endpoint",
      "is for backchannel_token_delivery_mode ping, and required there", ping_has_an_address },
    { "backchannel_client_notification_endpoint", A_SITE, notification_is_sound },
    { "backchannel_authentication_request_signing_alg", FOR_CIBA, request_alg_has_an_effect },
    { "backchannel_authentication_request_signing_alg", "needs jwks: the keys that sign",
      request_alg_has_keys },
    { "backchannel_approval", FOR_CIBA, approval_has_an_effect },
    { "backchannel_approval", "reply is for partners of the channel message", reply_suits_channel },
    { "policy_uri", A_SITE, policy_is_sound },
    { "tos_uri", A_SITE, terms_are_sound },
    { "sector_identifier", "is required because the hosts of redirect_uris differ",
      sector_is_known },
    { "sector_identifier", "must be a host name in lower case", sector_is_sound },
};

static const struct rule rules_of_files[] = {
    { "grant_types", "a mini program (wechat-code) is of the channel wechat",
      mini_programs_are_in_wechat },
    { "grant_types", "has authorization_code, but its channel has no login page",
      channel_has_pages },
    { "scope",
      "must have staff on the channel counter with authorization_code: nobody but staff logs in "
      "there",
      profile_says_who_logs_in },
    { "token_endpoint_auth_method",
      "must be private_key_jwt on the channel terminal: each terminal has a key of its own and nothing "
      "else",
      terminals_have_keys },
    { "jwks", "is not for the channel terminal: its keys are those that its terminals enrol with",
      terminals_have_their_own },
    { "grant_types", GRANT_TYPE_CARD_PIN " is for the channel terminal only",
      cards_are_read_at_terminals },
    { "consent", "must be implied with " GRANT_TYPE_CARD_PIN ": at a terminal nobody is asked",
      cards_ask_nobody },
    { "redirect_uris",
      "http://127.0.0.1/… and http://[::1]/… stand for every port of an app, http://localhost/… for "
      "none: register one of those, or the port (RFC 8252, 8.3)",
      apps_have_a_port },
    { "backchannel_logout_session_required", "is for partners with a backchannel_logout_uri",
      session_is_told_somewhere },
};

static const char *
first_broken(struct arena *arena, const struct rule *from, size_t count,
             const struct partner_profile *profile)
{
    for (size_t i = 0; i < count; i++) {
        if (!from[i].holds(profile))
            return arena_printf(arena, "%s: %s", from[i].member, from[i].complaint);
    }
    return NULL;
}

const char *
partner_rules_check(struct arena *arena, const struct partner_profile *profile)
{
    const char *broken = first_broken(arena, rules, sizeof(rules) / sizeof(rules[0]), profile);

    if (broken == NULL)
        broken = partner_rules_check_app(arena, profile);
    if (broken == NULL)
        broken = partner_rules_check_staff(arena, profile);
    return broken != NULL ? broken : partner_rules_check_card(arena, profile);
}

const char *
partner_rules_check_file(struct arena *arena, const struct partner_profile *profile)
{
    return first_broken(arena, rules_of_files, sizeof(rules_of_files) / sizeof(rules_of_files[0]),
                        profile);
}
