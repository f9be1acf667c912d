/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a directory's entry of a staff member. */
#ifndef IDP_CONNECT_DIRECTORY_ENTRY_H
#define IDP_CONNECT_DIRECTORY_ENTRY_H

#include <ldap.h>

#include "idp/base/settings.h"
#include "idp/connect/directory.h"

#define DIRECTORY_GROUPS_MAX 256
#define DIRECTORY_ATTRIBUTES 7 /* with the NULL at the end */

/* What is asked for; ended by NULL. */
void directory_entry_attributes(const struct settings *settings, char *out[DIRECTORY_ATTRIBUTES]);

/*
 * OK, DISABLED (with the person, too), AMBIGUOUS: several names to sign in by. FAULT: no name, or a value that is no
 * text, or more groups than DIRECTORY_GROUPS_MAX. `now` judges whether the account has ended.
 */
enum directory_outcome directory_entry_read(LDAP *ld, LDAPMessage *entry,
                                            const struct settings *settings, struct arena *arena,
                                            unix_s now, struct directory_person *out);

#endif
