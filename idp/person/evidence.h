/* SPDX-License-Identifier: Apache-2.0 */
/* What proves who a person is, and what it is worth today. The only place that makes evidence. */
#ifndef IDP_PERSON_EVIDENCE_H
#define IDP_PERSON_EVIDENCE_H

#include "idp/context/ctx.h"
#include "policies/assurance.h"

/* The identity level recomputed now, and the evidence that carries it. */
struct standing {
    int level;               /* 0 to 3 */
    enum evidence_kind kind; /* EVIDENCE_NONE at level 0 */
    const char *source;      /* "China UnionPay" */
    const char *reference;   /* the source's or our own order number */
    const char *
        detail; /* of EVIDENCE_COUNTER: the paper and what was looked at (policies/paper.h); else "" */
    unix_s proven_at;
};

must_check enum err evidence_standing(struct ctx *ctx, const char *person_id, struct standing *out);

/*
 * In the caller's transaction. `reference` is the number under which the source or we can find the
 * proof again, or "".
 */
must_check enum err evidence_add(struct ctx *ctx, const char *person_id, enum evidence_kind kind,
                                 const char *reference);

/* The same at a counter: `detail` is paper_told() of policies/paper.h. */
must_check enum err evidence_add_document(struct ctx *ctx, const char *person_id,
                                          const char *reference, const char *detail);

/* In the caller's transaction: what has proven her name or number until now was of others, and is worth nothing. That a
 * number of a telephone is hers it leaves. */
must_check enum err evidence_withdraw(struct ctx *ctx, const char *person_id);

/* The same for a proof that a form may present once more: ERR_CONFLICT when it is there already. */
must_check enum err evidence_add_once(struct ctx *ctx, const char *person_id,
                                      enum evidence_kind kind, const char *reference);

#endif
