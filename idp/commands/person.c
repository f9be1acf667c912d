/* SPDX-License-Identifier: Apache-2.0 */
/* What is done about a person. */
#include "idp/commands/person.h"

#include "idp/base/text.h"
#include "idp/person/named.h"
#include "idp/session/login_guard.h"
#include "idp/session/stop.h"
#include "idp/tables/grant.h"
#include "idp/tables/session.h"
#include "policies/name.h"
#include "policies/phone.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

/* In an incident she must be found even if her data was damaged. */
static enum err
person_read(struct ctx *ctx, const char *person_id, struct person *out)
{
    int64_t state;
    enum err err = person_load(ctx, person_id, out);

    if (err != ERR_FORGED)
        return err;
    err = store_person_state(ctx->store, person_id, &state);
    *out = (struct person) { .person_id = person_id,
                             .state = (enum person_state)state,
                             .name = "",
                             .identity_number = "",
                             .phone = "" };
    return err;
}

enum err
person_of_name(struct call *call, const char *name, struct person *out)
{
    struct ctx *ctx = &call->shop.ctx;
    const char *person_id;
    enum err err = person_named(ctx, name, &person_id);

    if (err == ERR_INVALID)
        return call_fail(call, err, "\"%s\" is no id (p_…), no phone number and no identity number",
                         name);
    if (err == ERR_NOT_FOUND)
        return call_fail(call, err, "there is no person %s", name);
    return err == OK ? person_read(ctx, person_id, out) : err;
}

enum err
person_of_call(struct call *call, struct person *out)
{
    return person_of_name(call, call->person, out);
}

const char *
person_state_name(enum person_state state)
{
    static const char *const names[] = { "?", "active", "disabled", "closed", "deceased" };

    return names[state >= PERSON_ACTIVE && state <= PERSON_DECEASED ? state : 0];
}

const char *
person_in_short(struct call *call, const struct person *person)
{
    if (text_is_empty(person->name))
        return person->person_id;
    return arena_printf(call->arena, "%s %s %s", person->person_id,
                        name_masked(call->arena, person->name),
                        phone_masked(call->arena, person->phone));
}

static enum err
stay_closed(struct call *call, const struct person *person)
{
    return call_fail(call, ERR_CONFLICT, "the account of %s is closed, and stays so",
                     person_in_short(call, person));
}

/* Who she is, and what she would lose. */
static enum err
end_plan(struct call *call, const struct person *person)
{
    struct ctx *ctx = &call->shop.ctx;
    int64_t sessions;
    int64_t grants;
    enum err err = store_session_count_of(ctx->store, person->person_id, ctx->now, &sessions);

    if (err == OK)
        err = store_grant_count_of(ctx->store, person->person_id, ctx->now, &grants);
    if (err == OK)
        say(call, "%s is %s; %lld sessions and %lld grants would end.\n",
            person_in_short(call, person), person_state_name(person->state), (long long)sessions,
            (long long)grants);
    return err;
}

static enum err
stop(struct call *call, enum person_state state, const char *done)
{
    struct person person = { 0 };
    enum err err = person_of_call(call, &person);

    if (err != OK || call->plan)
        return err != OK ? err : end_plan(call, &person);
    err = person_stop(&call->shop.ctx, person.person_id, state, person_state_name(state));
    if (err == ERR_CONFLICT)
        return stay_closed(call, &person);
    if (err == OK)
        say(call, "%s %s\n", person_in_short(call, &person), done);
    return err;
}

enum err
command_person_disable(struct call *call)
{
    return stop(call, PERSON_DISABLED,
                "is disabled: what was open has ended, and she cannot log in.");
}

enum err
command_person_deceased(struct call *call)
{
    return stop(call, PERSON_DECEASED,
                "is marked as deceased: what was open has ended, and nobody can log in.");
}

enum err
command_person_close(struct call *call)
{
    return stop(call, PERSON_CLOSED,
                "is closed for good: what was open has ended, and nobody can log in. What the "
                "law wants kept is kept.");
}

enum err
command_person_enable(struct call *call)
{
    struct person person = { 0 };
    enum err err = person_of_call(call, &person);

    if (err != OK)
        return err;
    err = person_resume(&call->shop.ctx, person.person_id);
    if (err == ERR_CONFLICT)
        return stay_closed(call, &person);
    if (err == OK)
        say(call, "%s can log in. What was ended does not come back.\n",
            person_in_short(call, &person));
    return err;
}

enum err
command_person_end_sessions(struct call *call)
{
    struct person person = { 0 };
    enum err err = person_of_call(call, &person);

    if (err == OK && call->plan)
        return end_plan(call, &person);
    if (err == OK)
        err = person_end(&call->shop.ctx, person.person_id,
                         &(struct person_ending) { "operator", "", TIME_NEVER });
    if (err == OK)
        say(call,
            "%s is logged out everywhere, and partners hold nothing more for her. She can log in "
            "again.\n",
            person_in_short(call, &person));
    return err;
}

enum err
command_person_unlock(struct call *call)
{
    struct person person = { 0 };
    int64_t forgotten = 0;
    enum err err = person_of_call(call, &person);

    if (err == OK)
        err = login_guard_forget(&call->shop.ctx, &person, &forgotten);
    if (err != OK)
        return err;
    if (forgotten == 0)
        say(call, "%s has no wrong passwords counted.\n", person_in_short(call, &person));
    else
        say(call, "%s can try again at once. A network that has tried too many numbers waits on.\n",
            person_in_short(call, &person));
    if (person.state != PERSON_ACTIVE)
        say(call, "But she is %s.\n", person_state_name(person.state));
    return OK;
}
