/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int listen_on_loopback(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

int sink_accept(int listener)
{
    int fd = accept(listener, NULL, NULL), on = 1;
    if (fd >= 0)
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

int sink_start(struct sink *sink, void (*serve)(int listener))
{
    int listener = listen_on_loopback(&sink->port);
    if (listener < 0)
        return -1;
    sink->pid = fork();
    if (sink->pid == 0) {
        /* Never outlives the benchmark, however that ends. */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(listener);
        _exit(0);
    }
    close(listener);
    return sink->pid > 0 ? 0 : -1;
}

void sink_stop(struct sink *sink)
{
    (void)kill(sink->pid, SIGKILL);
    (void)waitpid(sink->pid, NULL, 0);
}
