/* SPDX-License-Identifier: Apache-2.0 */
/* Names of files, files that appear whole, and what the target file says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporters/prometheus/atomic_file.h"
#include "exporters/prometheus/config.h"
#include "exporters/prometheus/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static int make_folder(void **state)
{
    strcpy(folder, "/tmp/cotel-prom-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    return rmdir(folder);
}

static const char *path_of(const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void assert_holds(const char *path, const char *expected)
{
    char text[256] = "";
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_true(read(fd, text, sizeof text - 1) >= 0);
    close(fd);
    assert_string_equal(text, expected);
}

static size_t count_files(void)
{
    size_t count = 0;
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    for (struct dirent *entry = readdir(stream); entry; entry = readdir(stream))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(stream);
    return count;
}

static void a_name_has_the_process_where_it_says_so(void **state)
{
    char expected[64];
    (void)snprintf(expected, sizeof expected, "/run/a-%ld-%ld%%p%%x%%", (long)getpid(),
                   (long)getpid());
    char *name = ct_prom_file_name("/run/a-%p-%p%%p%x%");
    assert_string_equal(name, expected);
    free(name);
}

static void a_file_is_replaced_whole_and_nothing_is_left_beside_it(void **state)
{
    struct stat status;
    const char *path = path_of("a.prom");
    mode_t mask = umask(0027);
    assert_int_equal(ct_prom_file_replace(path, "old, and longer", 15, true), 0);
    umask(mask);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(ct_prom_file_replace(path, "new", 3, false), 0);
    assert_holds(path, "new");
    assert_int_equal(count_files(), 1);
    assert_int_equal(unlink(path), 0);
}

static void who_has_the_old_file_open_keeps_it_whole(void **state)
{
    char text[16] = "";
    const char *path = path_of("a.prom");
    assert_int_equal(ct_prom_file_replace(path, "old", 3, false), 0);
    int fd = open(path, O_RDONLY);
    assert_int_equal(ct_prom_file_replace(path, "new", 3, false), 0);
    assert_int_equal(read(fd, text, sizeof text - 1), 3);
    assert_string_equal(text, "old");
    close(fd);
    assert_int_equal(unlink(path), 0);
}

static void a_failure_leaves_the_old_file_and_says_why(void **state)
{
    assert_int_equal(ct_prom_file_replace(path_of("none/a.prom"), "x", 1, true), ENOENT);
    assert_int_equal(mkdir(path_of("a.prom"), 0700), 0);
    assert_int_equal(ct_prom_file_replace(path_of("a.prom"), "x", 1, true), EISDIR);
    assert_int_equal(count_files(), 1);
    assert_int_equal(rmdir(path_of("a.prom")), 0);
}

static void only_a_file_that_is_ours_is_removed(void **state)
{
    const char *path = path_of("targets.json");
    assert_int_equal(ct_prom_file_replace(path, "another's", 9, false), 0);
    ct_prom_file_remove(path, "another", 7);
    ct_prom_file_remove(path, "another's!", 10);
    ct_prom_file_remove(path, "anothers'", 9);
    assert_holds(path, "another's");
    ct_prom_file_remove(path, "another's", 9);
    assert_int_equal(count_files(), 0);
    ct_prom_file_remove(path, "another's", 9);
}

static void assert_target(const cotel_prometheus_options *options,
                          const struct ct_prom_sockets *sockets, const char *expected)
{
    struct ct_prom_config config;
    struct ct_prom_text text = {NULL, 0, 0, false};
    assert_int_equal(ct_prom_config_init(&config, options), COTEL_STATUS_OK);
    assert_true(ct_prom_target_describe(&config, sockets, &text));
    ct_prom_text_putc(&text, '\0');
    assert_string_equal(text.data, expected);
    ct_prom_text_fini(&text);
    ct_prom_config_fini(&config);
}

static cotel_resource *make_resource(const char *name)
{
    cotel_resource *resource;
    const cotel_attribute attributes[] = {
        cotel_attribute_string("service.name", name),
        cotel_attribute_string("service.instance.id", "1"),
        cotel_attribute_string("service.namespace", "shop"),
    };
    assert_int_equal(cotel_resource_create(attributes, 3, NULL, &resource), COTEL_STATUS_OK);
    return resource;
}

static void the_target_says_where_and_whose(void **state)
{
    const struct ct_prom_sockets sockets = {.count = 1, .port = 9465, .address = "127.0.0.1:9465"};
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    options.target_file = "t.json";
    options.target_resource = make_resource("a \"name\"\\\n");
    assert_target(&options, &sockets,
                  "[{\"targets\": [\"127.0.0.1:9465\"], \"labels\": {\"service_name\": "
                  "\"a \\\"name\\\"\\\\\\u000a\", \"service_namespace\": \"shop\"}}]\n");
    cotel_resource_unref(options.target_resource);
}

static void the_target_says_another_host_and_path_when_it_is_to(void **state)
{
    const struct ct_prom_sockets sockets = {
        .count = 1, .port = 1, .address = "[::]:1", .is_any = true};
    char expected[512], name[256];
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    options.target_file = "t.json";
    options.path = "/a/metrics";
    options.target_resource = NULL;
    assert_int_equal(cotel_resource_create(NULL, 0, NULL, &options.target_resource),
                     COTEL_STATUS_OK);
    assert_int_equal(gethostname(name, sizeof name), 0);
    (void)snprintf(expected, sizeof expected,
                   "[{\"targets\": [\"%s:1\"], \"labels\": {\"__metrics_path__\": "
                   "\"/a/metrics\"}}]\n",
                   name);
    assert_target(&options, &sockets, expected);
    options.target_host = "fe80::1";
    assert_target(&options, &sockets,
                  "[{\"targets\": [\"[fe80::1]:1\"], \"labels\": {\"__metrics_path__\": "
                  "\"/a/metrics\"}}]\n");
    cotel_resource_unref(options.target_resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_has_the_process_where_it_says_so),
        cmocka_unit_test(a_file_is_replaced_whole_and_nothing_is_left_beside_it),
        cmocka_unit_test(who_has_the_old_file_open_keeps_it_whole),
        cmocka_unit_test(a_failure_leaves_the_old_file_and_says_why),
        cmocka_unit_test(only_a_file_that_is_ours_is_removed),
        cmocka_unit_test(the_target_says_where_and_whose),
        cmocka_unit_test(the_target_says_another_host_and_path_when_it_is_to),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
