/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of the program: one row each, from which the command line is read, help and
 * docs/commands.md are written, and what a command needs is opened. A name may have several words ("key
 * rotate"): it is a command of its own then. A word or option that a command's row does not have is
 * refused, and nothing is done.
 */
#ifndef IDP_COMMANDS_COMMANDS_H
#define IDP_COMMANDS_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/buf.h"
#include "idp/commands/when.h"
#include "idp/commands/workshop.h"
#include "idp/server/life/control.h"

/* Read when --config is not given. */
#define DEFAULT_CONFIG "/etc/tongxing/tongxing.conf"

#define COMMAND_WORDS_MAX 3
#define COMMAND_OPTIONS_MAX 10

/* What a command's function is given. */
struct call {
    struct arena *arena;
    struct buf said; /* what the command has to say; standard output gets it at the end */

    /* Words and options, each where its row says; NULL or false when it was not given. */
    const char *config;
    const char *file;
    const char *person; /* as she was named: idp/commands/person.h */
    const char *member; /* of her family, so too */
    const char *kinship;
    const char *key_id;
    const char *algorithm;
    const char *document;
    const char *about[COMMAND_WORDS_MAX]; /* the name of a command */
    struct bytes contents;                /* of `file` */
    struct bytes piece;                   /* of `file`, the lines of this round (pieces.h) */
    const char *errors;
    int64_t from;
    const char *position;
    const char *person_id;
    const char *partner_id;
    const char *session_id;
    const char *request_id;
    const char *event;
    const char *terminal_id;
    const char *counter_id;
    const char *region;
    const char *staff_id;
    const char *place;
    const char *agency;
    const char *checkpoint;
    struct when since;
    const char *redirect_uri;
    const char *scope;
    const char *secret_file;
    int64_t limit;
    bool follow;
    bool plan;
    bool deep;
    bool json;
    bool now;
    bool unmask;
    bool formal; /* a loss that is final */
    const char *reason;
    int64_t remove;
    struct when before;
    struct when overlap;
    bool version;
    bool help;

    /* What takes long, or for ever, is done in rounds: each says where it has ended, and the next is
     * given that. A service does other things in between. */
    const char *again;    /* where the round before has ended; NULL: this is the first */
    const char *goes_on;  /* where this one has; NULL: it was the last */
    const char *progress; /* for standard error, at once; NULL: nothing */

    control_answer *door; /* what a service answers through its door */
    struct workshop shop; /* open as far as the command needs it */
    const char *why;      /* what failed, where the command knows it better than its error */
};

/* Says at once what has been said so far, on standard output: before something that takes long, in a
 * command that has a process of its own. */
void call_tell(struct call *call);

/* Fails with a sentence: call_fail(call, err, "there is no person %s", …). */
enum err call_fail(struct call *call, enum err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum option_type {
    OPTION_SWITCH, /* a bool in struct call */
    /* With a value, which is the argument behind it. */
    OPTION_TEXT,   /* a const char * there */
    OPTION_NUMBER, /* an int64_t: a whole number, at most OPTION_NUMBER_MAX */
    OPTION_WHEN,   /* a struct when */
    OPTION_SPAN    /* a struct when, and it is a span: "7d" */
};

#define OPTION_NUMBER_MAX 1000000000

struct command_option {
    const char *name; /* behind "--" */
    char letter;      /* behind "-"; 0: none */
    enum option_type type;
    const char *value; /* how help calls the value of a text */
    size_t at;         /* in struct call */
    const char *help;
};

struct command_word {
    const char *name; /* how help calls it; NULL ends a list of words */
    size_t at;        /* of a const char * in struct call */
    bool optional;
    const char *standard;      /* of an optional one that is left out; NULL: none */
    const char *const *one_of; /* ended by NULL; NULL: any text */
    const char *help;
    size_t
        contents; /* in struct call: of the file that it names; 0: it names none. Of `piece`: the command
                        is run in rounds, each with the next of its lines, the last with none */
};

/* Where a command may do its work. */
enum place {
    PLACE_OWN, /* in a process of its own: on SQLite not while the service runs */
    PLACE_ANY  /* while the service runs, in it: through the operators' door (control.h) */
};

struct command {
    const char *name; /* NULL ends the table */
    enum need need;
    enum place place;
    struct command_word words[COMMAND_WORDS_MAX + 1];
    const struct command_option *options[COMMAND_OPTIONS_MAX + 1]; /* besides --help */
    /* An error becomes one line on standard error and the exit status 1. */
    enum err (*run)(struct call *call);
    const char *help;
};

extern const struct command commands[];
extern const struct command_option *const command_options[]; /* all there are; NULL ends them */

/* The command whose name the words begin with, the longest one; NULL when there is none. *used: words
 * of its name. */
const struct command *command_find(const char *const *words, size_t count, size_t *used);

bool command_takes(const struct command *command, const struct command_option *option);

/*
 * Reads the arguments (without the program's name) into `out`. NULL, or why they are refused: a
 * sentence in the arena. *command stays NULL when only help is asked for.
 */
const char *command_line_read(int argc, char **argv, struct call *out,
                              const struct command **command);

/* Help about the commands whose names begin with `name`, about all when it is "". False when there
 * is none. */
bool command_help_write(struct buf *out, const char *name);

/* "key rotate [ALGORITHM]" and its options; without `whole` only those that need no value. */
const char *command_usage(struct arena *arena, const struct command *command, bool whole);

/* How an option is written: "--config FILE". */
const char *command_option_form(struct arena *arena, const struct command_option *option);

const char *command_word_help(struct arena *arena, const struct command_word *word);

/* docs/commands.md. */
void command_reference_write(struct buf *out);

/* The page tongxing(8), for man. */
void command_manual_write(struct buf *out);

/* What bash reads to complete the command line. */
void command_completion_write(struct buf *out);

/* How a call has ended. */
struct call_end {
    struct bytes said;
    const char *why;     /* for standard error, without the program's name; NULL: nothing */
    const char *goes_on; /* as in struct call */
    const char *progress;
    int status; /* the exit status */
};

/* Runs it in the workshop that is open. */
struct call_end command_run(struct call *call, const struct command *command);

/* In the process that serves: the command that came through the operators' door. */
void call_answer(struct control_call *asked);

/*
 * The same from the other side: true when the service has done the command, with what it said and
 * the exit status; false when none is there.
 */
bool call_ask(struct call *call, int argc, char **argv, struct call_end *end);

/* Runs the command line. The exit status: 0 done, 1 failed, 2 called wrongly and nothing done. */
int commands_main(int argc, char **argv);

/* --- One for each row --- */

enum err command_serve(struct call *call);
enum err command_check_config(struct call *call);
enum err command_doctor(struct call *call); /* check_config.c */
enum err command_config_template(struct call *call);
enum err command_config_show(struct call *call);
enum err command_migrate(struct call *call);
enum err command_key_list(struct call *call);
enum err command_key_init(struct call *call);
enum err command_key_rotate(struct call *call);
enum err command_card_clock(struct call *call);
enum err command_key_retire(struct call *call);
enum err command_partner_list(struct call *call);
enum err command_partner_show(struct call *call);
enum err command_partner_apply(struct call *call);
enum err command_partner_remove(struct call *call);
enum err command_partner_secret_rotate(struct call *call);
enum err command_person_find(struct call *call);
enum err command_person_show(struct call *call);
enum err command_person_unlock(struct call *call);
enum err command_person_disable(struct call *call);
enum err command_person_enable(struct call *call);
enum err command_person_sessions(struct call *call);
enum err command_person_end_sessions(struct call *call);
enum err command_person_close(struct call *call);
enum err command_person_deceased(struct call *call);
enum err command_card_show(struct call *call);
enum err command_card_lose(struct call *call);
enum err command_card_release(struct call *call);
enum err command_card_history(struct call *call);
enum err command_card_import(struct call *call);
enum err command_login_try(struct call *call);
enum err command_session_revoke_all(struct call *call);
enum err command_session_end(struct call *call);
enum err command_session_deliveries(struct call *call);
enum err command_counter_list(struct call *call);
enum err command_counter_show(struct call *call);
enum err command_counter_add(struct call *call);
enum err command_counter_code(struct call *call);
enum err command_counter_retire(struct call *call);
enum err command_terminal_list(struct call *call);
enum err command_terminal_show(struct call *call);
enum err command_terminal_add(struct call *call);
enum err command_terminal_code(struct call *call);
enum err command_terminal_retire(struct call *call);
enum err command_staff_list(struct call *call);
enum err command_staff_show(struct call *call);
enum err command_staff_code(struct call *call);
enum err command_staff_stop(struct call *call);
enum err command_staff_start(struct call *call);
enum err command_staff_bootstrap(struct call *call);
enum err command_card_family_add(struct call *call);
enum err command_card_family_end(struct call *call);
enum err command_card_family_list(struct call *call);
enum err command_audit(struct call *call);
enum err command_audit_verify(struct call *call);
enum err command_docs(struct call *call);
enum err command_version(struct call *call);
enum err command_help(struct call *call);

#endif
