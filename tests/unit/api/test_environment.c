/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static cotel_context *remote_context(const char *tracestate_header)
{
    cotel_span_context remote = sample_context();
    cotel_tracestate *tracestate = tracestate_header ? tracestate_of(tracestate_header) : NULL;
    remote.tracestate = tracestate;
    cotel_context *context = cotel_context_with_span_context(cotel_context_empty(), &remote);
    cotel_tracestate_unref(tracestate);
    return context;
}

static cotel_environment *create(const cotel_context *context, char *const *base)
{
    cotel_environment *environment = NULL;
    assert_int_equal(cotel_environment_create(context, base, &environment), COTEL_STATUS_OK);
    assert_non_null(environment);
    return environment;
}

static size_t occurrences(char *const *variables, const char *variable)
{
    size_t count = 0;
    for (; *variables; variables++)
        count += strcmp(*variables, variable) == 0;
    return count;
}

static size_t length(char *const *variables)
{
    size_t count = 0;
    while (variables[count])
        count++;
    return count;
}

static void the_base_is_copied_and_the_context_added(void **state)
{
    char path[] = "PATH=/bin", odd[] = "no equals sign";
    char *const base[] = {path, odd, NULL};
    cotel_context *context = remote_context("foo=1");
    cotel_environment *environment = create(context, base);
    path[0] = 'X'; /* it was copied */
    char *const *variables = cotel_environment_variables(environment);
    assert_int_equal(length(variables), 4);
    assert_int_equal(occurrences(variables, "PATH=/bin"), 1);
    assert_int_equal(occurrences(variables, "no equals sign"), 1);
    assert_int_equal(occurrences(variables, "TRACEPARENT=" TRACEPARENT), 1);
    assert_int_equal(occurrences(variables, "TRACESTATE=foo=1"), 1);
    cotel_environment_destroy(environment);
    cotel_context_unref(context);
}

static void what_an_older_context_left_goes(void **state)
{
    char old[] = "TRACEPARENT=old", doubled[] = "TRACEPARENT=older", stale[] = "TRACESTATE=old=1";
    char *const base[] = {old, doubled, stale, NULL};
    cotel_context *context = remote_context(NULL);
    cotel_environment *environment = create(context, base);
    char *const *variables = cotel_environment_variables(environment);
    assert_int_equal(length(variables), 1);
    assert_string_equal(variables[0], "TRACEPARENT=" TRACEPARENT);
    cotel_environment_destroy(environment);
    cotel_context_unref(context);
}

/* The environment that `propagator` makes of these variables, which end with NULL. */
static cotel_environment *create_with(const cotel_propagator *propagator, const char *const *base)
{
    cotel_context *context = remote_context("foo=1");
    cotel_propagator_set_global(propagator);
    cotel_environment *environment = create(context, (char *const *)(uintptr_t)base);
    cotel_propagator_set_global(NULL);
    cotel_context_unref(context);
    return environment;
}

static void what_an_older_context_left_in_another_form_goes(void **state)
{
    const char *const multi[] = {"X_B3_TRACEID=old", "X_B3_SPANID=old", "X_B3_PARENTSPANID=old",
                                 "X_B3_SAMPLED=1",   "X_B3_FLAGS=1",    NULL};
    const char *const single[] = {"B3=old", "X_B3_PARENTSPANID=old", "B3X=kept", NULL};
    cotel_environment *environment = create_with(cotel_propagator_b3(), multi);
    char *const *variables = cotel_environment_variables(environment);
    assert_int_equal(length(variables), 1);
    assert_string_equal(variables[0], "B3=" TRACE_ID_HEX "-" SPAN_ID_HEX "-1");
    cotel_environment_destroy(environment);

    environment = create_with(cotel_propagator_b3_multi(), single);
    variables = cotel_environment_variables(environment);
    assert_int_equal(length(variables), 4);
    assert_int_equal(occurrences(variables, "B3X=kept"), 1);
    assert_int_equal(occurrences(variables, "X_B3_TRACEID=" TRACE_ID_HEX), 1);
    cotel_environment_destroy(environment);
}

static void what_an_older_context_left_to_a_composite_goes(void **state)
{
    const char *const old[] = {"TRACESTATE=old=1", "B3=old", "X_B3_TRACEID=old", "KEPT=1", NULL};
    const cotel_propagator *const list[] = {cotel_propagator_b3(), cotel_propagator_tracecontext()};
    cotel_propagator *both;
    assert_int_equal(cotel_propagator_composite_create(list, 2, &both), COTEL_STATUS_OK);
    cotel_environment *environment = create_with(both, old);
    char *const *variables = cotel_environment_variables(environment);
    assert_int_equal(length(variables), 4);
    assert_string_equal(variables[0], "KEPT=1");
    assert_string_equal(variables[1], "B3=" TRACE_ID_HEX "-" SPAN_ID_HEX "-1");
    assert_string_equal(variables[2], "TRACEPARENT=" TRACEPARENT);
    assert_string_equal(variables[3], "TRACESTATE=foo=1");
    cotel_environment_destroy(environment);
    cotel_propagator_composite_destroy(both);
}

