/* Chat client: fgets, send, recv. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fd;

/* Shows what is there; returns 0 at the end. */
static int show(void) {
    static char buffer[65536];
    static size_t kept;
    struct pollfd waiting = {fd, POLLIN, 0};
    while (poll(&waiting, 1, 300) > 0) {
        ssize_t n = recv(fd, buffer + kept, sizeof buffer - kept, 0);
        if (n <= 0) return 0;
        kept += n;
        for (char *end; (end = memchr(buffer, '\n', kept));) {
            size_t length = end + 1 - buffer;
            for (size_t i = 0; i < length; i++) {
                unsigned char c = buffer[i], next = buffer[i + 1];
                if (c == 0xc2 && next >= 0x80 && next < 0xa0) i++;
                else if (c == '\n' || (c >= ' ' && c != 127)) putchar(c);
            }
            kept -= length;
            memmove(buffer, end + 1, kept);
        }
        fflush(stdout);
    }
    return 1;
}

int main(int argc, char **argv) {
    char line[4096];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("connect");
        return 1;
    }
    while (show() && fgets(line, sizeof line, stdin)) {
        size_t length = strlen(line);
        for (size_t done = 0; done < length;) {
            ssize_t n = send(fd, line + done, length - done, MSG_NOSIGNAL);
            if (n < 0) return 1;
            done += n;
        }
        if (strcmp(line, "/quit\n") == 0) {
            show();
            break;
        }
    }
    close(fd);
    return 0;
}
