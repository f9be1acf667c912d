/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/backchannel.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "idp/base/text.h"

#define TOKEN_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"
#define NOTIFICATION_TOKEN_MIN 22 /* 128 bits */

/* Controls, what nobody sees, marks of direction, private use and what is no character. */
static const struct {
    uint32_t first;
    uint32_t last;
} unseen[] = {
    { 0, 0x1f },           { 0x7f, 0x9f },     { 0xad, 0xad },     { 0x34f, 0x34f },
    { 0x61c, 0x61c },      { 0x115f, 0x1160 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
    { 0x2028, 0x202e },    { 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xd800, 0xf8ff },
    { 0xfe00, 0xfe0f },    { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xffff },
    { 0xe0000, 0x10ffff },
};

static bool
is_seen(uint32_t c)
{
    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++) {
        if (c >= unseen[i].first && c <= unseen[i].last)
            return false;
    }
    return true;
}

const struct problem *
binding_message_check(const char *message)
{
    size_t count = 0;
    uint32_t c;

    while (message != NULL && (c = text_next_char(&message)) != 0) {
        if (!is_seen(c) || ++count > BINDING_MESSAGE_MAX)
            return &problem_binding_message_invalid;
    }
    return NULL;
}

const struct problem *
requested_expiry_read(const char *text, int64_t *life_s)
{
    int64_t asked_s = BACKCHANNEL_LIFE_S;

    if (text != NULL && text_to_int(text, 1, INT32_MAX, &asked_s) != OK)
        return &problem_requested_expiry_invalid;
    *life_s = asked_s < BACKCHANNEL_LIFE_MAX_S ? asked_s : BACKCHANNEL_LIFE_MAX_S;
    return NULL;
}

const struct problem *
notification_token_check(const char *token)
{
    size_t size = token != NULL ? strlen(token) : 0;
    size_t body = token != NULL ? strspn(token, TOKEN_CHARACTERS) : 0;

    if (size < NOTIFICATION_TOKEN_MIN || size > NOTIFICATION_TOKEN_MAX ||
        body + strspn(token + body, "=") != size)
        return &problem_notification_token_invalid;
    return NULL;
}
