/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"

#include <string.h>

#include "idp/base/text.h"

/* --- The table --- */

#define AT(member) offsetof(struct call, member)
#define WORD(name, member, help)                                                                   \
    {                                                                                              \
        name, AT(member), false, NULL, NULL, help, 0                                               \
    }

static const struct command_option
    option_config = { "config",    'c',
                      OPTION_TEXT, "FILE",
                      AT(config),  "The configuration file; " DEFAULT_CONFIG " when left out." },
    option_plan = { "plan", 0, OPTION_SWITCH, NULL, AT(plan), "Only say what would be done." },
    option_deep = { "deep",
                    0,
                    OPTION_SWITCH,
                    NULL,
                    AT(deep),
                    "Look at what the settings name, too: files, keys, store, machine, names." },
    option_json = { "json", 0, OPTION_SWITCH, NULL, AT(json), "Say it as JSON, for programs." },
    option_remove = { "remove",      0,
                      OPTION_NUMBER, "N",
                      AT(remove),    "So many partners the file removes; another number is refused." },
    option_overlap = { "overlap",
                       0,
                       OPTION_SPAN,
                       "SPAN",
                       AT(overlap),
                       "So long the old one is good beside it: " SPAN_FORMS "; 7d when left out, at most 90d." },
    option_unmask = { "unmask",      0,
                      OPTION_SWITCH, NULL,
                      AT(unmask),    "Show her data whole; the audit trail keeps that, and why." },
    option_reason = { "reason",
                      0,
                      OPTION_TEXT,
                      "TEXT",
                      AT(reason),
                      "Why: the audit trail keeps it. Name the ticket, nothing of hers." },
    option_formal = { "formal", 0,          OPTION_SWITCH,
                      NULL,     AT(formal), "For good: it does not lapse and is not lifted." },
    option_now = { "now", 0,       OPTION_SWITCH,
                   NULL,  AT(now), "Let it sign at once; --plan says what that costs." },
    option_before = { "before", 0, OPTION_WHEN, "TIME", AT(before), "A time: " WHEN_FORMS "." },
    option_redirect_uri = { "redirect-uri",
                            0,
                            OPTION_TEXT,
                            "URI",
                            AT(redirect_uri),
                            "On this machine, and registered; http://127.0.0.1:9999/callback when left out." },
    option_scope = { "scope", 0,         OPTION_TEXT,
                     "SCOPE", AT(scope), "What is asked for; openid profile when left out." },
    option_secret_file = { "secret-file",   0,
                           OPTION_TEXT,     "FILE",
                           AT(secret_file), "The partner's secret; left out for a public one." },
    option_person = { "person",      0,
                      OPTION_TEXT,   "PERSON_ID",
                      AT(person_id), "Only what is of this person." },
    option_partner = { "partner",      0,
                       OPTION_TEXT,    "PARTNER_ID",
                       AT(partner_id), "Whose it is, by client_id." },
    option_place = { "place",     0,
                     OPTION_TEXT, "TEXT",
                     AT(place),   "Where it stands, as people are told; at most 60 characters." },
    option_agency = { "agency",    0,
                      OPTION_TEXT, "TEXT",
                      AT(agency),  "Who runs it, as people are told; at most 60 characters." },
    option_region = { "region", 0,          OPTION_TEXT,
                      "CODE",   AT(region), "Its division code, six digits (GB/T 2260)." },
    option_request = { "request",      0,
                       OPTION_TEXT,    "REQUEST_ID",
                       AT(request_id), "Only what this request did, by the id on its page." },
    option_event = { "event", 0,         OPTION_TEXT,
                     "EVENT", AT(event), "Only this event; tongxing docs events names all." },
    option_since = { "since", 0, OPTION_WHEN, "WHEN", AT(since), "Not before: " WHEN_FORMS "." },
    option_limit = { "limit", 0, OPTION_NUMBER, "N", AT(limit), "The newest N; 200 when left out." },
    option_follow = { "follow", 'f',        OPTION_SWITCH,
                      NULL,     AT(follow), "Go on with what comes, until Ctrl-C." },
    option_checkpoint = { "checkpoint",
                          0,
                          OPTION_TEXT,
                          "NAME",
                          AT(checkpoint),
                          "One that an audit.checkpoint line of a log names: it must be in the store." },
    option_errors = { "errors",    0,
                      OPTION_TEXT, "FILE",
                      AT(errors),  "Where the lines at fault are told; FILE.errors when left out." },
    option_from = { "from", 0,        OPTION_NUMBER,
                    "LINE", AT(from), "Begin with this line: those before were taken over." },
    option_position = { "position",
                        0,
                        OPTION_TEXT,
                        "N",
                        AT(position),
                        "The file tells of all up to this position: the feed goes on behind it." },
    option_version = { "version", 0, OPTION_SWITCH, NULL, AT(version), "The same as the command." },
    option_help = { "help", 'h',      OPTION_SWITCH,
                    NULL,   AT(help), "Say what the command takes, and do nothing." };

