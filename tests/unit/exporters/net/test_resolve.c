/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/clock.h"
#include "exporters/net/resolve.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 20000 };

/* Waits for the lookup that is under way, on the descriptor that is said to tell. */
static void await(struct ct_net_resolver *resolver, int epoll_fd)
{
    struct pollfd item = {.fd = epoll_fd, .events = POLLIN};
    while (!ct_net_resolver_collect(resolver, epoll_fd, ct_net_now_ns()))
        assert_int_equal(poll(&item, 1, PATIENCE_MS), 1);
}

static void a_name_is_looked_up_without_waiting(void **state)
{
    int epoll_fd = epoll_create1(0);
    struct ct_net_resolver resolver;
    ct_net_resolver_init(&resolver, "localhost");
    assert_int_equal(ct_net_resolver_want(&resolver, epoll_fd, 0), CT_NET_NAMES_PENDING);
    assert_null(ct_net_resolver_addresses(&resolver));
    await(&resolver, epoll_fd);
    assert_non_null(ct_net_resolver_addresses(&resolver));
    assert_true(strstr(ct_net_resolver_addresses(&resolver), "127.0.0.1") != NULL ||
                strstr(ct_net_resolver_addresses(&resolver), "::1") != NULL);
    assert_false(ct_net_resolver_is_busy(&resolver));
    ct_net_resolver_fini(&resolver, epoll_fd);
    close(epoll_fd);
}

static void old_addresses_serve_while_new_ones_are_looked_up(void **state)
{
    int epoll_fd = epoll_create1(0);
    struct ct_net_resolver resolver;
    ct_net_resolver_init(&resolver, "localhost");
    ct_net_resolver_want(&resolver, epoll_fd, 0);
    await(&resolver, epoll_fd);
    uint64_t now = ct_net_now_ns();
    assert_int_equal(ct_net_resolver_want(&resolver, epoll_fd, now), CT_NET_NAMES_READY);
    assert_false(ct_net_resolver_is_busy(&resolver));
    assert_int_equal(ct_net_resolver_want(&resolver, epoll_fd, now + 2 * CT_NET_NAME_FRESH_NS),
                     CT_NET_NAMES_READY);
    assert_true(ct_net_resolver_is_busy(&resolver));
    await(&resolver, epoll_fd);
    assert_int_equal(resolver.generation, 2);

    ct_net_resolver_distrust(&resolver);
    assert_int_equal(ct_net_resolver_want(&resolver, epoll_fd, now), CT_NET_NAMES_READY);
    assert_true(ct_net_resolver_is_busy(&resolver));
    ct_net_resolver_fini(&resolver, epoll_fd);
    close(epoll_fd);
}

static void an_unknown_name_says_why(void **state)
{
    int epoll_fd = epoll_create1(0);
    struct ct_net_resolver resolver;
    ct_net_resolver_init(&resolver, "name with spaces.invalid");
    ct_net_resolver_want(&resolver, epoll_fd, 0);
    await(&resolver, epoll_fd);
    assert_null(ct_net_resolver_addresses(&resolver));
    assert_true(strlen(ct_net_resolver_error(&resolver)) > 0);
    ct_net_resolver_fini(&resolver, epoll_fd);
    close(epoll_fd);
}

static void a_lookup_can_be_abandoned(void **state)
{
    for (int i = 0; i < 50; i++) {
        int epoll_fd = epoll_create1(0);
        struct ct_net_resolver resolver;
        ct_net_resolver_init(&resolver, "localhost");
        ct_net_resolver_want(&resolver, epoll_fd, 0);
        ct_net_resolver_fini(&resolver, epoll_fd);
        close(epoll_fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_looked_up_without_waiting),
        cmocka_unit_test(old_addresses_serve_while_new_ones_are_looked_up),
        cmocka_unit_test(an_unknown_name_says_why),
        cmocka_unit_test(a_lookup_can_be_abandoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
