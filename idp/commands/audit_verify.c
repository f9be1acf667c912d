/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/verify.h"
#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/tables/audit.h"
#include "keys/attest.h"

/* A service does other things between two rounds. */
#define ROUND_US 500000
/* Whoever finds a table emptied need not read of each row. */
#define TOLD_MAX 100

struct verifying_call {
    struct call *call;
    struct audit_verify verify;
};

/* --- Findings --- */

#define say(arena, ...) arena_printf(arena, __VA_ARGS__)

static const char *
records_name(struct arena *arena, const struct audit_finding *found)
{
    const char *when = when_text(arena, found->at);
    const char *run = run_name(arena, found->run);

    if (!text_is_empty(found->audit_id))
        return say(arena, "record %lld of run %s, lane %lld (%s, written %s)",
                   (long long)found->from, run, (long long)found->lane, found->audit_id, when);
    return say(arena, "records %lld to %lld of run %s, lane %lld, before %s",
               (long long)found->from, (long long)found->to, run, (long long)found->lane, when);
}

static const char *
checkpoint_words(struct arena *arena, const struct audit_finding *found)
{
    const char *run = run_name(arena, found->run);

    if (found->at == 0)
        return say(arena, "checkpoint %lld of run %s", (long long)found->from, run);
    return say(arena, "checkpoint %lld of run %s, written %s", (long long)found->from, run,
               when_text(arena, found->at));
}

static const char *
witness_of(struct arena *arena, const struct audit_finding *found)
{
    return found->by_run == 0 ? "you name"
                              : say(arena, "run %s has seen", run_name(arena, found->by_run));
}

static const char *
finding_words(struct arena *arena, const struct audit_finding *found)
{
    switch (found->fault) {
    case FAULT_CHANGED:
        return say(arena, "changed: %s is not as it was written", records_name(arena, found));
    case FAULT_MISSING:
        return say(arena, "missing: %s are gone, and were too young to be swept",
                   records_name(arena, found));
    case FAULT_TWICE:
        return say(arena, "forked: %s stands beside another of that number",
                   records_name(arena, found));
    case FAULT_REPLACED:
        return say(arena, "replaced: %s are not those that their checkpoint signs",
                   records_name(arena, found));
    case FAULT_CHECKPOINT_FORGED:
        return say(arena, "forged: %s was changed, or not signed by this house",
                   checkpoint_words(arena, found));
    case FAULT_CHECKPOINT_MISSING:
        return say(arena,
                   "missing: checkpoints %lld to %lld of run %s, the last written %s, are gone",
                   (long long)found->from, (long long)found->to, run_name(arena, found->run),
                   when_text(arena, found->at));
    case FAULT_CHECKPOINT_CUT:
        return say(arena, "cut: %s, which %s, is gone", checkpoint_words(arena, found),
                   witness_of(arena, found));
    case FAULT_CHECKPOINT_REPLACED:
        break;
    }
    return say(arena, "forked: %s is not the one that %s", checkpoint_words(arena, found),
               witness_of(arena, found));
}

static void
finding_tell(void *to, const struct audit_finding *found)
{
    struct verifying_call *verifying = to;
    struct call *call = verifying->call;

    if (verifying->verify.faults > TOLD_MAX)
        return;
    buf_text(&call->said, finding_words(call->arena, found));
    buf_char(&call->said, '\n');
    if (verifying->verify.faults == TOLD_MAX)
        buf_text(&call->said, "What else is found is only counted.\n");
}

/* --- The end --- */

static enum err
unchained_tell(struct call *call)
{
    unix_s first;
    unix_s last;
    enum err err = store_audit_unchained(call->shop.ctx.store, &first, &last);

    if (err == OK)
        buf_text(
            &call->said,
            say(call->arena,
                "Records from %s to %s stand in no chain: programs of before it wrote them, or "
                "they tell of the first keys. Nothing can be said of them.\n",
                when_text(call->arena, first), when_text(call->arena, last)));
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
end_tell(struct call *call, const struct audit_verify *verify)
{
    struct ctx *ctx = &call->shop.ctx;
    const char *public;
    enum err err = unchained_tell(call);

    if (err == OK)
        err = attest_public(call->arena, &ctx->keys->audit_checkpoint, &public);
    if (err != OK)
        return err;
    if (verify->swept > 0)
        buf_text(&call->said, say(call->arena, "%lld records were swept, as old as they were.\n",
                                  (long long)verify->swept));
    buf_text(
        &call->said,
        say(call->arena,
            "%lld records and %lld checkpoints of %lld runs were read; the last checkpoint is of "
            "%s. They are signed with Ed25519 by %s.\n",
            (long long)verify->records, (long long)verify->checkpoints, (long long)verify->runs,
            when_text(call->arena, verify->last_checkpoint_at), public));
    if (verify->faults > 0)
        return call_fail(call, ERR_FORGED, "the audit trail is not whole: %lld faults",
                         (long long)verify->faults);
    buf_text(&call->said, "The audit trail is whole.\n");
    return OK;
}

/* --- The command --- */

static enum err
verify_begin(struct verifying_call *verifying)
{
    struct call *call = verifying->call;
    struct when since = call->since;
    struct checkpoint_seen seen;

    verifying->verify = audit_verify_new(since.given ? when_at(since, call->shop.ctx.now) : 0);
    if (call->checkpoint == NULL)
        return OK;
    if (checkpoint_name_read(call->arena, call->checkpoint, &seen) != OK)
        return call_fail(call, ERR_INVALID,
                         "\"%s\" names no checkpoint; take it whole from an audit.checkpoint line",
                         call->checkpoint);
    return audit_verify_seen(&call->shop.ctx, &verifying->verify, &seen, finding_tell, verifying);
}

enum err
command_audit_verify(struct call *call)
{
    struct verifying_call verifying = { .call = call };
    enum err err = call->again == NULL
                       ? verify_begin(&verifying)
                       : audit_verify_resume(call->arena, call->again, &verifying.verify);

    if (err == OK)
        err = audit_verify_go(&call->shop.ctx, &verifying.verify, mono_us() + ROUND_US,
                              finding_tell, &verifying);
    if (err != OK)
        return err;
    if (verifying.verify.phase == VERIFY_DONE)
        return end_tell(call, &verifying.verify);
    call->goes_on = audit_verify_place(call->arena, &verifying.verify);
    return OK;
}
