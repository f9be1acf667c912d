/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever waits for the directory waits on its lane alone. */
#include "tests/connect/directory_fixture.h"
#include "tests/server/kit.h"

#define HEAD " HTTP/1.1\r\nHost: a\r\n\r\n"
#define DIRECTORY_LANE "GET /directory" HEAD
#define WORK "GET /work" HEAD
#define WAITING 8

static struct directory *hanging;
static atomic_int left;

struct lane_asking {
    struct directory_answer answer;
};

static void
directory_asked(struct ctx *ctx, void *state)
{
    struct lane_asking *asking = state;

    directory_sign_in(hanging, ctx->arena, "zhang.wei", PASSWORD, &asking->answer);
}

static const struct ask ask_directory = { LANE_DIRECTORY, directory_asked };

static const struct problem *
directory_told(struct request *rq, void *state)
{
    const struct lane_asking *asking = state;

    (void)rq;
    assert_int_equal(asking->answer.outcome, DIRECTORY_UNAVAILABLE);
    atomic_fetch_add(&left, 1);
    return &problem_try_again;
}

static const struct problem *
endpoint_directory(struct request *rq)
{
    struct lane_asking *asking = arena_alloc(rq->arena, sizeof(*asking));

    return request_ask(rq, &ask_directory, asking, directory_told, asking);
}

static const struct route routes[] = {
    { "GET", "/directory", endpoint_directory, RUN_ON_WORKER, REFUSE_OAUTH, 0, NULL, CORS_NONE },
    { "GET", "/work", kit_endpoint_work, RUN_ON_WORKER, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { 0 },
};

/* ST-05: a hanging directory server delays no citizen: workers answer others while every place of its lane is taken. */
static void
st_05_a_hanging_directory_server_delays_no_citizen(void **state)
{
    struct engine_kit *kit = *state;
    struct directory_fixture *f;
    void *tree;
    struct deaf_server server;
    int fds[WAITING];

    assert_int_equal(directory_setup(&tree), 0);
    f = tree;
    deaf_start(&server, false);
    f->settings.directory.urls = arena_printf(f->arena, "ldaps://127.0.0.1:%d", server.port);
    f->settings.directory.deadline_s = 20;
    directory_reopen(f);
    hanging = f->directory;
    kit->config.routes = routes;
    kit->config.lanes[LANE_DIRECTORY] = (struct lane_size) { WAITING, 0 };
    kit_start(kit);
    for (int i = 0; i < WAITING; i++)
        fds[i] = kit_ask(kit, DIRECTORY_LANE);
    for (int i = 0; i < PATIENCE_S * 1000 && server.met < WAITING; i++)
        usleep(1000);
    assert_int_equal(server.met, WAITING);
    for (int i = 0; i < 20; i++)
        assert_answered(kit, WORK, "200", "worked");
    assert_int_equal(atomic_load(&left), 0);
    deaf_stop(&server);
    for (int i = 0; i < WAITING; i++) {
        char *answer = kit_read_one(fds[i]);

        assert_status_line(answer, "503");
        free(answer);
        close(fds[i]);
    }
    assert_int_equal(atomic_load(&left), WAITING);
    directory_teardown(&tree);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(st_05_a_hanging_directory_server_delays_no_citizen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
