/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/sessions.h"

#include "idp/base/text.h"

#define LABEL_BYTES 16

enum err
sessions_list(struct ctx *ctx, const char *person_id, struct session_rows *out)
{
    return store_session_rows(ctx->store, ctx->arena, person_id, ctx->now, out);
}

const char *
session_label(struct ctx *ctx, const char *sid)
{
    struct digest label = digest_keyed_texts(&ctx->keys->csrf, "session.label", sid, NULL);

    return base64url_encode(ctx->arena, bytes_of(label.bytes, LABEL_BYTES));
}

static const struct stored_session *
listed_find(const struct session_rows *rows, const char *sid)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (text_eq(rows->at[i].sid, sid))
            return &rows->at[i];
    }
    return NULL;
}

bool
session_hangs_on(const struct session_rows *rows, const char *session, const char *sid)
{
    const struct stored_session *row = listed_find(rows, session);

    /* No longer than there are rows, whoever may have lent to whom. */
    for (size_t i = 0; row != NULL && i < rows->count; i++) {
        if (text_eq(row->sid, sid))
            return true;
        row = listed_find(rows, row->lent_by);
    }
    return text_eq(session, sid);
}

static enum err
listed_end(struct ctx *ctx, const struct stored_session *row, const char *reason)
{
    return session_end(ctx, &(struct session) { .live = true, .row = *row }, reason);
}

enum err
sessions_end_labelled(struct ctx *ctx, const char *person_id, const char *label, const char *reason)
{
    struct session_rows rows;
    enum err err = sessions_list(ctx, person_id, &rows);

    for (size_t i = 0; err == OK && i < rows.count; i++) {
        if (text_eq(session_label(ctx, rows.at[i].sid), label))
            err = listed_end(ctx, &rows.at[i], reason);
    }
    return err;
}

static enum err
page_end(struct ctx *ctx, const struct session_rows *rows, const struct stored_session *but,
         const char *reason)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < rows->count; i++) {
        if (!session_hangs_on(rows, but->sid, rows->at[i].sid))
            err = listed_end(ctx, &rows->at[i], reason);
    }
    return err;
}

/* A full page may have more behind it; what stays is this one and what it hangs on. */
enum err
sessions_end_others(struct ctx *ctx, const struct stored_session *but, const char *reason)
{
    struct session_rows rows;
    size_t rounds = 0;
    enum err err;

    do {
        err = sessions_list(ctx, but->subject.id, &rows);
        if (err == OK)
            err = page_end(ctx, &rows, but, reason);
    } while (err == OK && rows.count == SESSION_PAGE && ++rounds < SESSION_PAGE);
    return err;
}
