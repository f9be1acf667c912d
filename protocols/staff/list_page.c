/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/staff/list_page.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "protocols/http/respond.h"

const struct problem *
list_page_place(struct request *rq, const char *list, struct list_place *out)
{
    enum err err = list_place_open(rq->ctx, list, rq->staff->row.sid, param(rq, "page"), out);

    if (err == ERR_FORGED)
        return &problem_staff_list_place;
    return err == OK ? NULL : problem_of(err);
}

enum err
list_page_url(struct request *rq, const struct flow *flow, const char *path, const char *list,
              const struct list_place *place, const char **out)
{
    const char *sealed;
    enum err err = list_place_seal(rq->ctx, list, rq->staff->row.sid, place, &sealed);

    if (err == OK)
        *out = arena_printf(rq->arena, "%s&page=%s", flow_url(rq, flow, path), sealed);
    return err;
}

const struct problem *
list_page_go(struct request *rq, const struct flow *flow, const char *path, const char *list,
             const struct list_place *place)
{
    const char *url;
    enum err err = list_page_url(rq, flow, path, list, place, &url);

    return err == OK ? respond_redirect(rq, url) : problem_of(err);
}

const char *
staff_moment(struct request *rq, unix_s at)
{
    return at == 0 ? "" : time_beijing_minute(rq->arena, at);
}

const char *
staff_moment_s(struct request *rq, unix_s at)
{
    const char *compact = time_beijing_compact(rq->arena, at);

    if (at == 0)
        return "";
    return arena_printf(rq->arena, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", compact, compact + 4,
                        compact + 6, compact + 8, compact + 10, compact + 12);
}

static const char *
role_told(enum language language, const char *role, size_t size)
{
    static const struct {
        const char *name;
        enum word word;
    } roles[] = {
#define STAFF_ROLE(symbol, ...) { #symbol, WORD_role_##symbol },
#include "policies/staff_role.def"
#undef STAFF_ROLE
    };

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
        if (text_list_holds(roles[i].name, role, size))
            return word(language, roles[i].word);
    return "?";
}

const char *
staff_roles_told(struct request *rq, const char *roles)
{
    struct buf out = buf_new(rq->arena, 64);
    const char *at = roles;
    const char *role;
    size_t size;

    while ((role = text_next_word(&at, &size)) != NULL) {
        if (out.size > 0)
            buf_text(&out, word(rq->language, WORD_between_names));
        buf_text(&out, role_told(rq->language, role, size));
    }
    return out.at;
}

const struct problem *
staff_refuse(struct request *rq, const char *reason)
{
    audit_note(rq->ctx,
               &(struct audit_record) { .event = AUDIT_STAFF_DENIED,
                                        .reason = reason,
                                        .subject = { SUBJECT_STAFF, rq->staff->row.staff_id },
                                        .sid = rq->staff->row.sid });
    return &problem_staff_denied;
}