const struct command_option *const command_options[] = {
    &option_config,
    &option_plan,
    &option_deep,
    &option_json,
    &option_remove,
    &option_overlap,
    &option_unmask,
    &option_reason,
    &option_formal,
    &option_now,
    &option_before,
    &option_person,
    &option_partner,
    &option_request,
    &option_event,
    &option_since,
    &option_limit,
    &option_follow,
    &option_checkpoint,
    &option_redirect_uri,
    &option_scope,
    &option_secret_file,
    &option_place,
    &option_agency,
    &option_region,
    &option_errors,
    &option_from,
    &option_position,
    &option_version,
    &option_help,
    NULL,
};

/* clang-format off */
static const char *const algorithms[] = {
#define ALG_OF_KEYS(value, name) name,
#define ALG_OF_SECRETS(value, name)
#define ALG_OF_CODES(value, name) name,
#include "policies/signing_alg.def"
#undef ALG_OF_KEYS
#undef ALG_OF_SECRETS
#undef ALG_OF_CODES
    NULL,
};
/* clang-format on */
static const char *const guarded_kinships[] = { "child", "other", NULL };
static const char *const documents[] = { "commands", "completion", "configuration", "events", "man",
                                         "metrics",  "openapi",    "problems",      NULL };

/* clang-format off */
#define PERSON WORD("PERSON", person, "Her id, phone number or identity number.")
#define MEMBER WORD("MEMBER", member, "Whose card it is, named in the same way.")
#define PARTNER WORD("PARTNER", partner_id, "The partner's client_id.")
#define COUNTER WORD("COUNTER_ID", counter_id, "The counter, as counter list names it.")
#define STAFF WORD("STAFF_NAME", staff_id, "The member of staff, as staff list names her.")
#define TERMINAL WORD("TERMINAL_ID", terminal_id, "The terminal, as terminal list names it.")

