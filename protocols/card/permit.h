/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person has just done is good for the view of her card that follows it: sealed into that address, in her
 * session and for a minute. So nothing is stored, and whoever comes Back or sees the address later sees nothing more.
 */
#ifndef PROTOCOLS_CARD_PERMIT_H
#define PROTOCOLS_CARD_PERMIT_H

#include "protocols/http/request.h"

#define CARD_PERMIT_NAME "name"         /* to see her name unmasked */
#define CARD_PERMIT_PASSWORD "password" /* the password of the card was right */

/* For the person of the session, as the parameter "permit". */
must_check enum err card_permit_give(struct request *rq, const char *what, const char **out);

/* Does the parameter of this request say that, of this session, a moment ago? */
bool card_permit_holds(struct request *rq, const char *what);

/* A form of the card's page acts for the person to whom it was shown: the parameter "form" of it. */
must_check enum err card_form_seal(struct request *rq, const char **out);

/*
 * NULL: it was shown to the person of the session. problem_form_forged, which is audited; problem_answered: it was
 * shown to another one, or cannot be read, and the page is shown anew.
 */
const struct problem *card_form_open(struct request *rq);

#endif
