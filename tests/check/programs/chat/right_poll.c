/* Chat client with poll. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char heard[8192];
static size_t kept;

static void show_lines(void) {
    char *end;
    while ((end = memchr(heard, '\n', kept)) || kept == sizeof heard) {
        size_t length = end ? (size_t)(end - heard) + 1 : kept;
        for (size_t i = 0; i < length; i++) {
            unsigned char c = heard[i], next = i + 1 < length ? heard[i + 1] : 0;
            if (c == 0xc2 && next >= 0x80 && next < 0xa0) i++;
            else if (c == '\n' || (c >= 32 && c != 127)) putchar(c);
        }
        kept -= length;
        memmove(heard, heard + length, kept);
    }
    fflush(stdout);
}

int main(int argc, char **argv) {
    static char typed[4096];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("connect");
        return 1;
    }
    setvbuf(stdin, NULL, _IONBF, 0);
    struct pollfd fds[2] = {{0, POLLIN, 0}, {fd, POLLIN, 0}};
    while (poll(fds, 2, -1) > 0) {
        if (fds[1].revents) {
            ssize_t n = recv(fd, heard + kept, sizeof heard - kept, 0);
            if (n <= 0) {
                printf("the server is gone\n");
                break;
            }
            kept += n;
            show_lines();
        }
        if (fds[0].revents) {
            if (!fgets(typed, sizeof typed, stdin)) {
                fds[0].fd = -1;
                shutdown(fd, SHUT_WR);
                continue;
            }
            size_t length = strlen(typed);
            for (size_t done = 0; done < length;) {
                ssize_t n = send(fd, typed + done, length - done, MSG_NOSIGNAL);
                if (n < 0) return 1;
                done += n;
            }
            if (strcmp(typed, "/quit\n") == 0) break;
        }
    }
    close(fd);
    return 0;
}