const struct command commands[] = {
    { "serve", NEED_SETTINGS, PLACE_OWN, { { 0 } }, { &option_config }, command_serve,
      "Run the service until SIGTERM." },
    { "check-config", NEED_NOTHING, PLACE_OWN, { { 0 } },
      { &option_config, &option_deep, &option_json }, command_check_config,
      "Say all that is wrong with the configuration file: where, what, and what to do." },
    { "doctor", NEED_NOTHING, PLACE_OWN, { { 0 } }, { &option_config, &option_json }, command_doctor,
      "The same as check-config --deep: all that would keep the service from starting, or soon will." },
    { "config template", NEED_NOTHING, PLACE_OWN, { { 0 } }, { NULL }, command_config_template,
      "Write a configuration file to begin with: each setting with its meaning and default." },
    { "config show", NEED_SETTINGS, PLACE_OWN, { { 0 } }, { &option_config, &option_json }, command_config_show,
      "Show every setting as it is in effect, secrets hidden." },
    { "migrate", NEED_STORE, PLACE_OWN, { { 0 } }, { &option_config, &option_plan }, command_migrate,
      "Bring the store's schema up to date." },
    { "key list", NEED_SCHEMA, PLACE_ANY, { { 0 } }, { &option_config, &option_json }, command_key_list,
      "Show all keys with state and next change; no secret." },
    { "key init", NEED_SCHEMA, PLACE_OWN, { { 0 } }, { &option_config }, command_key_init,
      "Make the key-encryption key's file and the first keys; what exists stays." },
    { "key rotate", NEED_KEYS, PLACE_ANY,
      { { "ALGORITHM", AT(algorithm), true, "ES256", algorithms, "Whose signing key gets a successor.", 0 } },
      { &option_config, &option_now, &option_plan }, command_key_rotate, "Announce a new signing key." },
    { "key retire", NEED_KEYS, PLACE_ANY, { WORD("KEY_ID", key_id, "The key, as key list names it; behind -- when it begins with a dash.") },
      { &option_config, &option_plan }, command_key_retire,
      "Take a signing key that has leaked out of use, everywhere and for good; --plan says what that costs." },
    { "partner list", NEED_SCHEMA, PLACE_ANY, { { 0 } }, { &option_config, &option_json }, command_partner_list,
      "Show all partners, those removed of late too, and until when their secrets are good." },
    { "partner show", NEED_SCHEMA, PLACE_ANY, { PARTNER }, { &option_config, &option_json }, command_partner_show,
      "Show all that a partner has registered; no secret." },
    { "partner apply", NEED_KEYS, PLACE_ANY, { { "FILE", AT(file), false, NULL, NULL, "The partners, in JSON.", AT(contents) } },
      { &option_config, &option_plan, &option_remove }, command_partner_apply,
      "Make the registered partners those of the file; one that it does not name is removed." },
    { "partner remove", NEED_KEYS, PLACE_ANY, { PARTNER }, { &option_config }, command_partner_remove,
      "Remove one partner; what it was given ends. Take it out of the partners file too." },
    { "partner secret rotate", NEED_KEYS, PLACE_ANY, { PARTNER }, { &option_config, &option_overlap },
      command_partner_secret_rotate, "Give a partner a new secret, told once; the old one is good for a while beside it." },
    { "person find", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_json, &option_unmask, &option_reason },
      command_person_find, "Say which account it is; her data is masked." },
    { "person show", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_json, &option_unmask, &option_reason },
      command_person_show, "Show state, proofs, password, sessions and wrong passwords counted; her data is masked." },
    { "person unlock", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config }, command_person_unlock,
      "Forget the wrong passwords, so that she can try again at once." },
    { "person disable", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_plan }, command_person_disable,
      "End all that a person has open, and let her in no more." },
    { "person enable", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config }, command_person_enable,
      "Let a person log in again." },
    { "person sessions", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_json }, command_person_sessions,
      "Show where she is logged in, and at which partners." },
    { "person end-sessions", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_plan }, command_person_end_sessions,
      "End all that a person has open; she can log in again." },
    { "person close", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_plan }, command_person_close,
      "Close an account for good, and end all that is open." },
    { "person deceased", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_plan }, command_person_deceased,
      "End all that a person has open, because she has died." },
    { "terminal list", NEED_SCHEMA, PLACE_ANY, { { 0 } }, { &option_config, &option_json }, command_terminal_list,
      "Show all self-service terminals: whose, where, and whether they have a key." },
    { "terminal show", NEED_SCHEMA, PLACE_ANY, { TERMINAL }, { &option_config, &option_json }, command_terminal_show,
      "Show one terminal, with its public key." },
    { "terminal add", NEED_KEYS, PLACE_ANY, { { 0 } },
      { &option_config, &option_partner, &option_place, &option_agency }, command_terminal_add,
      "Announce a terminal of a partner; its enrolment code is told once, and is good for a day." },
    { "terminal code", NEED_KEYS, PLACE_ANY, { TERMINAL }, { &option_config }, command_terminal_code,
      "Make a new enrolment code, in place of one before: with it a terminal gets another key." },
    { "terminal retire", NEED_KEYS, PLACE_ANY, { TERMINAL }, { &option_config }, command_terminal_retire,
      "End what is open at a terminal, and take nothing from it any more, for good." },
    { "counter list", NEED_SCHEMA, PLACE_ANY, { { 0 } }, { &option_config, &option_json }, command_counter_list,
      "Show all counters at which staff sit: where, and whether a computer is known for each." },
    { "counter show", NEED_SCHEMA, PLACE_ANY, { COUNTER }, { &option_config, &option_json }, command_counter_show,
      "Show one counter, and who signed in there last." },
    { "counter add", NEED_KEYS, PLACE_ANY, { { 0 } },
      { &option_config, &option_place, &option_agency, &option_region }, command_counter_add,
      "Announce a counter; its enrolment code is told once, and is good for a day." },
    { "counter code", NEED_KEYS, PLACE_ANY, { COUNTER }, { &option_config }, command_counter_code,
      "Make a new enrolment code, in place of one before: with it a counter gets another computer." },
    { "counter retire", NEED_KEYS, PLACE_ANY, { COUNTER }, { &option_config }, command_counter_retire,
      "End the sitting at a counter, and take nothing from it any more, for good." },
    { "staff list", NEED_SCHEMA, PLACE_ANY, { { 0 } }, { &option_config, &option_json }, command_staff_list,
      "Show all members of staff who have come here: roles, agency, region, and when each signed in last." },
    { "staff show", NEED_SCHEMA, PLACE_ANY, { STAFF }, { &option_config, &option_json }, command_staff_show,
      "Show one member of staff, and what second factor she has." },
    { "staff code", NEED_KEYS, PLACE_ANY, { STAFF }, { &option_config }, command_staff_code,
      "Make a code by which she enrols a second factor, in place of one before; it is told once, and is good for a day." },
    { "staff stop", NEED_KEYS, PLACE_ANY, { STAFF }, { &option_config }, command_staff_stop,
      "End what a member of staff has open, and let her sign in no more, whatever the directory says." },
    { "staff start", NEED_KEYS, PLACE_ANY, { STAFF }, { &option_config }, command_staff_start,
      "Let her sign in again, and forget the wrong tries under her name." },
    { "staff bootstrap", NEED_KEYS, PLACE_ANY, { { 0 } }, { &option_config }, command_staff_bootstrap,
      "Make the secret by which the first security administrator enrols; refused once anybody has a second factor." },
    { "card show", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_json, &option_unmask, &option_reason },
      command_card_show, "Show her electronic card: state, loss, physical card and dates; name and number are masked." },
    { "card lose", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_formal }, command_card_lose,
      "Report her card lost: codes die, what was born of it ends, and the card office is told." },
    { "card release", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config }, command_card_release,
      "Lift a provisional loss." },
    { "card history", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_json }, command_card_history,
      "Show the cards that she had, and where hers was used, the newest first." },
    { "card family list", NEED_KEYS, PLACE_ANY, { PERSON }, { &option_config, &option_json }, command_card_family_list,
      "Show whose cards a person may show, and who may show hers: asked, agreed and ended." },
    { "card family add", NEED_KEYS, PLACE_ANY,
      { PERSON, MEMBER, { "KINSHIP", AT(kinship), false, NULL, guarded_kinships, "What the child is to the guardian.", 0 } },
      { &option_config, &option_reason }, command_card_family_add,
      "Let a guardian, who has shown that she is one, show the card of a child under 16." },
    { "card family end", NEED_KEYS, PLACE_ANY, { PERSON, MEMBER }, { &option_config, &option_reason }, command_card_family_end,
      "End that a person may show the card of another, at once: a guardianship has ended, say." },
    { "card clock", NEED_KEYS, PLACE_ANY, { { 0 } }, { &option_config, &option_plan }, command_card_clock,
      "After a clock went far ahead and came back: show card codes again; all that were shown until now are dead." },
    { "card import", NEED_KEYS, PLACE_ANY, { { "FILE", AT(file), false, NULL, NULL, "Physical cards, a line each.", AT(piece) } },
      { &option_config, &option_errors, &option_from, &option_position }, command_card_import,
      "Take physical cards over from a file of the card bureau; what is newer here stays." },
    { "login try", NEED_SETTINGS, PLACE_OWN, { PARTNER },
      { &option_config, &option_redirect_uri, &option_scope, &option_secret_file }, command_login_try,
      "Log in as a partner lets people log in, with a browser, and show the tokens taken apart." },
    { "session revoke-all", NEED_KEYS, PLACE_ANY, { { 0 } }, { &option_config, &option_before, &option_plan },
      command_session_revoke_all, "After a restore: end every session and grant, and let nothing from before that time be good." },
    { "session end", NEED_KEYS, PLACE_ANY,
      { WORD("SESSION", session_id, "The session's id, as person sessions and the audit trail name it.") },
      { &option_config }, command_session_end,
      "End one session and what it has lent; its partners are told." },
    { "session deliveries", NEED_SCHEMA, PLACE_ANY, { { 0 } },
      { &option_config, &option_partner, &option_person, &option_since, &option_limit, &option_json },
      command_session_deliveries,
      "Show which partners were told of logouts, how often it was tried and what they answered, the newest last." },
    { "audit", NEED_SCHEMA, PLACE_ANY, { { 0 } },
      { &option_config, &option_person, &option_partner, &option_request, &option_event, &option_since, &option_limit,
        &option_follow, &option_json }, command_audit,
      "Show the audit trail: what was done and refused, the newest last." },
    { "audit verify", NEED_KEYS, PLACE_ANY, { { 0 } },
      { &option_config, &option_since, &option_checkpoint }, command_audit_verify,
      "Say whether the audit trail is as it was written, and where not." },
    { "docs", NEED_NOTHING, PLACE_OWN,
      { { "DOCUMENT", AT(document), false, NULL, documents, "Which one.", 0 } }, { NULL }, command_docs,
      "Write a document that is made from the program's own tables." },
    { "version", NEED_NOTHING, PLACE_OWN, { { 0 } }, { &option_version }, command_version,
      "Print version, commit and the libraries that are loaded." },
    { "help", NEED_NOTHING, PLACE_OWN,
      { { "COMMAND", AT(about[0]), true, NULL, NULL, "All commands when it is left out.", 0 },
        { "VERB", AT(about[1]), true, NULL, NULL, "The second word of its name.", 0 },
        { "MORE", AT(about[2]), true, NULL, NULL, "The third one.", 0 } },
      { NULL }, command_help, "Say which commands there are, or what one takes." },
    { 0 },
};
/* clang-format on */

/* --- Finding --- */

/* How many of the words the name has; 0 when they do not begin with it. */
static size_t
name_words(const char *name, const char *const *words, size_t count)
{
    const char *cursor = name;
    const char *word;
    size_t size;
    size_t used = 0;

    while ((word = text_next_word(&cursor, &size)) != NULL) {
        if (used == count || strlen(words[used]) != size || strncmp(words[used], word, size) != 0)
            return 0;
        used++;
    }
    return used;
}

const struct command *
command_find(const char *const *words, size_t count, size_t *used)
{
    const struct command *found = NULL;

    *used = 0;
    for (const struct command *command = commands; command->name != NULL; command++) {
        size_t matched = name_words(command->name, words, count);

        if (matched <= *used)
            continue;
        *used = matched;
        found = command;
    }
    return found;
}

bool
command_takes(const struct command *command, const struct command_option *option)
{
    for (const struct command_option *const *at = command->options; *at != NULL; at++) {
        if (*at == option)
            return true;
    }
    return option == &option_help;
}
