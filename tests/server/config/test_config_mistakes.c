/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes that are made in the file: each is told with its line, what is wrong, and what to do. */
#include "tests/server/config/check_kit.h"

/* Each stands in line 3 unless another is named, below a right issuer in lines 1 and 2. */
static const struct told_mistake {
    const char *lines;
    int line; /* 0: 3 */
    const char *sentence;
    const char *advice;
} mistakes[] = {
    /* Sections and keys. */
    { "[serve]", 0, "There is no section [serve].", "Did you mean [server]?" },
    { "[colours]", 0, "There is no section [colours].",
      "docs/configuration.md and tongxing config template name all." },
    { "[]", 0, "There is no section [].",
      "docs/configuration.md and tongxing config template name all." },
    { "[log", 0, "A section must end with ].", "Write it as [server]." },
    { "[log] access = no", 0, "Behind the ] of a section there must be nothing.",
      "Put it on a line of its own." },
    { "worker = 3", 0, "There is no setting worker in section [server].", "Did you mean workers?" },
    { "Workers = 3", 0, "There is no setting Workers in section [server].",
      "Did you mean workers?" },
    { "trusted_proxy = ::1", 0, "There is no setting trusted_proxy in section [server].",
      "Did you mean trusted_proxies?" },
    { "colour = red", 0, "There is no setting colour in section [server].",
      "docs/configuration.md and tongxing config template name all." },
    { "code_s = 60", 0, "There is no setting code_s in section [server].",
      "It belongs below [life]." },
    { "life.code_s = 60", 0, "There is no setting life.code_s in section [server].",
      "Write code_s alone, below [life]." },
    { "　workers = 3", 0, "There is no setting 　workers in section [server].",
      "Write keys, blanks and signs in ASCII, not in full width." },
    { "workers ＝ 3", 0, "A line must be [section], key = value, or a # comment.",
      "Write = and # in ASCII, not in full width." },
    { "workers: 3", 0, "A line must be [section], key = value, or a # comment.",
      "Write = between key and value." },
    { "workers 3", 0, "A line must be [section], key = value, or a # comment.",
      "Write a value behind it: key = value." },
    { "; workers = 3", 0, "A line must be [section], key = value, or a # comment.",
      "Write # in front of a comment." },
    { "= 3", 0, "There is no key before the =.", "Write key = value." },
    { "workers = 3\nworkers = 4", 4, "server.workers is set twice: first in line 3.",
      "Take one of the two out." },
    { "[discovery]\nop_tos_uri = https://a.cn\nop_tos_uri@file = /nowhere", 5,
      "discovery.op_tos_uri is set twice: first in line 4.", "Take one of the two out." },

    /* Bytes. */
    { "# \xff", 0, "The line is not UTF-8 text.", "Save the file as UTF-8." },
    { "workers = \x01", 0, "There is a control character in the line.",
      "Write the line anew: no editor shows it." },
    { "workers = 3 \r workers = 4", 0, "There is a control character in the line.",
      "Write the line anew: no editor shows it." },

    /* Numbers, durations and switches. */
    { "workers = 0", 0, "server.workers must be a whole number from 1 to 1024.",
      "Write 1 or more." },
    { "workers = -3", 0, "server.workers must be a whole number from 1 to 1024.",
      "Write 1 or more." },
    { "workers = 1025", 0, "server.workers must be a whole number from 1 to 1024.",
      "Write 1024 or less." },
    { "workers = 99999999999999999999", 0, "server.workers must be a whole number from 1 to 1024.",
      "Write digits alone, such as 16." },
    { "workers = sixteen", 0, "server.workers must be a whole number from 1 to 1024.",
      "Write digits alone, such as 16." },
    { "connection_limit = 4_096", 0,
      "server.connection_limit must be a whole number from 16 to 1000000.",
      "Write digits alone, such as 4096." },
    { "workers =", 0, "server.workers must be a whole number from 1 to 1024.",
      "Write a number, or take the line out for the default." },
    { "workers = 3 # three", 0, "server.workers must be a whole number from 1 to 1024.",
      "A comment needs a line of its own." },
    { "[life]\naccess_token_s = 5m", 4,
      "life.access_token_s must be a whole number from 30 to 3600.",
      "It is counted in seconds: write 300." },
    { "[life]\naccess_token_s = 10 minutes", 4,
      "life.access_token_s must be a whole number from 30 to 3600.",
      "It is counted in seconds: write 600." },
    { "[keys]\nrotation_s = 90d", 4,
      "keys.rotation_s must be a whole number from 3600 to 34560000.",
      "It is counted in seconds: write 7776000." },
    { "[life]\naccess_token_s = 5 fortnights", 4,
      "life.access_token_s must be a whole number from 30 to 3600.",
      "Write digits alone, such as 300." },
    { "workers = 5m", 0, "server.workers must be a whole number from 1 to 1024.",
      "Write digits alone, such as 16." },
    { "[log]\naccess = true", 4, "log.access must be yes or no.", "Write yes." },
    { "[log]\naccess = Off", 4, "log.access must be yes or no.", "Write no." },
    { "[log]\naccess = maybe", 4, "log.access must be yes or no.", "Write yes or no." },
    { "[log]\naccess =", 4, "log.access must be yes or no.", "Write yes or no." },
    { "[log]\nlevel = warning", 4, "log.level must be debug, info, warn or error.",
      "Did you mean warn?" },
    { "[log]\nlevel = eror", 4, "log.level must be debug, info, warn or error.",
      "Did you mean error?" },
    { "[log]\nlevel = verbose", 4, "log.level must be debug, info, warn or error.",
      "Write one of the four words." },
    { "[log]\nlevel =", 4, "log.level must not be empty.",
      "Write its value behind the =, or take the line out for the default." },

    /* Lists of addresses. */
    { "trusted_proxies = 10.0.0.2, 10.0.0.3", 0,
      "server.trusted_proxies: \"10.0.0.2,\" is no address and no network.",
      "Put blanks between addresses, no commas." },
    { "trusted_proxies = 10.0.0.0/33", 0,
      "server.trusted_proxies: \"10.0.0.0/33\" is no address and no network.",
      "Behind the / stands how many bits are the same: 1 to 32 for IPv4, 1 to 128 for IPv6." },
    { "trusted_proxies = 0.0.0.0/0", 0,
      "server.trusted_proxies: \"0.0.0.0/0\" is no address and no network.",
      "That is everybody, and whoever is believed may say to be anybody: name the network in which "
      "your own proxies are." },
    { "trusted_proxies = front.local", 0,
      "server.trusted_proxies: \"front.local\" is no address and no network.",
      "Write an address (10.0.0.2) or a network (10.0.0.0/8): names are not looked up." },
    { "trusted_proxies = 10.0.0.2:443", 0,
      "server.trusted_proxies: \"10.0.0.2:443\" is no address and no network.",
      "Write the address alone, without brackets or port." },
    { "listen =", 0, "server.listen must name an address.",
      "Write HOST:PORT, or take the line out for the default." },
    { "listen = localhost:9080", 0, "server.listen: \"localhost:9080\" is no address with a port.",
      "Write the host as an address in numbers: names are not looked up." },
    { "listen = 127.0.0.1", 0, "server.listen: \"127.0.0.1\" is no address with a port.",
      "Add the port: 127.0.0.1:9080." },
    { "listen = 127.0.0.1:99999", 0,
      "server.listen: \"127.0.0.1:99999\" is no address with a port.",
      "Write an address in numbers and a port from 0 to 65535." },
    { "listen = *:9080", 0, "server.listen: \"*:9080\" is no address with a port.",
      "For all addresses of the machine write 0.0.0.0:9080." },
    { "listen = 2001:db8::1:9080", 0,
      "server.listen: \"2001:db8::1:9080\" is no address with a port.",
      "Put an IPv6 address into brackets: [::1]:9080." },
    { "listen = http://127.0.0.1:9080", 0,
      "server.listen: \"http://127.0.0.1:9080\" is no address with a port.",
      "Leave out the scheme: write HOST:PORT." },
    { "listen = 127.0.0.1:9 127.0.0.1:9", 0, "server.listen names an address twice.",
      "Take out what is too much." },
    { "admin_listen = 127.0.0.1:9080", 0,
      "server.admin_listen and server.listen both name 127.0.0.1:9080.",
      "Give the admin listener a port of its own, which only operators reach." },
    { "admin_hosts = https://admin.cn", 0,
      "server.admin_hosts: \"https://admin.cn\" is no host name.",
      "Leave out the scheme: write the name alone." },
    { "admin_listen =\nadmin_hosts = admin.cn", 4,
      "server.admin_hosts has no effect without server.admin_listen.",
      "Set server.admin_listen, or take this line out." },

    { "[card]\nfamily_limits = elder:4, child:3", 4,
      "card.family_limits: \"elder:4,\" is no limit.", "Put blanks between them, no commas." },
    { "[card]\nfamily_limits = elder:4 aunt:3", 4, "card.family_limits: \"aunt:3\" is no limit.",
      "Write each of elder, child, spouse and other once at most, with a number from 0 to 20: "
      "elder:4 child:3." },
    { "[card]\nfamily_limits = elder:4", 4,
      "card.family_limits has no effect without card_bureau.url.",
      "Set card_bureau.url, or take this line out." },

    /* Texts, addresses and files. */
    { "control_socket = \"/run/a\"", 0,
      "server.control_socket stands in quotes, which would be part of it.",
      "Take the quotes out: the value ends with the line." },
    { "control_socket = /run/a # here", 0, "server.control_socket has a # in it.",
      "A comment needs a line of its own." },
    { "control_socket = run/a", 0,
      "server.control_socket must be an absolute path: where the service is started from must not "
      "matter.",
      "Write the whole path, from / on." },
    { "control_socket = /run/tongxing/", 0, "server.control_socket names a folder.",
      "Name the file in it." },
    { "[keys]\nencryption_key_file =", 4, "keys.encryption_key_file must not be empty.",
      "Write its value behind the =, or take the line out for the default." },
    { "[store]\nurl = postgres://db/x", 4, "store.url must start with sqlite: or postgresql://.",
      "Write postgresql:// in full." },
    { "[store]\nurl = mysql://db/x", 4, "store.url must start with sqlite: or postgresql://.",
      "Write sqlite:/var/lib/tongxing/tongxing.db or postgresql://USER@HOST/DATABASE." },
    { "[store]\nurl = sqlite:tongxing.db", 4,
      "store.url must name the SQLite file by its absolute path.",
      "Write sqlite:/var/lib/tongxing/tongxing.db." },
    { "[store]\nurl = postgresql://u:p%zz@h/x", 4, "store.url is no address of a database.",
      "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE; signs in a password are "
      "percent-encoded, %40 for @." },
    { "[store]\nurl = postgresql://u@h/x?sslmodes=require", 4,
      "store.url is no address of a database.",
      "Write postgresql://USER:PASSWORD@HOST:PORT/DATABASE; signs in a password are "
      "percent-encoded, %40 for @." },
    { "[discovery]\nop_tos_uri = example.cn", 4,
      "discovery.op_tos_uri must be a plain https address (http on this machine only).",
      "Write it as https://HOST/PATH." },
    { "[sms]\naccess_key_secret@file = secret", 4,
      "sms.access_key_secret@file must be an absolute path.", "Write the whole path, from / on." },
    { "[sms]\naccess_key_secret@file = /nowhere/secret", 4,
      "sms.access_key_secret: the file /nowhere/secret cannot be read: there is no such file.",
      "Put it there, readable for the service's user alone." },
    { "[sms]\naccess_key_secret@file = /", 4,
      "sms.access_key_secret: the file / cannot be read: it is no file.",
      "Put it there, readable for the service's user alone." },

    /* Settings that do not go together, have no effect, or are missing. */
    { "tls_certificate_file = /c", 0,
      "server.tls_certificate_file and server.tls_key_file belong together.",
      "Set server.tls_key_file too." },
    { "tls_key_file = /k", 0,
      "server.tls_certificate_file and server.tls_key_file belong together.",
      "Set server.tls_certificate_file too." },
    { "tls_key_file = /k\ntls_certificate_file = /c", 4,
      "The listener speaks TLS, but server.issuer begins with http://.",
      "Write the issuer with https://, or take certificate and key out." },
    { "[keys]\nrotation_s = 86400", 4, "keys.announce_s must be shorter than keys.rotation_s.",
      "They are 86400 and 86400: change one of them." },
    { "[life]\nsession_idle_s = 43201", 4,
      "life.session_idle_s must not be longer than life.session_absolute_s.",
      "They are 43201 and 43200: change one of them." },
    { "[limits]\ncodes_hour = 11", 4,
      "limits.codes_hour must not be greater than limits.codes_day.",
      "They are 11 and 10: change one of them." },
    { "[limits]\ncodes_strangers_free = 21", 4,
      "limits.codes_strangers_free must not be greater than limits.codes_strangers_day.",
      "They are 21 and 20: change one of them." },
    { "[limits]\ncodes_strangers_day = 31", 4,
      "limits.codes_strangers_day must not be greater than limits.codes_phone_day.",
      "They are 31 and 30: change one of them." },
    { "[audit]\nkeep_changes_s = 60", 4,
      "audit.keep_changes_s must be 0 or not shorter than audit.keep_refusals_s.",
      "Write 0, or 15552000 at least." },
    { "[bank]\nmerchant_id = 777290058110048", 4,
      "bank.merchant_id has no effect without bank.url.", "Set bank.url, or take this line out." },
    { "[sms]\ntemplate_code_notice = SMS_1", 4,
      "sms.template_code_notice has no effect without sms.url.",
      "Set sms.url, or take this line out." },
    { "[sms]\ntemplate_code_act = SMS_1", 4, "sms.template_code_act has no effect without sms.url.",
      "Set sms.url, or take this line out." },
    { "[sms]\ntemplate_code_link = SMS_1", 4,
      "sms.template_code_link has no effect without sms.url.",
      "Set sms.url, or take this line out." },
    { "[sms]\ncallback_secret = x", 4,
      "sms.callback_secret has no effect without sms.template_code_reply.",
      "Set sms.template_code_reply, or take this line out." },
    { "[sms]\ndeadline_s = 5", 4, "sms.deadline_s has no effect without sms.url.",
      "Set sms.url, or take this line out." },
    { "[card_bureau]\napp_id = us", 4, "card_bureau.app_id has no effect without card_bureau.url.",
      "Set card_bureau.url, or take this line out." },
    { "[limits]\ncard_wait_s = 3000\ncard_wait_most_s = 2999", 5,
      "limits.card_wait_s must not be longer than limits.card_wait_most_s.",
      "They are 3000 and 2999: change one of them." },
};

