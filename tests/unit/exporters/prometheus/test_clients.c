/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporters/prometheus/clients.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT 2
#define CLIENT_NS 100
#define IDLE_NS 1000

struct pair {
    int ours;
    int theirs;
};

static struct pair connect_pair(void)
{
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    return (struct pair){fds[0], fds[1]};
}

static bool was_shut_down(struct pair pair)
{
    char byte;
    return recv(pair.theirs, &byte, 1, 0) == 0;
}

static void disconnect(struct pair pair)
{
    close(pair.ours);
    close(pair.theirs);
}

static struct ct_prom_clients make_clients(void)
{
    struct ct_prom_clients clients;
    assert_true(ct_prom_clients_init(&clients, LIMIT, CLIENT_NS, IDLE_NS));
    return clients;
}

static void whoever_says_nothing_is_too_slow(void **state)
{
    struct ct_prom_clients clients = make_clients();
    struct pair pair = connect_pair();
    bool evicted;
    assert_non_null(ct_prom_clients_add(&clients, pair.ours, 1000, &evicted));
    struct ct_prom_expiry expiry = ct_prom_clients_expire(&clients, 1099);
    assert_int_equal(expiry.slow, 0);
    assert_int_equal(expiry.next_ns, 1100);
    assert_false(was_shut_down(pair));
    expiry = ct_prom_clients_expire(&clients, 1100);
    assert_int_equal(expiry.slow, 1);
    assert_int_equal(expiry.next_ns, UINT64_MAX);
    assert_true(was_shut_down(pair));
    disconnect(pair);
    ct_prom_clients_fini(&clients);
}

static void a_request_that_has_begun_gets_no_more_time(void **state)
{
    struct ct_prom_clients clients = make_clients();
    struct pair pair = connect_pair();
    bool evicted;
    struct ct_prom_client *client = ct_prom_clients_add(&clients, pair.ours, 1000, &evicted);
    ct_prom_client_reads(&clients, client, 1090);
    assert_int_equal(ct_prom_clients_expire(&clients, 1100).slow, 1);
    disconnect(pair);
    ct_prom_clients_fini(&clients);
}

static void an_answer_has_a_time_of_its_own_and_rest_another(void **state)
{
    struct ct_prom_clients clients = make_clients();
    struct pair pair = connect_pair();
    bool evicted;
    struct ct_prom_client *client = ct_prom_clients_add(&clients, pair.ours, 1000, &evicted);
    ct_prom_client_reads(&clients, client, 1010);
    ct_prom_client_takes(&clients, client, 500, 1050);
    assert_int_equal(clients.pending_bytes, 500);
    assert_int_equal(ct_prom_clients_expire(&clients, 1149).next_ns, 1150);
    ct_prom_client_rests(&clients, client, 1149);
    assert_int_equal(clients.pending_bytes, 0);
    assert_int_equal(ct_prom_clients_expire(&clients, 1150).next_ns, 2149);
    ct_prom_client_reads(&clients, client, 2000);
    assert_int_equal(ct_prom_clients_expire(&clients, 2000).next_ns, 2100);
    disconnect(pair);
    ct_prom_clients_fini(&clients);
}

static void a_connection_that_rested_too_long_is_ended_and_not_called_slow(void **state)
{
    struct ct_prom_clients clients = make_clients();
    struct pair pair = connect_pair();
    bool evicted;
    struct ct_prom_client *client = ct_prom_clients_add(&clients, pair.ours, 0, &evicted);
    ct_prom_client_rests(&clients, client, 0);
    assert_int_equal(ct_prom_clients_expire(&clients, IDLE_NS).slow, 0);
    assert_true(was_shut_down(pair));
    disconnect(pair);
    ct_prom_clients_fini(&clients);
}

