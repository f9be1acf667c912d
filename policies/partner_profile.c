/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/partner_profile.h"

#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "policies/auth_method.h"
#include "policies/backchannel.h"
#include "policies/channel.h"
#include "policies/partner_rules.h"
#include "policies/signing_alg.h"

#define PROFILE_SIZE_MAX 65536
#define TEXT_SIZE_MAX 2048
#define MAX_AGE_MAX_S 31536000

enum member_kind {
    MEMBER_TEXT,
    MEMBER_TEXTS,   /* array of texts into a partner_list */
    MEMBER_CHOICE,  /* one of `values` */
    MEMBER_USUAL,   /* one of `values`; `initial` is not written: an older node reads the rest */
    MEMBER_CHOICES, /* array, each of `values`, kept as a list of words; "" is not written */
    MEMBER_WORDS,   /* a text that is a list of words */
    MEMBER_FLAG,    /* false and true are the two words of `values` */
    MEMBER_BOOL,
    MEMBER_ANSWER,  /* true, false, or not said, and then not written */
    MEMBER_OPTION,  /* false if not given, and then not written: an older node reads the rest */
    MEMBER_SECONDS, /* -1 when not set */
    MEMBER_JWKS,
    MEMBER_BUSINESSES,
};

struct profile_member {
    const char *name;
    enum member_kind kind;
    size_t offset;
    const char *values;
    const char *initial; /* for texts, flags and booleans not given */
};

#define AT(field) offsetof(struct partner_profile, field)

/* clang-format off */
static const char grant_types[] =
#define GRANT_TYPE(name, run, needs_store) " " name
#include "policies/grant_type.def"
#undef GRANT_TYPE
    ;
/* clang-format on */

/* clang-format off */
static const char card_purposes[] =
#define CARD_PURPOSE(symbol, ...) " " #symbol
#include "policies/card_purpose.def"
#undef CARD_PURPOSE
    ;
/* clang-format on */

#define CARD_PURPOSE_WORDS (card_purposes + 1)
#define GRANT_TYPES (grant_types + 1) /* without the first blank */
const char *const partner_grant_types = GRANT_TYPES;

