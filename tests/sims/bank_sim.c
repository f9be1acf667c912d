/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_sim --port N --dir DIR: a UnionPay network that knows the people of DIR/people.tsv and keeps
 * its certificates in DIR. It shares no code with idp/connect, so that each judges the other. The
 * end of a card number chooses how it answers (see `triggers` and `tricks`); any other card is
 * looked up.
 *
 * POST /gateway/api/backTransReq.do, /gateway/api/queryTrans.do; GET /_control counts requests by
 * order; POST /_control hang=on|off, down=on|off misbehaves for everybody.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "tests/sims/kit.h"
#include "tests/sims/kit_wire.h"

#define PEOPLE_MAX 4096
#define OVERSIZE_BYTES (10 << 20)
#define OVERSIZE_FIELDS 10000

static const char people_by_default[] =
    "# name\tidentity number\tcard\tphone\n"
    "张三\t11010519491231002X\t6216261000000000018\t13800138000\n"
    "李秀英\t440106196204150020\t6216260000100180018\t13800138001\n"
    "王小明\t440305199008200033\t6216260000100260018\t13800138002\n"
    "张𠮷\t440604198506070011\t6216260000100340018\t13800138003\n"
    "阿卜杜拉·买买提\t650102197803030010\t6216260000100420018\t13800138004\n"
    "陈一一\t440104201506010024\t6216260000100590018\t13800138005\n"
    "尤福生\t44050719310909001X\t6216260000100670018\t13800138006\n"
    "林晓燕\t441900200002290020\t6216260000100750018\t13800138007\n"
    "赵敏华\t440111198801120049\t6216260000100890061\t13800138061\n"
    "钱进宝\t440111197905220031\t6216260000100950063\t13800138063\n"
    "孙丽娟\t440111199307180024\t6216260000101010073\t13800138073\n"
    "周建国\t440111195510010014\t6216260000101150077\t13800138077\n"
    "吴立刚\t440111198206300037\t6216260000101220037\t13800138037\n"
    "郑和平\t440111197001010031\t6216260000101300003\t13800138039\n"
    "冯静仪\t440111199602140025\t6216260000101440098\t13800138098\n"
    "陈晓东\t440111198709230018\t6216260000101520097\t13800138097\n"
    "褚云飞\t440111199105050037\t6216260000101610096\t13800138096\n"
    "卫东明\t44011119680808001X\t6216260000101700095\t13800138095\n"
    "蒋大为\t440111197404040016\t6216260000101871094\t13800138941\n"
    "沈二妹\t44011119740405002X\t6216260000101932094\t13800138942\n"
    "韩三强\t440111197404060033\t6216260000102093094\t13800138943\n"
    "何试网\t440111197404070012\t6216260000102494094\t13800138944\n"
    "杨百川\t440111198407070012\t6216260000102121093\t13800138931\n"
    "朱千里\t440111198407080034\t6216260000102282093\t13800138932\n"
    "秦再问\t440111199209290019\t6216260000102310092\t13800138092\n"
    "冯静仪\t440111199602140025\t6216260000102669091\t13800138098\n"
    "许慎言\t44011119860614001X\t6216260000102540060\t13800138060\n";

struct bank_customer {
    const char *name;
    const char *identity_number;
    const char *card;
    const char *phone;
};

struct order {
    char *id;
    char *time;
    const char *code; /* what a query tells */
    bool mute;        /* but it tells nothing */
    int checks;
    int queries;
    struct order *next;
};

struct bank_sim {
    pthread_mutex_t lock;
    struct pki pki;
    struct arena *arena; /* of the people */
    struct bank_customer people[PEOPLE_MAX];
    size_t people_count;
    struct order *orders;
    char traceparent[64]; /* of the last request */
    bool hang;
    bool down;
};

/* Endings that answer with a code, now and when queried. */
struct trigger {
    const char *ending;
    const char *first;
    const char *queried; /* NULL: what the table of people says */
};

static const struct trigger triggers[] = {
    { "060", "60", "60" }, { "061", "61", "61" }, { "063", "63", "63" }, { "073", "73", "73" },
    { "077", "77", "77" }, { "037", "37", "37" }, { "003", "03", "03" }, { "092", "03", NULL },
};

/* Endings that spoil the answer; the order itself is settled by the table of people. */
enum trick {
    TRICK_NONE,
    TRICK_SILENT, /* until it is queried */
    TRICK_MUTE,   /* for ever */
    TRICK_CUT,
    TRICK_SIGNATURE,
    TRICK_REPLAY,
    TRICK_STRAY,
    TRICK_EXPIRED,
    TRICK_COMPANY,
    TRICK_TEST_NETWORK,
    TRICK_HUGE,
    TRICK_MANY
};

