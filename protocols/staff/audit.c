/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /staff/audit, GET /staff/audit/export: who did what, for whom, at which counter and when, for an audit
 * administrator, who can change nothing. Whoever reads is on record herself, and so is whom she looked for.
 */
#include "idp/audit/audit.h"

#include "idp/base/csv.h"
#include "idp/base/text.h"
#include "idp/staff/audit_search.h"
#include "policies/moment.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/respond.h"
#include "protocols/staff/list_page.h"

#define PATH "/staff/audit"
#define EXPORT_PATH "/staff/audit/export"
#define LIST "audit"
#define PAGE_RECORDS 50
#define EXPORT_RECORDS 400 /* so that a file fits into a request's memory, whatever stands in it */
#define DAY_S 86400

/* Whom it was about; nobody's, when it was asked by other things: then it is of the reader. */
static void
reading_note(struct request *rq, const struct list_place *place, const char *reason)
{
    bool of_somebody = !text_is_empty(place->only);
    const struct subject reader = { SUBJECT_STAFF, rq->staff->row.staff_id };

    audit_note(rq->ctx, &(struct audit_record) {
                            .event = AUDIT_TRAIL_READ,
                            .reason = reason,
                            .subject = of_somebody ? subject_person(place->only) : reader,
                            .sid = rq->staff->row.sid });
}

/* Behind the last record that was looked at. */
static struct list_place
older(const struct list_place *place, const struct audit_found *found)
{
    struct list_place next = *place;

    next.before = found->looked_at;
    next.after = found->looked_id;
    return next;
}

/* --- The page --- */

static void
record_add(struct request *rq, struct page *page, const struct stored_audit *record)
{
    struct page *row = page_row(page, "records");

    page_text(row, "at", staff_moment_s(rq, record->at));
    page_text(row, "event", record->event);
    page_flag(row, "refusal", record->is_refusal == 1);
    page_text(row, "reason", record->reason);
    page_text(row, "concerned", record->subject.id);
    page_text(row, "actor", record->actor);
    page_text(row, "counter", record->counter_id);
}

static const char *
day_typed(struct request *rq, unix_s at)
{
    int32_t date = time_beijing_date(at);

    if (at == 0)
        return "";
    return arena_printf(rq->arena, "%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100);
}

static const char *
entry(struct request *rq, const struct flow *flow, const char *name, const char *sealed)
{
    return flow->mistakes.count > 0 ? param_typed(rq, name) : sealed;
}

static void
form_fill(struct request *rq, const struct flow *flow, struct page *page,
          const struct list_place *place)
{
    page_text(page, "concerned", entry(rq, flow, "concerned", place->only));
    page_text(page, "actor", entry(rq, flow, "actor", place->actor));
    page_text(page, "counter", entry(rq, flow, "counter", place->counter_id));
    page_text(page, "event", entry(rq, flow, "event", place->event));
    page_text(page, "since", entry(rq, flow, "since", day_typed(rq, place->since)));
    page_text(
        page, "up_to",
        entry(rq, flow, "up_to", place->until > 0 ? day_typed(rq, place->until - DAY_S) : ""));
    for (int i = AUDIT_NONE + 1; i < AUDIT_COUNT; i++)
        page_text(page_row(page, "events"), "event", audit_event_name((enum audit_event)i));
}

static enum err
links_add(struct request *rq, const struct flow *flow, struct page *page,
          const struct list_place *place, const struct audit_found *found)
{
    struct list_place next = older(place, found);
    const char *url;
    enum err err = list_page_url(rq, flow, EXPORT_PATH, LIST, place, &url);

    if (err == OK && found->rows.count > 0)
        page_text(page, "export_url", url);
    if (err != OK || !found->more)
        return err;
    err = list_page_url(rq, flow, PATH, LIST, &next, &url);
    if (err == OK)
        page_text(page, "next_url", url);
    if (found->rows.count < PAGE_RECORDS)
        page_text(page, "looked_to", staff_moment_s(rq, found->looked_at));
    return err;
}

static enum err
fill(struct request *rq, const struct flow *flow, struct page *page, const struct list_place *place)
{
    struct audit_found found;
    enum err err = audit_search(rq->ctx, place, PAGE_RECORDS, &found);

    if (err != OK)
        return err;
    form_fill(rq, flow, page, place);
    for (size_t i = 0; i < found.rows.count; i++)
        record_add(rq, page, &found.rows.at[i]);
    return links_add(rq, flow, page, place, &found);
}

const struct problem *
endpoint_staff_audit(struct request *rq)
{
    struct flow flow;
    struct list_place place;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF_AUDIT, &flow);
    enum err err;

    if (problem == NULL)
        problem = list_page_place(rq, LIST, &place);
    if (problem != NULL)
        return problem;
    err = staff_page(rq, &flow, "staff_audit", WORD_staff_audit_title, PATH, &page);
    if (err == OK)
        err = fill(rq, &flow, page, &place);
    if (err != OK)
        return problem_of(err);
    reading_note(rq, &place, "page");
    return flow_answer(rq, &flow, page, NULL);
}