/* In canonical order. */
static const struct profile_member members[] = {
    { "client_id", MEMBER_TEXT, AT(partner_id), NULL, "" },
    { "client_name", MEMBER_TEXT, AT(name_zh), NULL, "" },
    { "client_name#en", MEMBER_TEXT, AT(name_en), NULL, "" },
    { "channel", MEMBER_CHOICE, AT(channel), CHANNEL_NAMES, "web" },
    { "application_type", MEMBER_FLAG, AT(native), "web native", "web" },
    { "token_endpoint_auth_method", MEMBER_CHOICE, AT(auth_method), AUTH_METHODS,
      "client_secret_basic" },
    { "strict_auth_method", MEMBER_OPTION, AT(strict_auth_method), NULL, NULL },
    { "token_endpoint_auth_signing_alg", MEMBER_CHOICE, AT(auth_signing_alg), ALGS_OF_ASSERTIONS,
      "" },
    { "assertion_audience", MEMBER_CHOICE, AT(assertion_audience), PARTNER_ASSERTION_AUDIENCE, "" },
    { "jwks", MEMBER_JWKS, AT(jwks), NULL, "" },
    { "redirect_uris", MEMBER_TEXTS, AT(redirect_uris), NULL, NULL },
    { "shared_redirect_uris", MEMBER_OPTION, AT(shared_redirect_uris), NULL, NULL },
    { "post_logout_redirect_uris", MEMBER_TEXTS, AT(post_logout_redirect_uris), NULL, NULL },
    { "web_origins", MEMBER_TEXTS, AT(web_origins), NULL, NULL },
    { "grant_types", MEMBER_CHOICES, AT(grant_types), GRANT_TYPES, "authorization_code" },
    { "response_modes", MEMBER_CHOICES, AT(response_modes), PARTNER_RESPONSE_MODES, "" },
    { "scope", MEMBER_WORDS, AT(scope), NULL, "openid" },
    { "strict_scope", MEMBER_OPTION, AT(strict_scope), NULL, NULL },
    { "audience", MEMBER_WORDS, AT(audience), NULL, "" },
    { "resources", MEMBER_WORDS, AT(resources), NULL, "" },
    { "require_pkce", MEMBER_ANSWER, AT(require_pkce), NULL, NULL },
    { "id_token_signed_response_alg", MEMBER_CHOICE, AT(id_token_alg), ALGS_OF_KEYS, "RS256" },
    { "id_token_claims", MEMBER_WORDS, AT(id_token_claims), NULL, "" },
    { "access_token_signed_response_alg", MEMBER_CHOICE, AT(access_token_alg), ALGS_OF_KEYS,
      "ES256" },
    { "access_token_typ", MEMBER_USUAL, AT(access_token_typ), PARTNER_ACCESS_TOKEN_TYPS, "at+jwt" },
    { "dpop_bound_access_tokens", MEMBER_OPTION, AT(dpop_bound), NULL, NULL },
    { "native_sso_group", MEMBER_TEXT, AT(native_sso_group), NULL, "" },
    { "browser_ticket_partners", MEMBER_WORDS, AT(browser_ticket_partners), NULL, "" },
    { "subject_type", MEMBER_FLAG, AT(pairwise), PARTNER_SUBJECT_TYPES, "pairwise" },
    { "sector_identifier", MEMBER_TEXT, AT(sector_identifier), NULL, "" },
    { "default_max_age", MEMBER_SECONDS, AT(default_max_age_s), NULL, NULL },
    { "require_auth_time", MEMBER_BOOL, AT(require_auth_time), NULL, "false" },
    { "consent", MEMBER_FLAG, AT(consent_implied), "explicit implied", "explicit" },
    { "redirect_errors", MEMBER_BOOL, AT(redirect_errors), NULL, "true" },
    { "initiate_login_uri", MEMBER_TEXT, AT(initiate_login_uri), NULL, "" },
    { "client_uri", MEMBER_TEXT, AT(client_uri), NULL, "" },
    { "backchannel_logout_uri", MEMBER_TEXT, AT(backchannel_logout_uri), NULL, "" },
    { "backchannel_logout_session_required", MEMBER_BOOL, AT(backchannel_logout_session_required),
      NULL, "false" },
    { "frontchannel_logout_uri", MEMBER_TEXT, AT(frontchannel_logout_uri), NULL, "" },
    { "frontchannel_logout_session_required", MEMBER_OPTION,
      AT(frontchannel_logout_session_required), NULL, NULL },
    { "backchannel_token_delivery_mode", MEMBER_CHOICE, AT(backchannel_mode),
      BACKCHANNEL_DELIVERY_MODES, "" },
    { "backchannel_client_notification_endpoint", MEMBER_TEXT, AT(backchannel_notify_uri), NULL,
      "" },
    { "backchannel_authentication_request_signing_alg", MEMBER_CHOICE, AT(backchannel_request_alg),
      ALGS_OF_KEYS, "" },
    { "backchannel_approval", MEMBER_CHOICE, AT(backchannel_approval), BACKCHANNEL_APPROVALS, "" },
    { "card_loss_reports", MEMBER_OPTION, AT(card_loss_reports), NULL, NULL },
    { "card_purposes", MEMBER_CHOICES, AT(card_purposes), CARD_PURPOSE_WORDS, "" },
    { "card_regions", MEMBER_WORDS, AT(card_regions), NULL, "" },
    { "businesses", MEMBER_BUSINESSES, AT(businesses), NULL, NULL },
    { "policy_uri", MEMBER_TEXT, AT(policy_uri), NULL, "" },
    { "tos_uri", MEMBER_TEXT, AT(tos_uri), NULL, "" },
    { "contacts", MEMBER_TEXTS, AT(contacts), NULL, NULL },
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

static void *
field_of(struct partner_profile *profile, const struct profile_member *member)
{
    return (char *)profile + member->offset;
}

/* ---- reading: each function answers NULL or what is wrong with the value ---- */

static bool
is_true_word(const struct profile_member *member, const char *word)
{
    return text_eq(strchr(member->values, ' ') + 1, word);
}

static void
set_initial(const struct profile_member *member, void *field)
{
    switch (member->kind) {
    case MEMBER_TEXTS:
        *(struct profile_list *)field = (struct profile_list) { .count = 0 };
        break;
    case MEMBER_BUSINESSES:
        *(struct business_list *)field = (struct business_list) { .count = 0 };
        break;
    case MEMBER_SECONDS:
        *(int64_t *)field = -1;
        break;
    case MEMBER_ANSWER:
        *(enum profile_answer *)field = ANSWER_NONE;
        break;
    case MEMBER_OPTION:
        *(bool *)field = false;
        break;
    case MEMBER_BOOL:
        *(bool *)field = text_eq(member->initial, "true");
        break;
    case MEMBER_FLAG:
        *(bool *)field = is_true_word(member, member->initial);
        break;
    default:
        *(const char **)field = member->initial;
    }
}

static const char *
read_text(struct arena *arena, const json_t *value, const char **out)
{
    const char *text = json_string_value(value);

    if (text == NULL)
        return "must be a text";
    if (strlen(text) > TEXT_SIZE_MAX)
        return "is longer than 2048 bytes";
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return "must not hold control characters";
    }
    *out = arena_text(arena, text);
    return NULL;
}

