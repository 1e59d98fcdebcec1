/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporters/prometheus/sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool can_connect(int family, uint16_t port)
{
    const struct sockaddr_in v4 = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 v6 = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
    int fd = socket(family, SOCK_STREAM, 0);
    bool can =
        fd >= 0 && (family == AF_INET ? connect(fd, (const struct sockaddr *)&v4, sizeof v4)
                                      : connect(fd, (const struct sockaddr *)&v6, sizeof v6)) == 0;
    close(fd);
    return can;
}

static void an_address_is_listened_on_alone(void **state)
{
    struct ct_prom_sockets sockets;
    char expected[32];
    assert_int_equal(ct_prom_sockets_open(&sockets, "127.0.0.1", 0, false), 0);
    assert_int_equal(sockets.count, 1);
    assert_true(sockets.port != 0);
    (void)snprintf(expected, sizeof expected, "127.0.0.1:%u", (unsigned)sockets.port);
    assert_string_equal(sockets.address, expected);
    assert_false(sockets.is_public);
    assert_false(sockets.is_any);
    assert_true(can_connect(AF_INET, sockets.port));
    assert_false(can_connect(AF_INET6, sockets.port));
    ct_prom_sockets_close(&sockets);
    assert_false(can_connect(AF_INET, sockets.port));
}

static void localhost_is_both_loopbacks(void **state)
{
    struct ct_prom_sockets sockets;
    assert_int_equal(ct_prom_sockets_open(&sockets, "LocalHost", 0, false), 0);
    assert_true(can_connect(AF_INET, sockets.port));
    if (sockets.count == 2) /* this machine has IPv6 */
        assert_true(can_connect(AF_INET6, sockets.port));
    assert_false(sockets.is_public);
    ct_prom_sockets_close(&sockets);
}

static void what_others_may_reach_is_known(void **state)
{
    struct ct_prom_sockets sockets;
    assert_int_equal(ct_prom_sockets_open(&sockets, "0.0.0.0", 0, false), 0);
    assert_true(sockets.is_public);
    assert_true(sockets.is_any);
    ct_prom_sockets_close(&sockets);
}

static void an_address_of_ipv6_stands_in_brackets(void **state)
{
    struct ct_prom_sockets sockets;
    char expected[32];
    if (ct_prom_sockets_open(&sockets, "::1", 0, false) != 0)
        skip();
    (void)snprintf(expected, sizeof expected, "[::1]:%u", (unsigned)sockets.port);
    assert_string_equal(sockets.address, expected);
    ct_prom_sockets_close(&sockets);
}

static void a_port_that_is_taken_is_an_error_or_the_next_one_is_taken(void **state)
{
    struct ct_prom_sockets first, second;
    assert_int_equal(ct_prom_sockets_open(&first, "127.0.0.1", 0, false), 0);
    assert_int_equal(ct_prom_sockets_open(&second, "127.0.0.1", first.port, false), EADDRINUSE);
    assert_int_equal(second.count, 0);
    assert_int_equal(ct_prom_sockets_open(&second, "127.0.0.1", first.port, true), 0);
    assert_true(second.port != first.port);
    assert_true(can_connect(AF_INET, second.port));
    ct_prom_sockets_close(&first);
    ct_prom_sockets_close(&second);
}

static void a_port_of_one_loopback_alone_is_not_taken(void **state)
{
    struct ct_prom_sockets other, both;
    if (ct_prom_sockets_open(&other, "::1", 0, false) != 0)
        skip();
    assert_int_equal(ct_prom_sockets_open(&both, "localhost", other.port, false), EADDRINUSE);
    assert_false(can_connect(AF_INET, other.port));
    ct_prom_sockets_close(&other);
}

static void behind_the_last_port_the_kernel_chooses(void **state)
{
    struct ct_prom_sockets last, next;
    int error = ct_prom_sockets_open(&last, "127.0.0.1", UINT16_MAX, false);
    assert_true(error == 0 || error == EADDRINUSE); /* by another test's socket */
    assert_int_equal(ct_prom_sockets_open(&next, "127.0.0.1", UINT16_MAX, true), 0);
    assert_true(next.port != 0);
    ct_prom_sockets_close(&last);
    ct_prom_sockets_close(&next);
}

static void who_is_not_this_machine_is_said_so(void **state)
{
    struct ct_prom_sockets sockets;
    assert_int_equal(ct_prom_sockets_open(&sockets, "192.0.2.1", 0, true), EADDRNOTAVAIL);
    assert_int_equal(ct_prom_sockets_open(&sockets, "no such name", 0, true), EADDRNOTAVAIL);
    assert_int_equal(sockets.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_listened_on_alone),
        cmocka_unit_test(localhost_is_both_loopbacks),
        cmocka_unit_test(what_others_may_reach_is_known),
        cmocka_unit_test(an_address_of_ipv6_stands_in_brackets),
        cmocka_unit_test(a_port_that_is_taken_is_an_error_or_the_next_one_is_taken),
        cmocka_unit_test(a_port_of_one_loopback_alone_is_not_taken),
        cmocka_unit_test(behind_the_last_port_the_kernel_chooses),
        cmocka_unit_test(who_is_not_this_machine_is_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
