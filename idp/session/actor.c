/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/actor.h"

#include "idp/base/emit.h"
#include "idp/base/text.h"

#define MEMBER_MAX_BYTES 1024

const char *
actor_of_staff(struct arena *arena, const struct staff_actor *actor)
{
    struct buf buf = buf_new(arena, 256);

    emit_object(&buf, NULL);
    emit_text(&buf, "sub", actor->sub);
    emit_text(&buf, "agency", actor->agency);
    emit_text(&buf, "counter", actor->counter_id);
    emit_text(&buf, "business", actor->business);
    emit_text(&buf, "reason", actor->reason);
    emit_object_end(&buf);
    return buf.at;
}

bool
actor_is_staff(const char *actor)
{
    return actor != NULL && actor[0] == '{';
}

/* Of a text that we have written ourselves: what it does not say is "". */
static const char *
says(const json_t *object, const char *name)
{
    const char *text = "";

    return member_text(object, name, MEMBER_MAX_BYTES, &text) == OK ? text : "";
}

static void
emit_staff(struct buf *buf, const char *actor)
{
    const json_t *said = json_read(buf->arena, bytes_of_text(actor));

    emit_object(buf, "act");
    emit_text(buf, "sub", says(said, "sub"));
    emit_text(buf, "agency", says(said, "agency"));
    emit_text(buf, "counter", says(said, "counter"));
    emit_object_end(buf);
    emit_text(buf, "business", says(said, "business"));
    emit_text(buf, "reason", says(said, "reason"));
}

void
emit_actor(struct buf *buf, const char *actor)
{
    if (text_is_empty(actor))
        return;
    if (actor_is_staff(actor)) {
        emit_staff(buf, actor);
        return;
    }
    emit_object(buf, "act");
    emit_text(buf, "sub", actor);
    emit_object_end(buf);
}

const char *
actor_of_claims(struct arena *arena, const json_t *claims)
{
    const json_t *act = json_object_get(claims, "act");

    if (!member_is_there(act, "counter"))
        return says(act, "sub");
    return actor_of_staff(arena, &(struct staff_actor) { .sub = says(act, "sub"),
                                                         .agency = says(act, "agency"),
                                                         .counter_id = says(act, "counter"),
                                                         .business = says(claims, "business"),
                                                         .reason = says(claims, "reason") });
}