static const char *
read_texts(struct arena *arena, const json_t *value, struct profile_list *out)
{
    const char *complaint = NULL;

    if (!json_is_array(value))
        return "must be an array of texts";
    if (json_array_size(value) > PARTNER_LIST_MAX)
        return "has more than 16 entries";
    for (size_t i = 0; i < json_array_size(value) && complaint == NULL; i++)
        complaint = read_text(arena, json_array_get(value, i), &out->at[out->count++]);
    return complaint;
}

static const char *
read_choice(struct arena *arena, const json_t *value, const char *values, const char **out)
{
    const char *word = NULL;
    const char *complaint = read_text(arena, value, &word);

    if (complaint != NULL)
        return complaint;
    if (!text_list_has(values, word))
        return arena_printf(arena, "must be one of: %s", values);
    *out = word;
    return NULL;
}

static const char *
read_choices(struct arena *arena, const json_t *value, const char *values, const char **out)
{
    struct buf list = buf_new(arena, 128);

    if (!json_is_array(value) || json_array_size(value) == 0)
        return "must be an array that is not empty";
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *word = NULL;
        const char *complaint = read_choice(arena, json_array_get(value, i), values, &word);

        if (complaint != NULL)
            return complaint;
        if (text_list_has(list.at, word))
            return "names something twice";
        buf_text(&list, list.size > 0 ? " " : "");
        buf_text(&list, word);
    }
    *out = list.at;
    return NULL;
}

static const char *
read_words(struct arena *arena, const json_t *value, const char **out)
{
    const char *text = NULL;
    const char *complaint = read_text(arena, value, &text);

    if (complaint == NULL)
        *out = text_list_common(arena, text, text);
    return complaint;
}

static const char *
read_flag(struct arena *arena, const json_t *value, const struct profile_member *member, bool *out)
{
    const char *word = NULL;
    const char *complaint = read_choice(arena, value, member->values, &word);

    if (complaint == NULL)
        *out = is_true_word(member, word);
    return complaint;
}

static const char *
read_bool(const json_t *value, bool *out)
{
    if (!json_is_boolean(value))
        return "must be true or false";
    *out = json_is_true(value);
    return NULL;
}

static const char *
read_answer(const json_t *value, enum profile_answer *out)
{
    bool yes = false;
    const char *complaint = read_bool(value, &yes);

    *out = yes ? ANSWER_YES : ANSWER_NO;
    return complaint;
}

static const char *
read_seconds(const json_t *value, int64_t *out)
{
    int64_t seconds = json_integer_value(value);

    if (!json_is_integer(value) || seconds < 0 || seconds > MAX_AGE_MAX_S)
        return "must be a whole number of seconds, at most a year";
    *out = seconds;
    return NULL;
}

/* Their form is judged by keys; here only that nobody hands us a secret. */
static const char *
read_jwks(struct arena *arena, const json_t *value, const char **out)
{
    const json_t *keys;
    const json_t *key;
    size_t i;

    if (member_list(value, "keys", &keys) != OK || json_array_size(keys) == 0)
        return "must be an object with an array keys that is not empty";
    json_array_foreach(keys, i, key)
    {
        if (!json_is_object(key))
            return "must hold objects in keys";
        if (member_is_there(key, "d") || member_is_there(key, "k"))
            return "must hold public keys only";
    }
    *out = json_text_sorted(arena, value);
    return NULL;
}

static const char *
read_member(struct arena *arena, const struct profile_member *member, const json_t *value,
            void *field)
{
    switch (member->kind) {
    case MEMBER_TEXT:
        return read_text(arena, value, field);
    case MEMBER_TEXTS:
        return read_texts(arena, value, field);
    case MEMBER_CHOICE:
    case MEMBER_USUAL:
        return read_choice(arena, value, member->values, field);
    case MEMBER_CHOICES:
        return read_choices(arena, value, member->values, field);
    case MEMBER_WORDS:
        return read_words(arena, value, field);
    case MEMBER_FLAG:
        return read_flag(arena, value, member, field);
    case MEMBER_BOOL:
    case MEMBER_OPTION:
        return read_bool(value, field);
    case MEMBER_ANSWER:
        return read_answer(value, field);
    case MEMBER_SECONDS:
        return read_seconds(value, field);
    case MEMBER_JWKS:
        return read_jwks(arena, value, field);
    case MEMBER_BUSINESSES:
        return business_list_read(arena, value, field);
    }
    return "is of no known kind";
}

