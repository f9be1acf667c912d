/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/directory_bind.h"

#include "idp/base/unwind.h"

/* Her password's policy says it where there is one; the code alone does not say why. */
static enum directory_outcome
outcome_of_refusal(const struct directory_said *said)
{
    switch (said->policy) {
    case PP_accountLocked:
        return DIRECTORY_LOCKED;
    case PP_passwordExpired:
        return DIRECTORY_EXPIRED;
    default:
        return DIRECTORY_WRONG;
    }
}

static enum directory_outcome
outcome_of_bind(const struct directory_said *said)
{
    switch (said->code) {
    case LDAP_SUCCESS:
        return said->policy != PP_noError || said->grace_left >= 0 ? DIRECTORY_MUST_CHANGE
                                                                   : DIRECTORY_OK;
    case LDAP_INVALID_CREDENTIALS:
        return outcome_of_refusal(said);
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_NO_SUCH_OBJECT:
        return DIRECTORY_WRONG;
    default:
        return DIRECTORY_FAULT;
    }
}

static enum directory_outcome
outcome_of_change(const struct directory_said *said)
{
    if (said->code == LDAP_SUCCESS)
        return DIRECTORY_OK;
    switch (said->policy) {
    case PP_passwordInHistory:
        return DIRECTORY_REUSED;
    case PP_passwordTooYoung:
    case PP_passwordModNotAllowed:
        return DIRECTORY_KEPT;
    case PP_passwordTooShort:
    case PP_passwordTooLong:
    case PP_insufficientPasswordQuality:
        return DIRECTORY_WEAK;
    default:
        return said->code == LDAP_CONSTRAINT_VIOLATION ? DIRECTORY_WEAK : DIRECTORY_KEPT;
    }
}

/* What stays bound as somebody with a password that is good for nothing else is for nobody after her. */
static bool
link_is_clean(const struct directory_question *question)
{
    return question->new_password == NULL && (question->answer.outcome == DIRECTORY_OK ||
                                              question->answer.outcome == DIRECTORY_WRONG);
}

static enum err
changed(struct directory_question *question, const struct directory_server *server,
        struct directory_link *link)
{
    struct directory_said said;
    enum err err = directory_link_change(link, question->password, question->new_password,
                                         directory_question_until(question), &said);

    if (err != OK)
        return err;
    question->answer.outcome = outcome_of_change(&said);
    if (said.code != LDAP_SUCCESS && said.code != LDAP_CONSTRAINT_VIOLATION)
        directory_code_tell(server, "change", said.code);
    return OK;
}

static bool
may_change(const struct directory_question *question)
{
    return question->new_password != NULL && (question->answer.outcome == DIRECTORY_OK ||
                                              question->answer.outcome == DIRECTORY_MUST_CHANGE);
}

/* ERR_BUSY: another server may know. */
static enum err
bind_judged(struct directory_question *question, const struct directory_server *server,
            const struct directory_said *said)
{
    if (directory_code_is_of_trouble(said->code))
        return ERR_BUSY;
    question->answer.outcome = outcome_of_bind(said);
    question->answer.grace_left = said->grace_left;
    question->answer.expires_in_s = said->expires_in_s;
    if (question->answer.outcome == DIRECTORY_FAULT)
        directory_code_tell(server, "bind", said->code);
    return OK;
}

/* ERR_UNKNOWN: the password may have been changed. */
static enum err
bound_by(struct directory_question *question, const struct directory_server *server,
         struct directory_link *link)
{
    struct directory_said said;
    enum err err = directory_link_bind(link, question->dn, question->password,
                                       directory_question_until(question), &said);

    if (err == OK)
        err = bind_judged(question, server, &said);
    if (err == OK && may_change(question) && changed(question, server, link) != OK) {
        question->answer.outcome = DIRECTORY_UNAVAILABLE;
        err = ERR_UNKNOWN;
    }
    return err;
}

static enum err
bound_once(struct directory_question *question, struct directory_server *server, bool fresh,
           bool *again)
{
    struct directory_link *link = directory_server_link(
        server, DIRECTORY_SOMEBODY, fresh, directory_question_until(question), &question->refused);
    struct held held;
    enum err err;

    *again = false;
    if (link == NULL)
        return ERR_UNAVAILABLE;
    hold_begin(&held, directory_link_release, link);
    err = bound_by(question, server, link);
    hold_end(&held);
    *again = err == ERR_UNAVAILABLE && directory_link_is_worth_another(link, err);
    if (err != OK || !link_is_clean(question))
        directory_link_close(link);
    else
        directory_server_keep(server, DIRECTORY_SOMEBODY, link);
    return err;
}

enum err
directory_bind(struct directory_question *question, struct directory_server *server)
{
    bool again;
    enum err err = bound_once(question, server, false, &again);

    return again ? bound_once(question, server, true, &again) : err;
}
