/* SPDX-License-Identifier: Apache-2.0 */
/* The bind of the staff member herself, and the change of her password behind it. */
#ifndef IDP_CONNECT_DIRECTORY_BIND_H
#define IDP_CONNECT_DIRECTORY_BIND_H

#include "idp/connect/directory_question.h"

/*
 * Binds as question->dn and says in question->answer what came of it. ERR_UNKNOWN: the password may have been
 * changed; with every other error nothing has happened, and another server may be asked.
 */
must_check enum err directory_bind(struct directory_question *question,
                                   struct directory_server *server);

#endif