/* Its address is in the fourth line of a file that begins so. */
#define DIRECTORY(urls)                                                                            \
    "[directory]\nurls = " urls "\nca_file = /ca\nbind_dn = cn=a\nbind_password = b\nbase = dc=c\n"

/* What only an https issuer, or none, brings about: the whole file. */
static const struct told_mistake files[] = {
    { "", 1, "server.issuer must be set.", "Write issuer = … below [server]." },
    { "# mine\n[log]\naccess = no\n[server]\n", 4, "server.issuer must be set.",
      "Write issuer = … below [server]." },
    { "[server]\nissuer =", 2, "server.issuer must not be empty.",
      "Write its value behind the =." },
    { "issuer = http://localhost\n" HTTP_ISSUER, 1, "The key issuer stands before any section.",
      "It belongs below [server]." },
    { "\xef\xbb\xbf" HTTP_ISSUER, 1, "The file begins with a byte order mark.",
      "Save it as UTF-8 without one." },
    { "[server]\nissuer = id.example.cn", 2,
      "server.issuer must begin with https://, or with http:// for a loopback host.",
      "Write https:// in front of the host." },
    { "[server]\nissuer = http://ID.example.cn", 2,
      "server.issuer: the host must be in lower case, for browsers and partners compare it letter "
      "by letter.",
      "Write the host in lower case." },
    { "[server]\nissuer = http://localhost/", 2, "server.issuer must not end with a slash.",
      "Take the slash at its end out." },
    { "[server]\nissuer = http://localhost:80", 2,
      "server.issuer must not name the port that its scheme has anyway: browsers leave it out.",
      "Write https://HOST:PORT, or https://HOST for port 443; an IPv6 address stands in brackets." },
    { "[server]\nissuer = http://id.example.cn", 2,
      "server.issuer must be https: plain http is for a loopback host only.",
      "Write https://, and give a certificate here or at a proxy on this machine." },
    { "[server]\nissuer = https://id.example.cn\nlisten = 10.0.0.1:443", 3,
      "server.listen speaks plain http under an https issuer.",
      "Give tls_certificate_file and tls_key_file, or listen on loopback behind a proxy named in "
      "trusted_proxies." },
    { "[server]\nissuer = https://id.example.cn\ntrusted_proxies = 127.0.0.1\n"
      "[tests]\napproval_hook = yes",
      5, "tests.approval_hook approves in the name of persons: a loopback issuer's only.",
      "Take it out: it is for conformance suites on one machine." },
    { HTTP_ISSUER "[bank]\nurl = gateway.95516.com\nmerchant_id = 1\ncertificate_file = /a\n"
                  "key_file = /b\nroot_file = /c\nmiddle_file = /d\n",
      4, "bank.url must begin with https://.", "Write https:// in front of the host." },
    { HTTP_ISSUER "[bank]\nurl = https://a.cn/gateway/api\nmerchant_id = 1\n"
                  "certificate_file = /a\nkey_file = /b\nroot_file = /c\nmiddle_file = /d\n",
      4, "bank.url must end with a slash.", "The network's own ends with /gateway/api/." },
    { HTTP_ISSUER "[bank]\nurl = https://a.cn/gateway/api/\nmerchant_id = 1\n"
                  "certificate_file = /a\nkey_file = /b\nroot_file = /c\n",
      3, "bank.middle_file is missing, and bank.url is set.", "Set it, or take bank.url out." },
    { HTTP_ISSUER "[card_bureau]\nurl = https://a.cn/api\napp_id = us\n"
                  "secret = 01234567890123456789012345678901\n",
      4, "card_bureau.url must end with a slash.", "Paths of the card office are put behind it." },
    { HTTP_ISSUER "[card_bureau]\nurl = https://a.cn/\napp_id = us\nsecret = short\n", 6,
      "card_bureau.secret is shorter than 32 characters.",
      "Agree with the card office on a longer one: PINs are sealed by it." },
    { HTTP_ISSUER "[card_bureau]\nurl = https://a.cn/\nsecret = 01234567890123456789012345678901\n",
      3, "card_bureau.app_id is missing, and card_bureau.url is set.",
      "Set it, or take card_bureau.url out." },
    { HTTP_ISSUER DIRECTORY("ldap.agency.cn"), 4,
      "directory.urls: \"ldap.agency.cn\" is no address of a directory server.",
      "Write ldaps:// in front of the host, or ldap:// for StartTLS." },
    { HTTP_ISSUER DIRECTORY("ldaps://a,ldaps://b"), 4,
      "directory.urls: \"ldaps://a,ldaps://b\" is no address of a directory server.",
      "Put blanks between addresses, no commas." },
    { HTTP_ISSUER DIRECTORY("ldaps://a/dc=x"), 4,
      "directory.urls: \"ldaps://a/dc=x\" is no address of a directory server.",
      "Write ldaps://HOST or ldaps://HOST:PORT, and nothing behind it." },
    { HTTP_ISSUER DIRECTORY("ldaps://a ldaps://b ldaps://c ldaps://d ldaps://e"), 4,
      "directory.urls has room for 4 servers.", "Name those that are nearest." },
    { HTTP_ISSUER DIRECTORY("ldaps://a") "filter = uid=x\n", 9, "directory.filter is no filter.",
      "Write it in brackets, such as (objectClass=person), and close each that is opened." },
    { HTTP_ISSUER "[directory]\nurls = ldaps://a\nca_file = /ca\nbind_dn = cn=a\nbase = dc=b\n", 3,
      "directory.bind_password is missing, and directory.urls is set.",
      "Set it, or take directory.urls out." },
    { HTTP_ISSUER "[directory]\nstale_s = 600\n", 4,
      "directory.stale_s has no effect without directory.urls.",
      "Set directory.urls, or take this line out." },
    { HTTP_ISSUER "[sms]\nurl = https://u:p@a.cn/\naccess_key_id = a\naccess_key_secret = b\n"
                  "sign_name = c\ntemplate_code = d\n",
      4, "sms.url must have no user, query or fragment.",
      "Take out what stands behind the path and in front of the host." },
    { HTTP_ISSUER "[sms]\nurl = https://a b/\naccess_key_id = a\naccess_key_secret = b\n"
                  "sign_name = c\ntemplate_code = d\n",
      4, "sms.url is no address.", "Write it as https://HOST/PATH or https://HOST:PORT/PATH." },
    { HTTP_ISSUER "[sms]\nurl = https://a.cn/\naccess_key_id = a\naccess_key_secret = b\n"
                  "template_code = d\n",
      3, "sms.sign_name is missing, and sms.url is set.", "Set it, or take sms.url out." },
    { HTTP_ISSUER "[sms]\nurl = https://a.cn/\naccess_key_id = a b\naccess_key_secret = b\n"
                  "sign_name = c\ntemplate_code = d\n",
      5, "sms.access_key_id must be of letters, digits, - _ and dots.",
      "Take out blanks and other signs." },
    { HTTP_ISSUER "[sms]\nurl = https://a.cn/\naccess_key_id = a\naccess_key_secret = b\n"
                  "sign_name = c\n",
      3, "sms.template_code_register or sms.template_code is missing.",
      "sms.template_code is for all purposes that have none of their own." },
    { HTTP_ISSUER "[sms]\nurl = https://a.cn/\naccess_key_id = a\naccess_key_secret = b\n"
                  "sign_name = c\ntemplate_code = d\ntemplate_partner = ${app}\n",
      9,
      "sms.template_partner must be the name of a variable, in letters, digits and _, and not code.",
      "Write it as it stands in the templates at the gateway, without ${ and }." },
};

