/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory_entry.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "policies/staff_id.h"

#define VALUE_MAX_BYTES 512
#define TIME_DIGITS 14

/* Of the password policy: since when an account is locked, and when it ends. */
#define LOCKED_AT "pwdAccountLockedTime"
#define ENDS_AT "pwdEndTime"
/* Locked by an administrator, until she unlocks it; every other time is that of too many tries. */
#define LOCKED_FOR_GOOD "000001010000Z"

static char *
attribute(const char *name)
{
    return (char *)(uintptr_t)name;
}

void
directory_entry_attributes(const struct settings *settings, char *out[DIRECTORY_ATTRIBUTES])
{
    char *const names[DIRECTORY_ATTRIBUTES] = {
        attribute(settings->directory.login_attribute),
        attribute(settings->directory.name_attribute),
        attribute(settings->directory.identity_attribute),
        attribute(settings->directory.group_attribute),
        attribute(LOCKED_AT),
        attribute(ENDS_AT),
        NULL,
    };

    memcpy(out, names, sizeof(names));
}

struct reading_of_an_entry {
    LDAP *ld;
    LDAPMessage *entry;
    struct arena *arena;
};

static void
values_release(void *values)
{
    ldap_value_free_len(values);
}

/* Those of an attribute, as texts; more than `most`, and what is no text, is ERR_INVALID. */
static enum err
values_of(const struct reading_of_an_entry *it, const char *name, size_t most,
          const char *const **out, size_t *count)
{
    struct berval **values = ldap_get_values_len(it->ld, it->entry, name);
    size_t found = values != NULL ? (size_t)ldap_count_values_len(values) : 0;
    const char **texts;

    arena_own(it->arena, values, values_release);
    if (found > most)
        return ERR_INVALID;
    texts = arena_alloc(it->arena, (found + 1) * sizeof(*texts));
    for (size_t i = 0; i < found; i++) {
        if (values[i]->bv_len > VALUE_MAX_BYTES ||
            !text_is_utf8(values[i]->bv_val, values[i]->bv_len))
            return ERR_INVALID;
        texts[i] = arena_copy(it->arena, values[i]->bv_val, values[i]->bv_len);
    }
    *out = texts;
    *count = found;
    return OK;
}

/* The first of them, "" without one: a name or a number may be there in several spellings. */
static enum err
first_of(const struct reading_of_an_entry *it, const char *name, const char **out)
{
    const char *const *values;
    size_t count;
    enum err err = values_of(it, name, DIRECTORY_GROUPS_MAX, &values, &count);

    if (err == OK)
        *out = count > 0 ? values[0] : "";
    return err;
}

static enum directory_outcome
staff_id_read(const struct reading_of_an_entry *it, const char *name, const char **out)
{
    const char *const *values;
    size_t count;

    if (values_of(it, name, DIRECTORY_GROUPS_MAX, &values, &count) != OK || count == 0)
        return DIRECTORY_FAULT;
    if (count > 1)
        return DIRECTORY_AMBIGUOUS;
    *out = staff_id_canonical(it->arena, values[0]);
    return *out != NULL ? DIRECTORY_OK : DIRECTORY_FAULT;
}

/* GeneralizedTime (RFC 4517, 3.3.13) as the policy writes it, 20261128084000Z, as digits that can be compared. */
static bool
is_past(struct arena *arena, const char *generalized, unix_s now)
{
    char digits[TIME_DIGITS + 1] = "";
    const char *text = time_rfc3339(arena, now);
    size_t size = 0;

    for (; *text != '\0' && size < TIME_DIGITS; text++)
        if (*text >= '0' && *text <= '9')
            digits[size++] = *text;
    return strlen(generalized) > TIME_DIGITS && strncmp(generalized, digits, TIME_DIGITS) <= 0;
}

static enum err
standing_read(const struct reading_of_an_entry *it, unix_s now, bool *disabled)
{
    const char *locked_at;
    const char *ends_at;

    if (first_of(it, LOCKED_AT, &locked_at) != OK || first_of(it, ENDS_AT, &ends_at) != OK)
        return ERR_INVALID;
    *disabled = text_eq(locked_at, LOCKED_FOR_GOOD) || is_past(it->arena, ends_at, now);
    return OK;
}

enum directory_outcome
directory_entry_read(LDAP *ld, LDAPMessage *entry, const struct settings *settings,
                     struct arena *arena, unix_s now, struct directory_person *out)
{
    const struct reading_of_an_entry it = { ld, entry, arena };
    struct directory_person person = { .group_count = 0 };
    bool disabled;
    enum directory_outcome outcome =
        staff_id_read(&it, settings->directory.login_attribute, &person.staff_id);

    if (outcome != DIRECTORY_OK)
        return outcome;
    if (first_of(&it, settings->directory.name_attribute, &person.display_name) != OK ||
        first_of(&it, settings->directory.identity_attribute, &person.identity_number) != OK ||
        values_of(&it, settings->directory.group_attribute, DIRECTORY_GROUPS_MAX, &person.groups,
                  &person.group_count) != OK ||
        standing_read(&it, now, &disabled) != OK)
        return DIRECTORY_FAULT;
    *out = person;
    return disabled ? DIRECTORY_DISABLED : DIRECTORY_OK;
}
