/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/password_rules.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "idp/base/opaque.h"
#include "idp/base/text.h"

#define CHARACTERS_MIN 8
#define CHARACTERS_MAX 128
#define UNIT_MAX 4
#define IDENTITY_TAIL 6

/*
 * Often seen, at least 8 characters, and not caught by the rules on runs and repeated units below.
 */
static const char *const common[] = {
#define PASSWORD(text) text,
#include "policies/common_password.def"
#undef PASSWORD
};

static bool
is_common(const char *password)
{
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        if (text_eq_ignoring_case(password, common[i]))
            return true;
    }
    return false;
}

/* 12345678, 98765432, abcdefgh: each byte one more, or one less, than the last; 0 follows 9. */
static bool
is_run(const char *password)
{
    int step = password[1] - password[0];

    if (step != 1 && step != -1)
        return false;
    for (size_t i = 1; password[i] != '\0'; i++) {
        bool wraps = step == 1 && password[i - 1] == '9' && password[i] == '0';

        if (password[i] - password[i - 1] != step && !wraps)
            return false;
    }
    return true;
}

static bool
repeats_after(const char *password, size_t unit)
{
    size_t size = strlen(password);

    for (size_t i = unit; i < size; i++) {
        if (password[i] != password[i - unit])
            return false;
    }
    return true;
}

/*
 * aaaaaaaa, 12121212, abcdabcd; bytes, so a unit is at most four ASCII characters or one of another
 * script.
 */
static bool
is_repetition(const char *password)
{
    for (size_t unit = 1; unit <= UNIT_MAX; unit++) {
        if (repeats_after(password, unit))
            return true;
    }
    return false;
}

static bool
holds_personal(const char *password, const char *phone, const char *identity_number)
{
    size_t size = identity_number != NULL ? strlen(identity_number) : 0;

    if (!text_is_empty(phone) && strstr(password, phone) != NULL)
        return true;
    return size >= IDENTITY_TAIL &&
           strcasestr(password, identity_number + size - IDENTITY_TAIL) != NULL;
}

static const struct problem *
form_check(const char *password, const char *phone_national, const char *identity_number)
{
    size_t count = text_count_chars(password);

    if (count < CHARACTERS_MIN)
        return &problem_password_too_short;
    if (count > CHARACTERS_MAX)
        return &problem_password_too_long;
    if (holds_personal(password, phone_national, identity_number))
        return &problem_password_personal;
    if (is_common(password) || is_run(password) || is_repetition(password))
        return &problem_password_common;
    return NULL;
}

const struct problem *
password_check(const char *password, const char *phone_national, const char *identity_number)
{
    char room[OPAQUE_PASSWORD_ROOM];
    const char *form = text_opaque(password, room, sizeof(room)) ? room : password;
    const struct problem *problem = form_check(form, phone_national, identity_number);

    explicit_bzero(room, sizeof(room));
    return problem;
}
