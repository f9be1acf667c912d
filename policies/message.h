/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a text message with a code says it is for: a template for each purpose, and who sent the
 * person. Whoever asks somebody on the telephone for "the hospital's code" is then contradicted by
 * the message itself.
 */
#ifndef POLICIES_MESSAGE_H
#define POLICIES_MESSAGE_H

#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/settings.h"

/* Gateways take no longer values. */
#define MESSAGE_NAME_MAX 20

/* The template for codes of that purpose ("register", "login", "bank"): its own, or the one for all. */
const char *message_template(const struct settings *settings, const char *purpose);

/* Where there is a gateway. NULL, or a sentence: a template that no message would use, or a purpose
 * without one. */
const char *message_settings_check(struct arena *arena, const struct settings *settings);

/* May it name the templates' variable for the application? NULL or "" for none. */
bool message_variable_fits(const char *name);

/*
 * The name of an application as a message may carry it: at most MESSAGE_NAME_MAX characters,
 * without what would look like an address, a signature or a line of its own. "" when nothing is
 * left.
 */
const char *message_name(struct arena *arena, const char *name);

#endif
