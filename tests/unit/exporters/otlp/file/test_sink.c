/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/net/clock.h"
#include "exporters/otlp/file/aside.h"
#include "exporters/otlp/file/sink.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_NS (10 * CT_NET_NS_PER_S)

static char folder[64];
static char path[128];

static int make_folder(void **state)
{
    strcpy(folder, "/tmp/cotel-sink-XXXXXX");
    snprintf(path, sizeof path, "%s/traces.jsonl", mkdtemp(folder));
    return 0;
}

static int remove_folder(void **state)
{
    DIR *opened = opendir(folder);
    const struct dirent *entry;
    while ((entry = readdir(opened)) != NULL)
        (void)unlinkat(dirfd(opened), entry->d_name, 0);
    closedir(opened);
    return rmdir(folder);
}

static struct ct_file_sink sink_to(const char *file, uint64_t max_file_bytes, uint32_t max_files)
{
    return (struct ct_file_sink){
        .path = strdup(file), .max_file_bytes = max_file_bytes, .max_files = max_files, .fd = -1};
}

static bool append(struct ct_file_sink *sink, const char *line)
{
    return ct_file_sink_append(sink, line, strlen(line), ct_net_now_ns() + PATIENCE_NS);
}

/* All files of the folder, how many; *lines gets the lines in them, whole ones of `wanted`. */
static size_t count_files(const char *wanted, size_t *lines)
{
    DIR *opened = opendir(folder);
    const struct dirent *entry;
    size_t files = 0;
    *lines = 0;
    while ((entry = readdir(opened)) != NULL) {
        char name[512], line[256];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        FILE *file = fopen(name, "r");
        while (fgets(line, sizeof line, file)) {
            assert_int_equal(strncmp(line, wanted, strlen(wanted)), 0);
            assert_int_equal(line[strlen(line) - 1], '\n');
            (*lines)++;
        }
        fclose(file);
        files++;
    }
    closedir(opened);
    return files;
}

static void lines_are_appended_to_what_is_there(void **state)
{
    size_t lines;
    for (int i = 0; i < 2; i++) {
        struct ct_file_sink sink = sink_to(path, 0, 0);
        assert_true(append(&sink, "{\"a\":1}"));
        assert_true(append(&sink, "{\"a\":2}"));
        ct_file_sink_fini(&sink);
    }
    assert_int_equal(count_files("{\"a\":", &lines), 1);
    assert_int_equal(lines, 4);
}

static void a_file_is_set_aside_before_a_line_would_make_it_too_large(void **state)
{
    size_t lines;
    struct ct_file_sink sink = sink_to(path, 30, 10);
    for (int i = 0; i < 3; i++)
        assert_true(append(&sink, "123456789")); /* ten with its end: the third one just fits */
    assert_int_equal(count_files("123456789", &lines), 1);
    assert_true(append(&sink, "123456789"));
    assert_int_equal(count_files("123456789", &lines), 2);
    assert_int_equal(lines, 4);
    ct_file_sink_fini(&sink);
}

static void a_line_above_the_limit_has_a_file_of_its_own(void **state)
{
    size_t lines;
    struct ct_file_sink sink = sink_to(path, 5, 10);
    assert_true(append(&sink, "123456789"));
    assert_true(append(&sink, "123456789"));
    assert_int_equal(count_files("123456789", &lines), 2);
    ct_file_sink_fini(&sink);
}

static void the_oldest_files_are_deleted_and_counted(void **state)
{
    size_t lines;
    struct ct_file_sink sink = sink_to(path, 10, 3);
    for (int i = 0; i < 10; i++) {
        char line[16];
        snprintf(line, sizeof line, "line %d", i);
        assert_true(append(&sink, line));
    }
    assert_int_equal(count_files("line ", &lines), 4);
    assert_int_equal(sink.deleted, 6);
    char text[16] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_string_equal(text, "line 9\n");
    ct_file_sink_fini(&sink);
}

static void files_of_other_names_are_left_alone(void **state)
{
    static const char *const others[] = {
        "traces-2026.jsonl", "metrics-20260101T000000.000000000Z-1.jsonl",
        "traces-20260101T000000.000000000Z-1.jsonl.gz", "traces-20260101T000000.000000000Z-x.jsonl",
        "traces-20260101T000000x000000000Z-1.jsonl"};
    char name[512];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(name, sizeof name, "%s/%s", folder, others[i]);
        close(open(name, O_CREAT | O_WRONLY, 0600));
    }
    snprintf(name, sizeof name, "%s/traces-20260101T000000.000000000Z-1.jsonl", folder);
    close(open(name, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(ct_aside_prune(path, 0), 1);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(name, sizeof name, "%s/%s", folder, others[i]);
        assert_int_equal(access(name, F_OK), 0);
    }
}

