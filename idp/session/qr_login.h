/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A browser is logged in by a telephone (docs/adr/0048). The browser shows a code, which is sealed and
 * not stored; who scans it makes the row of it (idp/tables/pending.h), decides there, and the browser
 * that the code was shown in takes the login: a session lent by the one that allowed it.
 */
#ifndef IDP_SESSION_QR_LOGIN_H
#define IDP_SESSION_QR_LOGIN_H

#include "idp/base/problem.h"
#include "idp/partner/registry.h"
#include "idp/session/session.h"

/* How long a code may be scanned, and allowed. */
#define QR_CODE_LIFE_S 120
/* Sealed, as text. */
#define QR_CODE_MAX_BYTES 300

/* What a code says. Texts are "" when there is nothing to say. */
struct qr_code {
    const char *id; /* 128 random bits */
    unix_s created_at;
    const char *tx; /* the transaction of the browser that shows it */
    const char *partner_id;
    const char *network; /* of that browser: policies/network.h, network_prefix() */
    const char *browser; /* policies/browser.h */
    const char *system;
};

/* A new one for a browser of this address and User-Agent (may be NULL); *text for the link. */
must_check enum err qr_code_new(struct ctx *ctx, const char *tx, const char *user_agent,
                                const char **text);

/*
 * problem_qr_unknown: it is none of ours, whatever is wrong with it, or its partner is gone.
 * problem_qr_over: it is older than QR_CODE_LIFE_S; `out` is filled then.
 */
const struct problem *qr_code_open(struct ctx *ctx, const char *text, struct qr_code *out);

/* --- Who scans --- */

/* Who allows it, and whether that is a question that she is asked (prompts.h). */
struct qr_scan {
    const struct stored_session *by; /* live */
    bool counts;
};

/* May she decide about it? NULL, or as qr_scanned() says; nothing is changed. */
const struct problem *qr_judge(struct ctx *ctx, const struct qr_code *code,
                               const struct stored_session *by);

/*
 * She has it before her: the browser learns that somebody has. Again by her is no further one.
 * problem_qr_taken: somebody else has; problem_qr_done, problem_qr_over: it is decided;
 * problem_qr_not_lent: her session is not good for that channel; what prompts.h says.
 */
const struct problem *qr_scanned(struct ctx *ctx, const struct qr_code *code,
                                 const struct qr_scan *scan);

/*
 * What she decides about the code of that id, which she has scanned: problem_qr_unknown otherwise.
 * It is decided once: problem_qr_done when it was allowed, problem_qr_over when refused or too late.
 */
const struct problem *qr_decide(struct ctx *ctx, const char *id, const struct stored_session *by,
                                bool allow);

/* Names a code to who has scanned it, in that session only. qr_handle_open() gives the id, or
 * problem_qr_unknown. */
must_check enum err qr_handle_new(struct ctx *ctx, const char *id, const char *sid,
                                  const char **out);
const struct problem *qr_handle_open(struct ctx *ctx, const char *handle, const char *sid,
                                     const char **id);

/* --- The browser that shows it --- */

/* All that it learns before it is logged in. */
enum qr_state {
    QR_WAITING,
    QR_SCANNED,
    QR_CONFIRMED,
    QR_CANCELLED,
    QR_OVER
};

/* One read, and no write. The code is that browser's. */
must_check enum err qr_state_find(struct ctx *ctx, const struct qr_code *code, enum qr_state *out);

/* The word that programs are told. */
const char *qr_state_name(enum qr_state state);

/*
 * The proof of a login, once: what the session that allowed it has proven, while it lives. Taken again
 * it is good for the same session only (`repeated`). problem_qr_over otherwise.
 */
const struct problem *qr_take(struct ctx *ctx, const struct qr_code *code, struct proof *out);

/* Who is logged in is not the one whom the question was shown to: audited. */
void qr_not_hers(struct ctx *ctx, const struct stored_session *by);

/* Somebody else than the browser that the code was shown in asks for its state: audited. */
const struct problem *qr_not_here(struct ctx *ctx);

#endif
