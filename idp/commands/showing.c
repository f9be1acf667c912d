/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/showing.h"

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"

void
showing_begin(struct call *call)
{
    if (call->json)
        emit_object(&call->said, NULL);
}

static void
line_write(struct call *call, const char *name, const char *value)
{
    char *title = arena_text(call->arena, name);

    for (char *c = title; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    buf_text(&call->said, arena_printf(call->arena, "%-24s %s\n", title, value));
}

void
showing_text(struct call *call, const char *name, const char *text)
{
    if (call->json)
        emit_text_if(&call->said, name, text);
    else if (!text_is_empty(text))
        line_write(call, name, text);
}

void
showing_number(struct call *call, const char *name, int64_t number)
{
    if (call->json)
        emit_int(&call->said, name, number);
    else
        line_write(call, name, arena_printf(call->arena, "%lld", (long long)number));
}

void
showing_time(struct call *call, const char *name, unix_s at)
{
    if (at == 0)
        return;
    if (call->json)
        emit_int(&call->said, name, at);
    else
        line_write(call, name, when_text(call->arena, at));
}

void
showing_object(struct call *call, const char *name, const char *json)
{
    json_t *object = json_read(call->arena, bytes_of_text(json));
    const json_t *value;
    const char *member;
    void *at = NULL;

    if (call->json) {
        emit_raw(&call->said, name, json);
        return;
    }
    buf_text(&call->said, arena_printf(call->arena, "\n%s\n", name));
    while ((member = member_next(object, &at, &value)) != NULL)
        line_write(call, member, json_value_text(call->arena, value));
}

void
showing_end(struct call *call)
{
    if (!call->json)
        return;
    emit_object_end(&call->said);
    buf_char(&call->said, '\n');
}