static void
assert_only(struct arena *arena, struct bytes text, const struct told_mistake *mistake)
{
    struct findings found = findings_of(arena, text);
    const struct finding *first = found.first;
    int line = mistake->line != 0 ? mistake->line : 3;

    if (found.counts[FINDING_ERROR] != 1 || first->line != line ||
        strcmp(first->sentence, mistake->sentence) != 0 ||
        strcmp(first->advice, mistake->advice) != 0)
        fail_msg("%s\nis wrong as\n%s", mistake->lines,
                 found.first != NULL ? findings_errors(&found) : "nothing");
    assert_string_equal(first->file, "test.conf");
}

static void
each_mistake_is_told_with_its_line_and_what_to_do(void **state)
{
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        assert_only(
            *state,
            bytes_of_text(arena_printf(*state, HTTP_ISSUER "%s\n[log]\n", mistakes[i].lines)),
            &mistakes[i]);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        assert_only(*state, bytes_of_text(files[i].lines), &files[i]);
    assert_true(sizeof(mistakes) / sizeof(mistakes[0]) + sizeof(files) / sizeof(files[0]) >= 100);
}

static void
bytes_that_no_text_has_are_told_with_their_line(void **state)
{
    static const char nul[] = HTTP_ISSUER "workers = 3\0\n";
    static const struct told_mistake damaged = {
        "NUL", 3, "There is a NUL byte in the line.",
        "Write the line anew: a program has damaged the file."
    };
    static const struct told_mistake endless = { "long", 3, "The line is longer than 4096 bytes.",
                                                 "Is a line break missing?" };

    assert_only(*state, bytes_of(nul, sizeof(nul) - 1), &damaged);
    assert_only(*state,
                bytes_of_text(arena_printf(*state, HTTP_ISSUER "# %04096d\nworkers = 3\n", 1)),
                &endless);
}