/* --- The form --- */

static const struct problem *
day_read(struct request *rq, const char *name, unix_s *out)
{
    const char *typed = param(rq, name);

    *out = 0;
    return typed == NULL || moment_day_read(typed, out) ? NULL : &problem_staff_day;
}

static void
form_read(struct request *rq, struct list_place *out, struct mistakes *mistakes)
{
    unix_s last;

    *out = (struct list_place) { .only = param_typed(rq, "concerned"),
                                 .actor = param_typed(rq, "actor"),
                                 .counter_id = param_typed(rq, "counter"),
                                 .event = param_typed(rq, "event") };
    mistake_add(mistakes, "since", day_read(rq, "since", &out->since));
    mistake_add(mistakes, "up_to", day_read(rq, "up_to", &last));
    out->until = last > 0 ? last + DAY_S : 0; /* with all of that day */
}

const struct problem *
endpoint_staff_audit_submit(struct request *rq)
{
    struct flow flow;
    struct list_place place;
    struct mistakes mistakes = { .count = 0 };
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF_AUDIT, PATH, &flow);

    if (problem != NULL)
        return problem;
    form_read(rq, &place, &mistakes);
    if (mistakes.count > 0)
        return flow_show_mistakes(rq, &flow, PATH, &mistakes);
    return list_page_go(rq, &flow, PATH, LIST, &place);
}

/* --- The file --- */

static void
line_write(struct request *rq, struct buf *out, const struct stored_audit *record)
{
    const char *const cells[] = { staff_moment_s(rq, record->at),
                                  record->event,
                                  record->is_refusal == 1 ? "refused" : "done",
                                  record->reason,
                                  record->subject.id,
                                  record->actor,
                                  record->counter_id,
                                  record->partner_id,
                                  record->sid,
                                  record->channel,
                                  record->request_id,
                                  record->address,
                                  record->audit_id };

    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
        csv_cell(out, cells[i]);
    csv_line_end(out);
}

static void
head_write(struct buf *out)
{
    static const char *const names[] = { "at",      "event",   "result",  "reason",  "concerned",
                                         "actor",   "counter", "partner", "session", "channel",
                                         "request", "address", "record" };

    csv_begin(out);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        csv_cell(out, names[i]);
    csv_line_end(out);
}

/* What is older than the file goes on where its last line says. */
static const struct problem *
file_answer(struct request *rq, const struct audit_found *found)
{
    struct buf out = buf_new(rq->arena, 32768);

    head_write(&out);
    for (size_t i = 0; i < found->rows.count; i++)
        line_write(rq, &out, &found->rows.at[i]);
    if (found->more)
        csv_cell(&out, arena_printf(rq->arena, "... %s", staff_moment_s(rq, found->looked_at)));
    if (found->more)
        csv_line_end(&out);
    respond_header(rq, "Content-Disposition", "attachment; filename=\"audit.csv\"");
    respond_header(rq, "Cache-Control", "no-store");
    return respond_text(rq, 200, "text/csv; charset=utf-8", buf_view(&out));
}

const struct problem *
endpoint_staff_audit_export(struct request *rq)
{
    struct flow flow;
    struct list_place place;
    struct audit_found found;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF_AUDIT, &flow);
    enum err err;

    if (problem == NULL)
        problem = list_page_place(rq, LIST, &place);
    if (problem != NULL)
        return problem;
    err = audit_search(rq->ctx, &place, EXPORT_RECORDS, &found);
    if (err != OK)
        return problem_of(err);
    reading_note(rq, &place, "export");
    return file_answer(rq, &found);
}
