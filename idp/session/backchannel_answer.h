/* SPDX-License-Identifier: Apache-2.0 */
/* The person's word on what a partner has asked over another line, and telling the partner that there
 * is one (CIBA Core, 10.2). */
#ifndef IDP_SESSION_BACKCHANNEL_ANSWER_H
#define IDP_SESSION_BACKCHANNEL_ANSWER_H

#include "idp/session/backchannel.h"
#include "idp/tables/outbox.h"

#define OUTBOX_PING "ping"         /* kinds of delivery (idp/server/life/outbox.h) */
#define OUTBOX_APPROVAL "approval" /* the message that asks her */

/* Whose word it is. */
struct backchannel_word {
    const struct stored_pending *row;
    const struct backchannel_asked *asked;
    const char *person_id;
    const char *sid; /* her session; "": the message alone speaks for her */
};

/*
 * She allows it, or refuses; one change with its audit record and, for ping, the call to the partner.
 * ERR_NOT_FOUND: it is over, decided already, or another's.
 */
must_check enum err backchannel_approve(struct ctx *ctx, const struct backchannel_word *word);
must_check enum err backchannel_refuse(struct ctx *ctx, const struct backchannel_word *word);

/* Makes one call. ERR_REFUSED: the partner says no, and is not asked twice. */
must_check enum err ping_tell(struct ctx *ctx, const struct stored_delivery *delivery, int *status);

/* What a message says that asks her something. */
struct approval_message {
    const char *phone; /* E.164; "": there is nobody to send it to */
    const char *kind;  /* as in struct sms_question */
    const char *text;
    const char *partner; /* its name; "": nobody's */
    const char *purpose;
    int64_t until; /* it is worth nothing any more then */
};

/* In the caller's change: on its way. `partner_id` NULL: nobody's. */
must_check enum err approval_message_queue(struct ctx *ctx, const struct approval_message *message,
                                           const char *partner_id);

/* In the change that asks: the message on its way; `text` is the link's secret or the number. */
must_check enum err approval_message_put(struct ctx *ctx, const struct backchannel_asking *asking,
                                         const char *text);
/* Sends one. */
must_check enum err approval_message_tell(struct ctx *ctx, const struct stored_delivery *delivery,
                                          int *status);

#endif