static void at_the_limit_the_one_that_waits_longest_makes_room(void **state)
{
    struct ct_prom_clients clients = make_clients();
    struct pair pairs[3] = {connect_pair(), connect_pair(), connect_pair()};
    bool evicted;
    struct ct_prom_client *first = ct_prom_clients_add(&clients, pairs[0].ours, 1, &evicted);
    assert_non_null(ct_prom_clients_add(&clients, pairs[1].ours, 2, &evicted));
    ct_prom_client_rests(&clients, first, 3); /* it has been without a request since only 3 */
    assert_false(evicted);
    assert_non_null(ct_prom_clients_add(&clients, pairs[2].ours, 4, &evicted));
    assert_true(evicted);
    assert_false(was_shut_down(pairs[0]));
    assert_true(was_shut_down(pairs[1]));
    for (size_t i = 0; i < 3; i++)
        disconnect(pairs[i]);
    ct_prom_clients_fini(&clients);
}

static void nobody_who_is_being_served_makes_room(void **state)
{
    struct ct_prom_clients clients = make_clients();
    struct pair pairs[3] = {connect_pair(), connect_pair(), connect_pair()};
    bool evicted;
    struct ct_prom_client *one = ct_prom_clients_add(&clients, pairs[0].ours, 1, &evicted);
    struct ct_prom_client *two = ct_prom_clients_add(&clients, pairs[1].ours, 1, &evicted);
    ct_prom_client_reads(&clients, one, 1);
    ct_prom_client_takes(&clients, two, 9, 1);
    assert_null(ct_prom_clients_add(&clients, pairs[2].ours, 1, &evicted));
    assert_false(evicted);
    ct_prom_client_remove(&clients, two);
    assert_int_equal(clients.pending_bytes, 0);
    assert_non_null(ct_prom_clients_add(&clients, pairs[2].ours, 1, &evicted));
    for (size_t i = 0; i < 3; i++)
        disconnect(pairs[i]);
    ct_prom_clients_fini(&clients);
}

static void one_that_leaves_stays_so_and_is_not_sent_away_twice(void **state)
{
    struct ct_prom_clients clients = make_clients();
    struct pair pair = connect_pair();
    bool evicted;
    struct ct_prom_client *client = ct_prom_clients_add(&clients, pair.ours, 0, &evicted);
    assert_int_equal(ct_prom_clients_expire(&clients, CLIENT_NS).slow, 1);
    ct_prom_client_rests(&clients, client, CLIENT_NS);
    assert_int_equal(client->stage, CT_PROM_LEAVING);
    assert_int_equal(ct_prom_clients_expire(&clients, UINT64_MAX - 1).slow, 0);
    disconnect(pair);
    ct_prom_clients_fini(&clients);
}

static void a_forked_child_closes_without_a_word(void **state)
{
    struct ct_prom_clients clients = make_clients();
    struct pair pair = connect_pair();
    int parents = dup(pair.ours); /* as the parent has it */
    bool evicted;
    struct ct_prom_client *client = ct_prom_clients_add(&clients, pair.ours, 0, &evicted);
    ct_prom_client_takes(&clients, client, 9, 0);
    ct_prom_clients_close_all(&clients);
    assert_int_equal(fcntl(pair.ours, F_GETFD), -1);
    assert_false(was_shut_down(pair));
    assert_int_equal(clients.pending_bytes, 0);
    assert_int_equal(ct_prom_clients_expire(&clients, UINT64_MAX - 1).slow, 0);
    close(parents);
    close(pair.theirs);
    ct_prom_clients_fini(&clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_says_nothing_is_too_slow),
        cmocka_unit_test(a_request_that_has_begun_gets_no_more_time),
        cmocka_unit_test(an_answer_has_a_time_of_its_own_and_rest_another),
        cmocka_unit_test(a_connection_that_rested_too_long_is_ended_and_not_called_slow),
        cmocka_unit_test(at_the_limit_the_one_that_waits_longest_makes_room),
        cmocka_unit_test(nobody_who_is_being_served_makes_room),
        cmocka_unit_test(one_that_leaves_stays_so_and_is_not_sent_away_twice),
        cmocka_unit_test(a_forked_child_closes_without_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
