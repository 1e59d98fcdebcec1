/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/clock.h"
#include "exporters/net/dial.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_NS (UINT64_C(10) * CT_NET_NS_PER_S)

/* A socket on a port of `address`; it listens with that backlog, or not at all below 0. */
static int bound(const char *address, int backlog, uint16_t *port)
{
    struct sockaddr_in bound_to = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t size = sizeof bound_to;
    assert_int_equal(inet_pton(AF_INET, address, &bound_to.sin_addr), 1);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&bound_to, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&bound_to, &size), 0);
    if (backlog >= 0)
        assert_int_equal(listen(fd, backlog), 0);
    *port = ntohs(bound_to.sin_port);
    return fd;
}

static enum ct_net_dialling dial_to_the_end(struct ct_net_dial *dial, const char *addresses,
                                            uint16_t port, uint64_t timeout_ns)
{
    enum ct_net_dialling state =
        ct_net_dial_addresses(dial, addresses, port, ct_net_now_ns(), timeout_ns);
    while (state == CT_NET_DIAL_PENDING) {
        struct pollfd item = {.fd = dial->fd, .events = POLLOUT};
        uint64_t now_ns = ct_net_now_ns();
        uint64_t left_ns = dial->deadline_ns > now_ns ? dial->deadline_ns - now_ns : 0;
        assert_true(poll(&item, 1, (int)(left_ns / CT_NET_NS_PER_MS) + 1) >= 0);
        state = ct_net_dial_advance(dial, ct_net_now_ns());
    }
    return state;
}

static void a_peer_is_reached(void **state)
{
    uint16_t port = 0;
    int listener = bound("127.0.0.1", 8, &port);
    struct ct_net_dial dial = {0};
    assert_int_equal(dial_to_the_end(&dial, "127.0.0.1", port, PATIENCE_NS), CT_NET_DIAL_CONNECTED);
    int flags = fcntl(dial.fd, F_GETFL);
    assert_true((flags & O_NONBLOCK) != 0);
    assert_true((fcntl(dial.fd, F_GETFD) & FD_CLOEXEC) != 0);
    close(dial.fd);
    close(listener);
}

static void the_next_address_is_tried(void **state)
{
    uint16_t port = 0;
    int listener = bound("127.0.0.2", 8, &port);
    static const char *const lists[] = {"127.0.0.1,127.0.0.2", "::1,127.0.0.2", "what,127.0.0.2",
                                        ",,127.0.0.1,127.0.0.2,127.0.0.3", "127.0.0.2,"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct ct_net_dial dial = {0};
        assert_int_equal(dial_to_the_end(&dial, lists[i], port, PATIENCE_NS),
                         CT_NET_DIAL_CONNECTED);
        close(dial.fd);
    }
    close(listener);
}

static void why_nobody_was_reached_is_told(void **state)
{
    uint16_t port = 0;
    int silent = bound("127.0.0.1", -1, &port);
    struct ct_net_dial dial = {0};
    char words[64];
    assert_int_equal(dial_to_the_end(&dial, "127.0.0.1", port, PATIENCE_NS), CT_NET_DIAL_FAILED);
    assert_int_equal(dial.fd, -1);
    ct_net_dial_error(&dial, words, sizeof words);
    assert_string_equal(words, "Connection refused");
    ct_net_dial_error(&dial, words, 5);
    assert_string_equal(words, "Conn");
    assert_int_equal(dial_to_the_end(&dial, "what", port, PATIENCE_NS), CT_NET_DIAL_FAILED);
    assert_int_equal(dial_to_the_end(&dial, "", port, PATIENCE_NS), CT_NET_DIAL_FAILED);
    close(silent);
}

