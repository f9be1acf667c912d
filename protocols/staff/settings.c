/* SPDX-License-Identifier: Apache-2.0 */
/* GET /staff/settings: every setting as it is in effect, for a system administrator; a secret is told as set or not set. */
#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/told_setting.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/staff_page.h"

static void
setting_add(struct page *section, const struct told_setting *setting)
{
    struct page *row = page_row(section, "settings");

    page_text(row, "key", setting->key);
    page_text(row, "value", setting->value);
    page_flag(row, "hidden", setting->is_hidden);
    page_flag(row, "set", !setting->is_default);
    page_text(row, "help", setting->help);
}

static void
settings_add(struct request *rq, struct page *page)
{
    struct told_settings told = rq->ctx->services->settings_tell(rq->arena, rq->ctx->settings);
    struct page *section = NULL;
    const char *name = "";

    for (size_t i = 0; i < told.count; i++) {
        if (!text_eq(told.at[i].section, name)) {
            name = told.at[i].section;
            section = page_row(page, "sections");
            page_text(section, "section", name);
        }
        setting_add(section, &told.at[i]);
    }
}

const struct problem *
endpoint_staff_settings(struct request *rq)
{
    struct flow flow;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF_SETTINGS, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    err = staff_page(rq, &flow, "staff_settings", WORD_staff_settings_title, "/staff/settings",
                     &page);
    if (err != OK)
        return problem_of(err);
    settings_add(rq, page);
    audit_note(rq->ctx,
               &(struct audit_record) { .event = AUDIT_SETTINGS_SEEN,
                                        .subject = { SUBJECT_STAFF, rq->staff->row.staff_id },
                                        .sid = rq->staff->row.sid });
    return flow_answer(rq, &flow, page, NULL);
}
