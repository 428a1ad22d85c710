/* Echo server with poll, non-blocking. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX 1000

int main(int argc, char **argv) {
    static struct pollfd fds[MAX];
    static char buf[65536];
    int count = 1, one = 1;
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[argc - 1]))};
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    signal(SIGPIPE, SIG_IGN);
    fds[0].fd = socket(AF_INET, SOCK_STREAM, 0);
    fds[0].events = POLLIN;
    setsockopt(fds[0].fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fds[0].fd, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    listen(fds[0].fd, 100);
    for (;;) {
        poll(fds, count, -1);
        for (int i = count - 1; i > 0; i--) {
            if (!fds[i].revents) continue;
            int n = read(fds[i].fd, buf, sizeof buf);
            if (n > 0) {
                if (write(fds[i].fd, buf, n) < 0) perror("write");
            } else {
                close(fds[i].fd);
                fds[i] = fds[--count];
            }
        }
        if (fds[0].revents && count < MAX) {
            int fd = accept(fds[0].fd, NULL, NULL);
            if (fd < 0) continue;
            fcntl(fd, F_SETFL, O_NONBLOCK);
            fds[count].fd = fd;
            fds[count].events = POLLIN;
            fds[count++].revents = 0;
        }
    }
}