/* The next line of the text; NULL behind the last. */
static const char *
line_next(const char *text)
{
    const char *stop = strchr(text, '\n');

    return stop != NULL ? stop + 1 : NULL;
}

static void
all_mistakes_are_told_at_once_in_the_order_of_their_lines(void **state)
{
    const char *why = sentence_of(*state, "[server]\nissuer = http://localhost\nworker = 1\n"
                                          "listen = a b\ntrusted_proxies = x 10.0.0.1 y\n"
                                          "[colours]\nred = 1\ngreen = 2\n[life]\ncode_s = 1m\n"
                                          "session_idle_s = 1\n[sms]\nsign_name = c\n");
    static const int lines[] = { 3, 4, 4, 5, 5, 6, 10, 11, 13 };
    const char *at = why;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const char *place = arena_printf(*state, "test.conf:%d: ", lines[i]);

        assert_non_null(at);
        assert_memory_equal(at, place, strlen(place));
        at = line_next(at);
    }
    assert_null(at);
}

static void
a_file_of_another_kind_is_not_read_to_its_end(void **state)
{
    char *lines = arena_alloc(*state, 40001);
    struct findings found;

    for (size_t i = 0; i < 40000; i += 2)
        memcpy(lines + i, "x\n", 2);
    found = findings_of(*state, bytes_of_text(lines));
    assert_int_equal(found.counts[FINDING_ERROR], 101);
    assert_non_null(strstr(findings_errors(&found),
                           "test.conf:101: There are more mistakes from here on. Is it the right"));
}