/* A field for all names that begin with "own-". */
static const char *own_prefix(const cotel_propagator *self, size_t index)
{
    return index == 0 ? "own-*" : NULL;
}

static void inject_own(const cotel_propagator *self, const cotel_context *context,
                       const cotel_setter *setter, void *carrier)
{
    setter->set(carrier, cotel_str_of("own-new"), cotel_str_of("1"));
}

static void a_field_with_an_asterisk_stands_for_all_that_begin_so(void **state)
{
    static const cotel_propagator_ops ops = {
        .size = sizeof ops, .inject = inject_own, .extra_field = own_prefix};
    static const cotel_propagator own = {&ops};
    const char *const old[] = {"OWN_A=1", "OWN_=1", "OWN=kept", "OWNER=kept", NULL};
    cotel_environment *environment = create_with(&own, old);
    char *const *variables = cotel_environment_variables(environment);
    assert_int_equal(length(variables), 3);
    assert_string_equal(variables[0], "OWN=kept");
    assert_string_equal(variables[1], "OWNER=kept");
    assert_string_equal(variables[2], "OWN_NEW=1");
    cotel_environment_destroy(environment);
}

static void without_a_span_the_base_stays_as_it_is(void **state)
{
    char old[] = "TRACEPARENT=old";
    char *const base[] = {old, NULL};
    cotel_environment *environment = create(cotel_context_empty(), base);
    assert_int_equal(occurrences(cotel_environment_variables(environment), "TRACEPARENT=old"), 1);
    cotel_environment_destroy(environment);
}

static void an_empty_base_is_fine(void **state)
{
    char *const base[] = {NULL};
    cotel_environment *environment = create(cotel_context_empty(), base);
    assert_null(cotel_environment_variables(environment)[0]);
    cotel_environment_destroy(environment);
}

static void without_a_base_it_is_the_process_s_own(void **state)
{
    assert_int_equal(setenv("COTEL_TEST_OWN", "yes", 1), 0);
    cotel_environment *environment = create(cotel_context_empty(), NULL);
    char *const *variables = cotel_environment_variables(environment);
    assert_int_equal(length(variables), length(environ));
    assert_int_equal(occurrences(variables, "COTEL_TEST_OWN=yes"), 1);
    cotel_environment_destroy(environment);
}