static const struct {
    const char *ending;
    enum trick trick;
} tricks[] = {
    { "098", TRICK_SILENT },        { "097", TRICK_CUT },      { "096", TRICK_SIGNATURE },
    { "095", TRICK_REPLAY },        { "2094", TRICK_EXPIRED }, { "3094", TRICK_COMPANY },
    { "4094", TRICK_TEST_NETWORK }, { "094", TRICK_STRAY },    { "2093", TRICK_MANY },
    { "093", TRICK_HUGE },          { "091", TRICK_MUTE },
};

/* "00" when all four elements are of one person, else "66". */
static const char *
people_code(struct bank_sim *sim, struct arena *arena, const struct wire *request)
{
    const char *card = wire_find(request, "accNo");

    for (size_t i = 0; i < sim->people_count; i++) {
        const struct bank_customer *person = &sim->people[i];

        if (strcmp(person->card, card) == 0 &&
            strcmp(person->name, wire_customer(arena, request, "customerNm")) == 0 &&
            strcmp(person->identity_number, wire_customer(arena, request, "certifId")) == 0 &&
            strcmp(person->phone, wire_customer(arena, request, "phoneNo")) == 0)
            return "00";
    }
    return "66";
}

static bool
is_within(const char *text, const char *alphabet, size_t min, size_t max)
{
    size_t size = strlen(text);

    return strspn(text, alphabet) == size && size >= min && size <= max;
}

/* What is wrong with a request before it is looked into, or NULL. */
static const char *
request_fault(struct bank_sim *sim, struct arena *arena, const struct wire *request)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    if (strcmp(wire_find(request, "version"), "5.1.0") != 0 ||
        strcmp(wire_find(request, "encoding"), "UTF-8") != 0 ||
        strcmp(wire_find(request, "signMethod"), "01") != 0 ||
        !is_within(wire_find(request, "orderId"), letters, 8, 40) ||
        !is_within(wire_find(request, "txnTime"), "0123456789", 14, 14) ||
        !is_within(wire_find(request, "merId"), letters, 15, 15))
        return "10";
    return wire_merchant_signed(&sim->pki, arena, request) ? NULL : "11";
}

static const char *
check_fault(struct bank_sim *sim, struct arena *arena, const struct wire *request)
{

    if (strcmp(wire_find(request, "txnType"), "72") != 0 ||
        strcmp(wire_find(request, "txnSubType"), "01") != 0)
        return "10";
    if (*wire_find(request, "accNo") == '\0' ||
        *wire_customer(arena, request, "customerNm") == '\0' ||
        *wire_customer(arena, request, "certifId") == '\0' ||
        *wire_customer(arena, request, "phoneNo") == '\0' ||
        strcmp(wire_customer(arena, request, "certifTp"), "01") != 0)
        return "13";
    return request_fault(sim, arena, request);
}

static struct order *
order_find(struct bank_sim *sim, const struct wire *request)
{
    for (struct order *order = sim->orders; order != NULL; order = order->next) {
        if (strcmp(order->id, wire_find(request, "orderId")) == 0 &&
            strcmp(order->time, wire_find(request, "txnTime")) == 0)
            return order;
    }
    return NULL;
}

static enum trick
trick_of(const struct wire *request)
{
    for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
        if (text_ends(wire_find(request, "accNo"), tricks[i].ending))
            return tricks[i].trick;
    }
    return TRICK_NONE;
}

static void
order_add(struct bank_sim *sim, const struct wire *request, const char *code)
{
    struct order *order = calloc(1, sizeof(*order));

    if (order == NULL)
        exit(1);
    order->id = strdup(wire_find(request, "orderId"));
    order->time = strdup(wire_find(request, "txnTime"));
    order->code = code;
    order->mute = trick_of(request) == TRICK_MUTE;
    order->checks = 1;
    order->next = sim->orders;
    sim->orders = order;
}

/* The code to answer a check with now; the order is remembered. */
static const char *
check_settled(struct bank_sim *sim, struct arena *arena, const struct wire *request)
{
    const char *card = wire_find(request, "accNo");
    const char *by_table = people_code(sim, arena, request);
    struct order *order = order_find(sim, request);

    if (order != NULL) {
        order->checks++;
        return "12";
    }
    for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
        if (text_ends(card, triggers[i].ending)) {
            order_add(sim, request, triggers[i].queried != NULL ? triggers[i].queried : by_table);
            return triggers[i].first;
        }
    }
    order_add(sim, request, by_table);
    return by_table;
}

