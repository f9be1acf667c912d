/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything typed into a form: no input crashes, and what is accepted is its own canonical form.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "idp/base/arena.h"
#include "idp/base/text.h"
#include "policies/bank_card.h"
#include "policies/identity_number.h"
#include "policies/name.h"
#include "policies/password_rules.h"
#include "policies/phone.h"
#include "policies/typed.h"
#include "policies/user_code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_stable(struct arena *arena, const char *typed,
               const struct problem *(*check)(struct arena *, const char *, const char **))
{
    const char *once;
    const char *twice;

    if (check(arena, typed, &once) != NULL)
        return;
    if (check(arena, once, &twice) != NULL || !text_eq(once, twice))
        abort();
}

/* What is left has nothing more to lose. */
static void
typed_must_be_stable(const char *typed)
{
    char once[64];
    char twice[64];

    if (typed_ascii(typed, once, sizeof(once)) &&
        (!typed_ascii(once, twice, sizeof(twice)) || !text_eq(once, twice)))
        abort();
}

static void
user_code_must_be_stable(struct arena *arena, const char *typed)
{
    char once[USER_CODE_LETTERS + 1];
    char twice[USER_CODE_LETTERS + 1];

    if (user_code_read(typed, once) &&
        (!user_code_read(user_code_shown(arena, once), twice) || !text_eq(once, twice)))
        abort();
}

static void
identity_number_must_be_stable(struct arena *arena, const char *typed)
{
    struct identity_number once;
    struct identity_number twice;

    if (identity_number_check(typed, 20261122, &once) != NULL)
        return;
    if (identity_number_check(once.text, 20261122, &twice) != NULL ||
        !text_eq(once.text, twice.text))
        abort();
    identity_number_masked(arena, once.text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1 << 20);
    const char *typed;
    char text[19];

    if (size > 8192)
        size = 8192;
    typed = arena_copy(arena, data, size);
    typed_must_be_stable(typed);
    user_code_must_be_stable(arena, typed);
    must_be_stable(arena, typed, name_check);
    must_be_stable(arena, typed, phone_check);
    must_be_stable(arena, typed, bank_card_check);
    identity_number_must_be_stable(arena, typed);
    (void)identity_number_from_15(typed, text);
    (void)password_check(typed, "13800138000", "11010519491231002X");
    arena_free(arena);
    return 0;
}
