/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/seen.h"

#include <ctype.h>
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"

#define REASON_MIN 4
#define REASON_MAX 100
#define PHONE_DIGITS 11
/* Of the old form; a ticket has fewer. */
#define IDENTITY_DIGITS 15

static bool
is_plain(const char *text)
{
    if (!text_is_utf8(text, strlen(text)))
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return true;
}

/* All digits there are, whatever stands between them, as of a mobile or an identity number? */
static bool
holds_number(struct arena *arena, const char *text)
{
    char *digits = arena_alloc(arena, strlen(text) + 1);
    size_t count = 0;

    for (const char *c = text; *c != '\0'; c++)
        if (isdigit((unsigned char)*c))
            digits[count++] = *c;
    for (size_t i = 0; i + PHONE_DIGITS <= count; i++)
        if (digits[i] == '1' && digits[i + 1] >= '3')
            return true;
    return count >= IDENTITY_DIGITS;
}

const char *
seen_reason_check(struct arena *arena, const struct person *person, const char *reason)
{
    size_t characters;

    if (!is_plain(reason))
        return "it holds other characters than letters, digits and signs";
    characters = text_count_chars(reason);
    if (characters < REASON_MIN || characters > REASON_MAX)
        return arena_printf(arena, "it must have %d to %d characters", REASON_MIN, REASON_MAX);
    if (holds_number(arena, reason))
        return "it holds digits as of a phone or identity number, which the audit trail must not "
               "hold; name the ticket";
    if (!text_is_empty(person->name) && strstr(reason, person->name) != NULL)
        return "it says her name, which the audit trail must not hold; name the ticket";
    return NULL;
}

struct seeing {
    const char *person_id;
    const char *reason;
};

static enum err
see(struct ctx *ctx, void *state)
{
    const struct seeing *seeing = state;

    return audit_write(ctx,
                       &(struct audit_record) { .event = AUDIT_PERSON_SEEN,
                                                .reason = seeing->reason,
                                                .subject = subject_person(seeing->person_id) });
}

enum err
person_seen(struct ctx *ctx, const char *person_id, const char *reason)
{
    return change(ctx, see, &(struct seeing) { person_id, reason });
}
