/* Port scanner: a non-blocking connect, and poll with a clock. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int is_open(const char *host, int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), error = 0;
    socklen_t size = sizeof error;
    inet_pton(AF_INET, host, &to.sin_addr);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        error = errno;
        if (error == EINPROGRESS) {
            struct pollfd waiting = {fd, POLLOUT, 0};
            if (poll(&waiting, 1, 500) > 0)
                getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
        }
    }
    close(fd);
    return error == 0;
}

int main(int argc, char **argv) {
    int count = 0;
    for (int port = atoi(argv[2]); port <= atoi(argv[3]); port++) {
        if (is_open(argv[1], port)) {
            printf("%d\n", port);
            count++;
        }
    }
    _exit(count == 0);
}
