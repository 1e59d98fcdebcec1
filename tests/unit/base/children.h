/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to fork a process, and threads that start at once. */
#ifndef COTEL_TESTS_UNIT_BASE_CHILDREN_H
#define COTEL_TESTS_UNIT_BASE_CHILDREN_H

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static inline pid_t fork_by_clone(void)
{
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

typedef pid_t fork_function(void);

static fork_function *const ways_to_fork[] = {fork, _Fork, fork_by_clone};

#define WAYS_TO_FORK (sizeof(ways_to_fork) / sizeof(ways_to_fork[0]))

/* What `body` returns in the child, or -1 for a child that died. */
static inline int in_child(fork_function *do_fork, int (*body)(void))
{
    int status;
    pid_t child = do_fork();
    if (child == 0)
        _exit(body());
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

#define CHILD_THREADS 4

struct together {
    pthread_barrier_t start;
    void (*body)(void);
};

static inline void *together_main(void *argument)
{
    struct together *together = argument;
    (void)pthread_barrier_wait(&together->start);
    together->body();
    return NULL;
}

/* Runs `body` in CHILD_THREADS threads that start it at the same moment. */
static inline int run_together(void (*body)(void))
{
    struct together together = {.body = body};
    pthread_t threads[CHILD_THREADS];
    int failed = pthread_barrier_init(&together.start, NULL, CHILD_THREADS);
    for (int i = 0; i < CHILD_THREADS; i++)
        failed |= pthread_create(&threads[i], NULL, together_main, &together);
    if (failed)
        return failed; /* and the process with it: threads are left at the barrier */
    for (int i = 0; i < CHILD_THREADS; i++)
        failed |= pthread_join(threads[i], NULL);
    return failed | pthread_barrier_destroy(&together.start);
}

#endif