/* A listener whose backlog is full answers nothing: of two addresses each has half the time. */
static void one_that_swallows_everything_leaves_time_for_the_next(void **state)
{
    enum { FILLERS = 4 };
    uint16_t port = 0;
    int swallowing = bound("127.0.0.1", 0, &port), listener = bound("127.0.0.2", 8, &port);
    struct ct_net_dial fillers[FILLERS];
    for (size_t i = 0; i < FILLERS; i++)
        (void)ct_net_dial_addresses(&fillers[i], "127.0.0.1", port, ct_net_now_ns(), PATIENCE_NS);
    usleep(100000); /* until the kernel has taken those that fit */
    struct ct_net_dial dial = {0};
    char list[] = "127.0.0.1,127.0.0.2";
    uint64_t began_ns = ct_net_now_ns();
    assert_int_equal(ct_net_dial_addresses(&dial, list, port, began_ns, CT_NET_NS_PER_S),
                     CT_NET_DIAL_PENDING);
    memset(list, 'x', sizeof list - 1); /* a lookup may replace the list meanwhile */
    assert_true(dial.deadline_ns == began_ns + CT_NET_NS_PER_S / 2);
    unsigned first = dial.attempts;
    assert_int_equal(ct_net_dial_advance(&dial, began_ns), CT_NET_DIAL_PENDING);
    assert_int_equal(dial.attempts, first);
    enum ct_net_dialling last = ct_net_dial_advance(&dial, dial.deadline_ns);
    assert_int_equal(dial.attempts, first + 1); /* though the number may be the same */
    while (last == CT_NET_DIAL_PENDING)
        last = ct_net_dial_advance(&dial, began_ns);
    assert_int_equal(last, CT_NET_DIAL_CONNECTED);
    assert_int_equal(dial_to_the_end(&fillers[0], "127.0.0.1", port, CT_NET_NS_PER_MS),
                     CT_NET_DIAL_FAILED);
    char words[64];
    ct_net_dial_error(&fillers[0], words, sizeof words);
    assert_string_equal(words, "Connection timed out");
    for (size_t i = 0; i < FILLERS; i++)
        ct_net_dial_stop(&fillers[i]);
    ct_net_dial_stop(&dial);
    assert_int_equal(dial.fd, -1);
    close(swallowing);
    close(listener);
}

static void more_addresses_than_there_is_room_for_are_left_out(void **state)
{
    uint16_t port = 0;
    int listener = bound("127.0.0.2", 8, &port);
    char list[4 * CT_NET_DIAL_LIST_SIZE] = "";
    while (strlen(list) < 2 * CT_NET_DIAL_LIST_SIZE)
        strcat(list, "127.0.0.1,");
    strcat(list, "127.0.0.2");
    struct ct_net_dial dial = {0};
    assert_int_equal(dial_to_the_end(&dial, list, port, PATIENCE_NS), CT_NET_DIAL_FAILED);
    assert_in_range(dial.attempts, 90, CT_NET_DIAL_LIST_SIZE / 10);
    close(listener);
}

static void a_socket_file_is_reached(void **state)
{
    char folder[] = "/tmp/cotel-dial-XXXXXX";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_non_null(mkdtemp(folder));
    snprintf(address.sun_path, sizeof address.sun_path, "%s/peer", folder);
    struct ct_net_dial dial = {0};
    assert_int_equal(ct_net_dial_file(&dial, address.sun_path, 0, PATIENCE_NS), CT_NET_DIAL_FAILED);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(ct_net_dial_file(&dial, address.sun_path, 0, PATIENCE_NS),
                     CT_NET_DIAL_CONNECTED);
    close(dial.fd);
    close(listener);
    unlink(address.sun_path);
    rmdir(folder);
    char endless[300];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_int_equal(ct_net_dial_file(&dial, endless, 0, PATIENCE_NS), CT_NET_DIAL_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_peer_is_reached),
        cmocka_unit_test(the_next_address_is_tried),
        cmocka_unit_test(why_nobody_was_reached_is_told),
        cmocka_unit_test(one_that_swallows_everything_leaves_time_for_the_next),
        cmocka_unit_test(more_addresses_than_there_is_room_for_are_left_out),
        cmocka_unit_test(a_socket_file_is_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
