/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/message.h"

#include <stddef.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"

static const struct {
    const char *purpose;
    const char *setting;
    size_t at;
} templates[] = {
    { "register", "template_code_register", offsetof(struct settings, sms.template_code_register) },
    { "login", "template_code_login", offsetof(struct settings, sms.template_code_login) },
    { "bank", "template_code_bank", offsetof(struct settings, sms.template_code_bank) },
    { "recover", "template_code_recover", offsetof(struct settings, sms.template_code_recover) },
};

#define TEMPLATES (sizeof(templates) / sizeof(templates[0]))

static const char *
own_template(const struct settings *settings, size_t i)
{
    const char *code;

    memcpy(&code, (const char *)settings + templates[i].at, sizeof(code));
    return code;
}

const char *
message_template(const struct settings *settings, const char *purpose)
{
    for (size_t i = 0; i < TEMPLATES; i++) {
        if (text_eq(templates[i].purpose, purpose) && !text_is_empty(own_template(settings, i)))
            return own_template(settings, i);
    }
    return settings->sms.template_code;
}

bool
message_variable_fits(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    return name == NULL || (name[strspn(name, letters)] == '\0' && !text_eq(name, "code"));
}

const char *
message_settings_check(struct arena *arena, const struct settings *settings)
{
    bool general = !text_is_empty(settings->sms.template_code);
    size_t own = 0;

    for (size_t i = 0; i < TEMPLATES; i++) {
        bool has_own = !text_is_empty(own_template(settings, i));

        if (!has_own && !general)
            return arena_printf(arena, "sms.%s or sms.template_code is missing.",
                                templates[i].setting);
        own += has_own;
    }
    if (general && own == TEMPLATES)
        return "sms.template_code has no effect: every purpose has a template of its own.";
    return NULL;
}

/* Controls, what nobody sees, private use, dots of addresses, and the brackets of signatures. */
static const struct {
    uint32_t first;
    uint32_t last;
} unfit[] = {
    { 0, 0x1f },           { 0x7f, 0xa0 },     { 0xad, 0xad },     { 0x200b, 0x200f },
    { 0x2028, 0x202e },    { 0x2060, 0x206f }, { 0x3002, 0x3002 }, { 0x3010, 0x3011 },
    { 0xe000, 0xf8ff },    { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xff00, 0xff0f },
    { 0xff1a, 0xff20 },    { 0xff3b, 0xff40 }, { 0xff5b, 0xff65 }, { 0xfff0, 0xffff },
    { 0xe0000, 0x10ffff },
};

static bool
is_fit(uint32_t c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

    if (c < 0x7f)
        return letter || c == ' ' || c == '-';
    for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
        if (c >= unfit[i].first && c <= unfit[i].last)
            return false;
    }
    return true;
}

const char *
message_name(struct arena *arena, const char *name)
{
    struct buf kept = buf_new(arena, MESSAGE_NAME_MAX * 4 + 1);
    size_t count = 0;
    uint32_t c;

    while (count < MESSAGE_NAME_MAX && (c = text_next_char(&name)) != 0) {
        char bytes[4];

        if (!is_fit(c))
            continue;
        buf_bytes(&kept, bytes, text_put_char(bytes, c));
        count++;
    }
    return text_trimmed(arena, kept.at);
}
