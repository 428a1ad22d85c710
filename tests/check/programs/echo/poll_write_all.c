/* Echo client with poll: what is typed goes out, what comes is shown. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static char *sent;
static size_t sent_size, back;

static void die(const char *why) {
    fprintf(stderr, "error: %s\n", why);
    exit(1);
}

int main(int argc, char **argv) {
    static char buffer[1 << 18];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    struct timeval clock = {3, 0};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) die("no connection");
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &clock, sizeof clock);
    struct pollfd fds[2] = {{0, POLLIN, 0}, {fd, POLLIN, 0}};
    for (;;) {
        int n = poll(fds, 1, 20);
        if (n == 0 || fds[0].fd < 0) n = poll(fds, 2, 2500);
        if (n == 0 && (back < sent_size || fds[0].fd < 0)) die("timeout");
        if (fds[0].revents) {
            ssize_t got = read(0, buffer, sizeof buffer);
            if (got <= 0) {
                fds[0].fd = -1;
                shutdown(fd, SHUT_WR);
                continue;
            }
            sent = realloc(sent, sent_size + got);
            memcpy(sent + sent_size, buffer, got);
            sent_size += got;
            for (ssize_t done = 0, m; done < got; done += m)
                if ((m = send(fd, buffer + done, got - done, MSG_NOSIGNAL)) < 0) die("send");
        } else if (fds[1].revents) {
            ssize_t got = recv(fd, buffer, sizeof buffer, 0);
            if (got < 0) die("connection lost");
            if (got == 0) break;
            write(1, buffer, got);
            if (back + got > sent_size || memcmp(sent + back, buffer, got) != 0) die("the answer is different");
            back += got;
        }
    }
    if (back < sent_size || fds[0].fd == 0) die("closed too early");
    return 0;
}