static void without_a_place_for_the_result_it_is_refused(void **state)
{
    assert_int_equal(cotel_environment_create(NULL, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_environment_destroy(NULL);
    assert_null(cotel_environment_variables(NULL)[0]);
}

static void names_are_normalised_when_set(void **state)
{
    const struct {
        const char *key, *variable;
    } names[] = {
        {"traceparent", "TRACEPARENT=v"},
        {"x-b3-traceid", "X_B3_TRACEID=v"},
        {"", "_=v"},
        {"1st", "_1ST=v"},
        {"a.b c", "A_B_C=v"},
        {"gr\xc3\xbc\xc3\x9f", "GR__=v"},
        {"_ok_9", "_OK_9=v"},
        {"\xbf\xbf", "_=v"},
    };
    char *const base[] = {NULL};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        cotel_environment *environment = create(cotel_context_empty(), base);
        cotel_environment_setter.set(environment, cotel_str_of(names[i].key), cotel_str_of("v"));
        assert_string_equal(cotel_environment_variables(environment)[0], names[i].variable);
        cotel_environment_destroy(environment);
    }
}

static void what_no_environment_can_hold_is_left_out(void **state)
{
    char *const base[] = {NULL};
    char key[300];
    memset(key, 'k', sizeof key);
    cotel_environment *environment = create(cotel_context_empty(), base);
    cotel_environment_setter.set(environment, cotel_str_of("key"), cotel_str_n("a\0b", 3));
    cotel_environment_setter.set(environment, cotel_str_n(key, 256), cotel_str_of("v"));
    cotel_environment_setter.set(NULL, cotel_str_of("key"), cotel_str_of("v"));
    assert_int_equal(length(cotel_environment_variables(environment)), 0);
    cotel_environment_setter.set(environment, cotel_str_n(key, 255), cotel_str_n(NULL, 3));
    assert_int_equal(length(cotel_environment_variables(environment)), 1);
    assert_int_equal(strlen(cotel_environment_variables(environment)[0]), 256);
    cotel_environment_destroy(environment);
}

static void the_getter_reads_normalised_names_only(void **state)
{
    char lower[] = "x-b3-traceid=lower", upper[] = "X_B3_TRACEID=upper", longer[] = "X_B3=longer";
    char *only_lower[] = {lower, longer, NULL};
    char *both[] = {lower, longer, upper, NULL};
    const cotel_str key = cotel_str_of("x-b3-traceid");
    assert_null(cotel_environment_getter.get(only_lower, key, 0).data);
    assert_str_is(cotel_environment_getter.get(both, key, 0), "upper");
    assert_null(cotel_environment_getter.get(both, key, 1).data);
    assert_null(cotel_environment_getter.get(both, cotel_str_of("x"), 0).data);
}

static void the_getter_lists_normalised_names_only(void **state)
{
    char lower[] = "lower=1", odd[] = "ODD", digit[] = "1A=1", good[] = "GOOD_1=1", under[] = "_=1";
    char *variables[] = {lower, odd, good, digit, under, NULL};
    assert_str_is(cotel_environment_getter.key(variables, 0), "GOOD_1");
    assert_str_is(cotel_environment_getter.key(variables, 1), "_");
    assert_null(cotel_environment_getter.key(variables, 2).data);
}

static void a_child_can_extract_from_its_own_environment(void **state)
{
    assert_int_equal(setenv("TRACEPARENT", TRACEPARENT, 1), 0);
    assert_int_equal(setenv("TRACESTATE", "foo=1", 1), 0);
    cotel_context *context = cotel_extract(cotel_context_empty(), &cotel_environment_getter, NULL);
    cotel_span_context expected = sample_context();
    const cotel_span *span = cotel_context_span_pointer(context);
    assert_memory_equal(&span->trace_id, &expected.trace_id, sizeof span->trace_id);
    cotel_tracestate *tracestate = cotel_context_tracestate(context);
    assert_str_is(cotel_tracestate_header(tracestate), "foo=1");
    cotel_tracestate_unref(tracestate);
    cotel_context_unref(context);
    assert_int_equal(unsetenv("TRACEPARENT"), 0);
    assert_int_equal(unsetenv("TRACESTATE"), 0);
}

/* The output of `env`, started with these variables. */
static void read_env(char *const *variables, char *output, size_t size)
{
    int ends[2];
    pid_t child;
    posix_spawn_file_actions_t actions;
    char *arguments[] = {(char[]){"env"}, NULL};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO), 0);
    assert_int_equal(posix_spawn_file_actions_addclose(&actions, ends[0]), 0);
    assert_int_equal(posix_spawnp(&child, "env", &actions, NULL, arguments, variables), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);

    size_t used = 0;
    ssize_t got;
    while (used < size - 1 && (got = read(ends[0], output + used, size - 1 - used)) > 0)
        used += (size_t)got;
    output[used] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_spawned_program_finds_the_context(void **state)
{
    char mark[] = "MARK=1";
    char *const base[] = {mark, NULL};
    char output[1024];
    cotel_context *context = remote_context("foo=1,bar=2");
    cotel_environment *environment = create(context, base);
    read_env(cotel_environment_variables(environment), output, sizeof output);
    assert_string_equal(output, "MARK=1\nTRACEPARENT=" TRACEPARENT "\nTRACESTATE=foo=1,bar=2\n");
    cotel_environment_destroy(environment);
    cotel_context_unref(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_base_is_copied_and_the_context_added),
        cmocka_unit_test(what_an_older_context_left_goes),
        cmocka_unit_test(what_an_older_context_left_in_another_form_goes),
        cmocka_unit_test(what_an_older_context_left_to_a_composite_goes),
        cmocka_unit_test(a_field_with_an_asterisk_stands_for_all_that_begin_so),
        cmocka_unit_test(without_a_span_the_base_stays_as_it_is),
        cmocka_unit_test(an_empty_base_is_fine),
        cmocka_unit_test(without_a_base_it_is_the_process_s_own),
        cmocka_unit_test(without_a_place_for_the_result_it_is_refused),
        cmocka_unit_test(names_are_normalised_when_set),
        cmocka_unit_test(what_no_environment_can_hold_is_left_out),
        cmocka_unit_test(the_getter_reads_normalised_names_only),
        cmocka_unit_test(the_getter_lists_normalised_names_only),
        cmocka_unit_test(a_child_can_extract_from_its_own_environment),
        cmocka_unit_test(a_spawned_program_finds_the_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