static const char *
find_unknown(const json_t *root)
{
    const json_t *value;
    const char *name;
    void *at = NULL;

    while ((name = member_next(root, &at, &value)) != NULL) {
        size_t i = 0;

        while (i < MEMBER_COUNT && !text_eq(members[i].name, name))
            i++;
        if (i == MEMBER_COUNT)
            return name;
    }
    return NULL;
}

static const char *
read_members(struct arena *arena, const json_t *root, struct partner_profile *out)
{
    const char *unknown = find_unknown(root);

    if (unknown != NULL)
        return arena_printf(arena, "%.64s: there is no such member", unknown);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const json_t *value = json_object_get(root, members[i].name);
        void *field = field_of(out, &members[i]);
        const char *complaint = NULL;

        set_initial(&members[i], field);
        if (value != NULL)
            complaint = read_member(arena, &members[i], value, field);
        if (complaint != NULL)
            return arena_printf(arena, "%s: %s", members[i].name, complaint);
    }
    return NULL;
}

const char *
partner_profile_parse(struct arena *arena, const char *json, size_t size,
                      struct partner_profile *out)
{
    json_error_t error;
    struct held held;
    const char *complaint;
    json_t *root;

    if (size > PROFILE_SIZE_MAX)
        return "the registration is longer than 65536 bytes";
    root = json_open(bytes_of(json, size), &error);
    if (root == NULL)
        return arena_printf(arena, "not JSON: line %d: %s", error.line, error.text);
    hold_begin(&held, json_release, root);
    if (json_is_object(root))
        complaint = read_members(arena, root, out);
    else
        complaint = "the registration must be a JSON object";
    hold_release(&held);
    if (complaint != NULL)
        return complaint;
    partner_rules_complete(arena, out);
    return partner_rules_check(arena, out);
}

bool
partner_allows_response_mode(const struct partner_profile *profile, const char *mode)
{
    if (text_is_empty(profile->response_modes)) /* only of pages: partner_rules_complete() */
        return text_list_has("query fragment", mode);
    return text_list_has(profile->response_modes, mode);
}

/* ---- writing ---- */

static void
write_texts(struct buf *buf, const char *name, const struct profile_list *list)
{
    if (list->count == 0)
        return;
    emit_array(buf, name);
    for (size_t i = 0; i < list->count; i++)
        emit_text(buf, NULL, list->at[i]);
    emit_array_end(buf);
}

static void
write_flag(struct buf *buf, const struct profile_member *member, bool value)
{
    const char *second = strchr(member->values, ' ') + 1;
    size_t first_size = (size_t)(second - 1 - member->values);

    emit_text(buf, member->name,
              value ? second : arena_copy(buf->arena, member->values, first_size));
}

static void
write_member(struct buf *buf, const struct profile_member *member, const void *field)
{
    switch (member->kind) {
    case MEMBER_TEXT:
    case MEMBER_CHOICE:
    case MEMBER_WORDS:
        emit_text_if(buf, member->name, *(const char *const *)field);
        break;
    case MEMBER_TEXTS:
        write_texts(buf, member->name, field);
        break;
    case MEMBER_USUAL:
        if (!text_eq(*(const char *const *)field, member->initial))
            emit_text(buf, member->name, *(const char *const *)field);
        break;
    case MEMBER_CHOICES:
        if (!text_is_empty(*(const char *const *)field))
            emit_list(buf, member->name, *(const char *const *)field);
        break;
    case MEMBER_FLAG:
        write_flag(buf, member, *(const bool *)field);
        break;
    case MEMBER_BOOL:
        emit_bool(buf, member->name, *(const bool *)field);
        break;
    case MEMBER_ANSWER:
        if (*(const enum profile_answer *)field != ANSWER_NONE)
            emit_bool(buf, member->name, *(const enum profile_answer *)field == ANSWER_YES);
        break;
    case MEMBER_OPTION:
        if (*(const bool *)field)
            emit_bool(buf, member->name, true);
        break;
    case MEMBER_SECONDS:
        if (*(const int64_t *)field >= 0)
            emit_int(buf, member->name, *(const int64_t *)field);
        break;
    case MEMBER_JWKS:
        if (!text_is_empty(*(const char *const *)field))
            emit_raw(buf, member->name, *(const char *const *)field);
        break;
    case MEMBER_BUSINESSES:
        business_list_write(buf, member->name, field);
        break;
    }
}

void
partner_profile_write(struct buf *buf, const struct partner_profile *profile)
{
    emit_object(buf, NULL);
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        write_member(buf, &members[i], (const char *)profile + members[i].offset);
    emit_object_end(buf);
}
