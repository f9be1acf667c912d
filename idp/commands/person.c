/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"
#include "idp/session/stop.h"

static enum err
done(struct call *call, enum err err)
{
    if (err == ERR_NOT_FOUND)
        return call_fail(call, err, "there is no person %s", call->person_id);
    if (err == ERR_CONFLICT)
        return call_fail(call, err, "the account of %s is closed, and stays so", call->person_id);
    if (err == OK)
        buf_text(&call->said, "Done.\n");
    return err;
}

enum err
command_person_block(struct call *call)
{
    return done(call, person_stop(&call->shop.ctx, call->person_id, PERSON_DISABLED, "blocked"));
}

enum err
command_person_deceased(struct call *call)
{
    return done(call, person_stop(&call->shop.ctx, call->person_id, PERSON_DECEASED, "deceased"));
}

enum err
command_person_unblock(struct call *call)
{
    return done(call, person_resume(&call->shop.ctx, call->person_id));
}