static const char *
code_text(struct arena *arena, const char *code)
{
    if (strcmp(code, "00") == 0)
        return "成功[0000000]";
    if (strcmp(code, "66") == 0)
        return "持卡人身份信息或手机号不正确[1000066]";
    return arena_printf(arena, "交易未完成[10000%s]", code);
}

/* What a reply repeats of its request. */
static struct wire
reply_to(const struct wire *request)
{
    static const char *const same[] = { "accessType", "bizType",    "encoding",   "merId",
                                        "orderId",    "signMethod", "txnSubType", "txnTime",
                                        "txnType",    "version" };
    struct wire reply = { 0 };

    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
        wire_put(&reply, same[i], wire_find(request, same[i]));
    return reply;
}

static const char *
huge_body(struct arena *arena)
{
    char *at = arena_alloc(arena, OVERSIZE_BYTES + 1);

    memset(at, 'x', OVERSIZE_BYTES);
    memcpy(at, "respMsg=", 8);
    return at;
}

/* Small in bytes, so that it is the count of fields that must be refused. */
static const char *
many_body(struct arena *arena)
{
    struct buf buf = buf_new(arena, 64 << 10);

    for (unsigned i = 0; i < OVERSIZE_FIELDS; i++) {
        const char name[] = { (char)('a' + i / 676), (char)('a' + i / 26 % 26),
                              (char)('a' + i % 26), '=', '&' };

        buf_bytes(&buf, name, sizeof(name) - (i + 1 == OVERSIZE_FIELDS));
    }
    return buf.at;
}

static void
reply_send(struct bank_sim *sim, const struct kit_request *request, struct wire *reply,
           enum trick trick, struct kit_answer *out)
{
    enum pki_leaf leaf = PKI_LEAF;
    struct buf body;
    char *signature;

    if (trick == TRICK_STRAY)
        leaf = PKI_STRAY;
    if (trick == TRICK_EXPIRED)
        leaf = PKI_EXPIRED;
    if (trick == TRICK_COMPANY)
        leaf = PKI_COMPANY;
    if (trick == TRICK_TEST_NETWORK)
        leaf = PKI_TEST;
    wire_put(reply, "signPubKeyCert", sim->pki.leaf_pems[leaf]);
    wire_network_sign(&sim->pki, request->arena, reply);
    signature = (char *)(uintptr_t)wire_find(reply, "signature");
    if (trick == TRICK_SIGNATURE)
        signature[20] = signature[20] == 'A' ? 'B' : 'A';
    body = wire_written(request->arena, reply, true);
    kit_answer_text(out, 200, "text/html;charset=UTF-8", body.at);
}

static void
check_answer(struct bank_sim *sim, const struct kit_request *request, const struct wire *sent,
             struct kit_answer *out)
{
    const char *fault = check_fault(sim, request->arena, sent);
    const char *code = fault != NULL ? fault : check_settled(sim, request->arena, sent);
    enum trick trick = fault != NULL || strcmp(code, "12") == 0 ? TRICK_NONE : trick_of(sent);
    struct wire replayed = *sent;
    struct wire reply;

    for (size_t i = 0; trick == TRICK_REPLAY && i < replayed.count; i++) {
        if (strcmp(replayed.names[i], "orderId") == 0)
            replayed.values[i] = "SOMEBODYELSE0001";
    }
    reply = reply_to(&replayed);
    wire_put(&reply, "respCode", trick == TRICK_REPLAY ? "00" : code);
    wire_put(&reply, "respMsg", code_text(request->arena, code));
    reply_send(sim, request, &reply, trick, out);
    if (trick == TRICK_HUGE)
        kit_answer_text(out, 200, "text/html", huge_body(request->arena));
    if (trick == TRICK_MANY)
        kit_answer_text(out, 200, "text/html", many_body(request->arena));
    if (trick == TRICK_CUT)
        out->manner = KIT_HALF;
    if (trick == TRICK_SILENT || trick == TRICK_MUTE)
        out->manner = KIT_NEVER;
}

static void
query_answer(struct bank_sim *sim, const struct kit_request *request, const struct wire *sent,
             struct kit_answer *out)
{
    const char *code = request_fault(sim, request->arena, sent);
    struct order *order = code == NULL ? order_find(sim, sent) : NULL;
    struct wire reply = reply_to(sent);

