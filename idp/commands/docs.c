/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that are made from tables. Those in Markdown stand in docs/ under their names; those of the
 * package are made when it is (cmake/package/). */
#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/problem.h"
#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/server/config/config.h"
#include "protocols/openapi.h"

static void
problems_write(struct buf *out)
{
    buf_text(
        out,
        "# Problems\n\nWhat a client or a person can be told went wrong, and what to do about it: "
        "for who wrote the application, or helps a citizen. "
        "Generated from `idp/base/problem.def`; do not edit.\n\n"
        "| symbol | HTTP | code | English | Chinese | what to do |\n"
        "| --- | --- | --- | --- | --- | --- |\n");
    for (const struct problem *const *at = all_problems; *at != NULL; at++)
        buf_text(out,
                 arena_printf(out->arena, "| `%s` | %d | `%s` | %s | %s | %s |\n", (*at)->symbol,
                              (*at)->status, (*at)->code, problem_text(*at, LANGUAGE_EN),
                              problem_text(*at, LANGUAGE_ZH_CN), (*at)->advice));
}

static void
events_write(struct buf *out)
{
    buf_text(out, "# Audit events\n\nWhat is written to the audit trail. "
                  "Generated from `idp/audit/event.def`; do not edit.\n\n"
                  "| event | kind | what happened |\n| --- | --- | --- |\n");
    for (int event = AUDIT_NONE + 1; event < AUDIT_COUNT; event++)
        buf_text(out, arena_printf(out->arena, "| `%s` | %s | %s |\n",
                                   audit_event_name((enum audit_event)event),
                                   audit_event_is_refusal((enum audit_event)event) ? "refusal"
                                                                                   : "change",
                                   audit_event_help((enum audit_event)event)));
}

enum err
command_docs(struct call *call)
{
    static const struct {
        const char *name;
        void (*write)(struct buf *out);
    } documents[] = {
        { "commands", command_reference_write },
        { "completion", command_completion_write },
        { "configuration", config_write_reference },
        { "events", events_write },
        { "man", command_manual_write },
        { "metrics", metrics_write_reference },
        { "openapi", openapi_write },
        { "problems", problems_write },
    };

    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        if (!text_eq(call->document, documents[i].name))
            continue;
        documents[i].write(&call->said);
        return OK;
    }
    return ERR_NOT_FOUND;
}
