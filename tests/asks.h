/* SPDX-License-Identifier: Apache-2.0 */
/* Begin, ask and end in one go: for tests of what comes of them. */
#ifndef TESTS_ASKS_H
#define TESTS_ASKS_H

#include "idp/person/bank_proof.h"
#include "idp/person/credentials.h"
#include "idp/person/phone_code.h"
#include "idp/person/registration.h"
#include "idp/session/login.h"

static inline void
ask_now(struct ctx *ctx, const struct ask *ask, void *state)
{
    struct ctx without_store = *ctx;

    without_store.store = NULL;
    ask->run(&without_store, state);
}

static inline const struct problem *
password_choose(struct ctx *ctx, const char *person_id, const char *password)
{
    struct password_choice choice;
    const struct problem *problem = password_choice_begin(ctx, person_id, password, &choice);

    if (problem != NULL)
        return problem;
    ask_now(ctx, &ask_password_choice, &choice);
    return password_choice_end(ctx, &choice);
}

static inline enum err
password_check_of(struct ctx *ctx, const char *person_id, const char *password)
{
    struct password_check check;
    enum err err = password_check_begin(ctx, person_id, password, &check);

    if (err != OK)
        return err;
    ask_now(ctx, &ask_password_check, &check);
    return password_check_end(ctx, &check);
}

static inline const struct problem *
login_by_password(struct ctx *ctx, const char *phone, const char *password, struct proof *out)
{
    struct password_login login;
    const struct login_name name = { .phone = phone };
    const struct problem *problem = password_login_begin(ctx, &name, password, &login);

    if (problem != NULL)
        return problem;
    ask_now(ctx, &ask_password_check, &login.check);
    return password_login_end(ctx, &login, out);
}

static inline const struct problem *
phone_code_send(struct ctx *ctx, const struct phone_code *code)
{
    struct code_sending sending;
    const struct problem *problem = phone_code_begin(ctx, code, &sending);

    if (problem != NULL)
        return problem;
    ask_now(ctx, &ask_phone_code, &sending);
    return phone_code_end(ctx, &sending);
}

static inline const struct problem *
bank_proof_ask(struct ctx *ctx, const struct bank_question *question, const char **order_id)
{
    struct bank_asking asking;
    const struct problem *problem = bank_proof_begin(ctx, question, &asking);

    if (problem != NULL)
        return problem;
    if (!asking.answered)
        ask_now(ctx, &ask_bank, &asking);
    return bank_proof_end(ctx, &asking, order_id);
}

static inline const struct problem *
registration_complete(struct ctx *ctx, const struct applicant *applicant)
{
    struct bank_asking asking;
    const struct problem *problem = registration_begin(ctx, applicant, &asking);

    if (problem != NULL)
        return problem;
    if (!asking.answered)
        ask_now(ctx, &ask_bank, &asking);
    return registration_end(ctx, applicant, &asking);
}

#endif