    if (code == NULL)
        code = order != NULL ? "00" : "34";
    wire_put(&reply, "respCode", code);
    wire_put(&reply, "respMsg", code_text(request->arena, code));
    if (order != NULL) {
        order->queries++;
        wire_put(&reply, "origRespCode", order->code);
        wire_put(&reply, "origRespMsg", code_text(request->arena, order->code));
    }
    reply_send(sim, request, &reply, TRICK_NONE, out);
    if (order != NULL && order->mute)
        out->manner = KIT_NEVER;
}

static void
control_answer(struct bank_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    struct buf json = buf_new(request->arena, 1024);
    const char *form = (const char *)request->body.at;

    if (strcmp(request->method, "POST") == 0) {
        kit_switch(kit_form_value(request->arena, form, "hang"), &sim->hang);
        kit_switch(kit_form_value(request->arena, form, "down"), &sim->down);
    }
    emit_object(&json, NULL);
    emit_bool(&json, "hang", sim->hang);
    emit_bool(&json, "down", sim->down);
    emit_text(&json, "traceparent", sim->traceparent);
    emit_array(&json, "orders");
    for (const struct order *order = sim->orders; order != NULL; order = order->next) {
        emit_object(&json, NULL);
        emit_text(&json, "order", order->id);
        emit_text(&json, "time", order->time);
        emit_text(&json, "code", order->code);
        emit_int(&json, "checks", order->checks);
        emit_int(&json, "queries", order->queries);
        emit_object_end(&json);
    }
    emit_array_end(&json);
    emit_object_end(&json);
    kit_answer_json(out, 200, &json);
}

static void
gateway_answer(struct bank_sim *sim, const struct kit_request *request, struct kit_answer *out)
{
    struct wire sent = wire_read(request->arena, (const char *)request->body.at);
    const char *traceparent = kit_header(request, "traceparent");

    snprintf(sim->traceparent, sizeof(sim->traceparent), "%s",
             traceparent != NULL ? traceparent : "");
    if (sim->down) {
        kit_answer_text(out, 503, "text/html", "<html><body>503 Service Unavailable</body></html>");
        return;
    }
    if (text_ends(request->path, "/backTransReq.do"))
        check_answer(sim, request, &sent, out);
    else
        query_answer(sim, request, &sent, out);
    if (sim->hang)
        out->manner = KIT_NEVER;
}

static void
handle(void *state, const struct kit_request *request, struct kit_answer *out)
{
    struct bank_sim *sim = state;

    pthread_mutex_lock(&sim->lock);
    if (strcmp(request->path, "/_control") == 0)
        control_answer(sim, request, out);
    else if (strcmp(request->method, "POST") == 0 &&
             (strcmp(request->path, "/gateway/api/backTransReq.do") == 0 ||
              strcmp(request->path, "/gateway/api/queryTrans.do") == 0))
        gateway_answer(sim, request, out);
    pthread_mutex_unlock(&sim->lock);
}

static void
person_read(struct bank_sim *sim, const char *line)
{
    struct bank_customer person;
    const char **parts[] = { &person.name, &person.identity_number, &person.card, &person.phone };

    for (size_t i = 0; i < 4; i++) {
        size_t size = strcspn(line, "\t\n");

        *parts[i] = arena_copy(sim->arena, line, size);
        line += size + (line[size] == '\t');
    }
    if (*person.phone != '\0' && *person.name != '#' && sim->people_count < PEOPLE_MAX)
        sim->people[sim->people_count++] = person;
}

static void
people_read(struct bank_sim *sim, const char *folder)
{
    const char *path = arena_printf(sim->arena, "%s/people.tsv", folder);
    FILE *file = fopen(path, "re");
    char line[512];

    if (file == NULL) {
        file = fopen(path, "w+e");
        if (file == NULL || fputs(people_by_default, file) < 0) {
            perror(path);
            exit(1);
        }
        rewind(file);
    }
    while (fgets(line, sizeof(line), file) != NULL)
        person_read(sim, line);
    fclose(file);
}

int
main(int argc, char **argv)
{
    static struct bank_sim sim = { .lock = PTHREAD_MUTEX_INITIALIZER };
    const char *folder = kit_argument(argv, "--dir", ".");

    (void)argc;
    sim.arena = arena_new(4 << 20);
    people_read(&sim, folder);
    sim.pki = pki_open(folder);
    return kit_serve(&(struct sim_kit) { .name = "bank_sim", .state = &sim, .handle = handle },
                     argv, kit_argument_int(argv, "--port", 0));
}