/* What is wrong by itself is told, and nothing that follows from it. */
static void
a_mistake_brings_no_others_with_it(void **state)
{
    static const char *const one[] = {
        "[server]\nissuer = HTTPS://id.example.cn\n",
        "[server]\nissuer = https://id.example.cn\nlisten = 10.0.0.1\n",
        HTTP_ISSUER "[life]\nsession_idle_s = 0\nsession_absolute_s = 300\n"
                    "[limits]\ncodes_phone_day = 1000\n",
    };
    static const size_t counts[] = { 1, 1, 2 };

    for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
        struct findings found = findings_of(*state, bytes_of_text(one[i]));

        if (found.counts[FINDING_ERROR] != counts[i])
            fail_msg("%s", findings_errors(&found));
    }
}

static void
what_people_write_and_means_the_same_is_taken(void **state)
{
    assert_right(*state, "[server]\r\nissuer = http://localhost\r\n\tworkers\t=\t3\r\n# 中文\r\n"
                         "[log]\r\naccess=no\r\n[server]\r\nlisten = 127.0.0.1:1");
    assert_right(*state, HTTP_ISSUER "[sms]\nurl =\nsign_name =\n[bank]\nurl =\n");
    assert_right(*state, HTTP_ISSUER "[sms]\nurl = https://a.cn/\naccess_key_id = a\n"
                                     "access_key_secret = \"# b\"\nsign_name = 人社\n"
                                     "template_code = d\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(each_mistake_is_told_with_its_line_and_what_to_do),
        with_arena(bytes_that_no_text_has_are_told_with_their_line),
        with_arena(all_mistakes_are_told_at_once_in_the_order_of_their_lines),
        with_arena(a_file_of_another_kind_is_not_read_to_its_end),
        with_arena(a_mistake_brings_no_others_with_it),
        with_arena(what_people_write_and_means_the_same_is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