static void names_are_in_the_order_of_time(void **state)
{
    char early[PATH_MAX], late[PATH_MAX], plain[PATH_MAX];
    assert_true(ct_aside_name("/x.y/traces.jsonl", (struct timespec){1, 5}, 7, early));
    assert_true(ct_aside_name("/x.y/traces.jsonl", (struct timespec){1, 40}, 7, late));
    assert_string_equal(early, "/x.y/traces-19700101T000001.000000005Z-7.jsonl");
    assert_true(strcmp(early, late) < 0);
    assert_true(ct_aside_name("/x.y/traces", (struct timespec){0, 0}, 7, plain));
    assert_string_equal(plain, "/x.y/traces-19700101T000000.000000000Z-7");
}

static void a_file_that_somebody_moved_is_made_anew(void **state)
{
    size_t lines;
    char moved[512];
    struct ct_file_sink sink = sink_to(path, 0, 0);
    assert_true(append(&sink, "line"));
    snprintf(moved, sizeof moved, "%s/moved", folder);
    assert_int_equal(rename(path, moved), 0);
    assert_true(append(&sink, "line"));
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(unlink(path), 0);
    assert_true(append(&sink, "line"));
    assert_int_equal(count_files("line", &lines), 2);
    ct_file_sink_fini(&sink);
}

static void a_folder_that_is_not_there_fails_until_it_is(void **state)
{
    char deep[160];
    snprintf(deep, sizeof deep, "%s/sub/traces.jsonl", folder);
    struct ct_file_sink sink = sink_to(deep, 0, 0);
    assert_false(append(&sink, "line"));
    assert_int_equal(errno, ENOENT);
    snprintf(deep, sizeof deep, "%s/sub", folder);
    assert_int_equal(mkdir(deep, 0700), 0);
    assert_true(append(&sink, "line"));
    assert_int_equal(unlink(sink.path), 0);
    assert_int_equal(rmdir(deep), 0);
    ct_file_sink_fini(&sink);
}

/* What is left of the limit takes a part of the line, as on a disk that is full. */
static void a_torn_line_is_ended_before_the_next_one(void **state)
{
    struct rlimit old;
    getrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_IGN);
    struct ct_file_sink sink = sink_to(path, 0, 0);
    const struct rlimit small = {4, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool appended = append(&sink, "line 1");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_false(appended);
    assert_true(append(&sink, "line 2"));
    char text[64] = "";
    FILE *file = fopen(path, "r");
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    assert_string_equal(text, "line\nline 2\n");
    ct_file_sink_fini(&sink);
}

enum { PROCESSES = 4, LINES = 500 };

static void write_lines(void)
{
    struct ct_file_sink sink = sink_to(path, 2000, 0);
    for (int i = 0; i < LINES; i++) {
        char line[64];
        int padding = i % 30;
        snprintf(line, sizeof line, "line %d %.*s", (int)getpid(), padding,
                 "..............................");
        if (!append(&sink, line))
            _exit(1);
    }
    _exit(0);
}

static void lines_of_several_processes_are_whole_and_all_there(void **state)
{
    size_t lines;
    for (int i = 0; i < PROCESSES; i++) {
        if (fork() == 0)
            write_lines();
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_true(count_files("line ", &lines) > 5);
    assert_int_equal(lines, PROCESSES * LINES);
}

/* Nobody reads: the pipe takes so much and no more, and the deadline comes. */
static void a_stdout_that_nobody_reads_ends_at_the_deadline(void **state)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    struct ct_file_sink sink = {.fd = ends[1]};
    size_t size = 1 << 20;
    char *line = calloc(1, size);
    memset(line, 'x', size);
    uint64_t begin = ct_net_now_ns();
    assert_false(ct_file_sink_append(&sink, line, size, begin + CT_NET_NS_PER_S / 10));
    assert_int_equal(errno, ETIMEDOUT);
    assert_true(ct_net_now_ns() - begin < PATIENCE_NS);
    assert_true(sink.is_torn);
    free(line);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(lines_are_appended_to_what_is_there),
        IN_FOLDER(a_file_is_set_aside_before_a_line_would_make_it_too_large),
        IN_FOLDER(a_line_above_the_limit_has_a_file_of_its_own),
        IN_FOLDER(the_oldest_files_are_deleted_and_counted),
        IN_FOLDER(files_of_other_names_are_left_alone),
        cmocka_unit_test(names_are_in_the_order_of_time),
        IN_FOLDER(a_file_that_somebody_moved_is_made_anew),
        IN_FOLDER(a_folder_that_is_not_there_fails_until_it_is),
        IN_FOLDER(a_torn_line_is_ended_before_the_next_one),
        IN_FOLDER(lines_of_several_processes_are_whole_and_all_there),
        cmocka_unit_test(a_stdout_that_nobody_reads_ends_at_the_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
