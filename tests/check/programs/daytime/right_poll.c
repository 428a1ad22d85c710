/* Daytime client. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char text[4096];
    size_t count = 0;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("connect");
        return 1;
    }
    for (;;) {
        struct pollfd waiting = {fd, POLLIN, 0};
        if (poll(&waiting, 1, 2500) == 0) {
            fprintf(stderr, "the server is silent\n");
            return 1;
        }
        if (count == sizeof text) {
            fprintf(stderr, "too long\n");
            return 1;
        }
        ssize_t n = recv(fd, text + count, sizeof text - count, 0);
        if (n < 0) {
            perror("recv");
            return 1;
        }
        if (n == 0) break;
        count += n;
    }
    for (size_t i = 0; i < count; i++)
        if (text[i] == '\n' || (text[i] >= 32 && text[i] < 127)) putchar(text[i]);
    close(fd);
    return 0;
}
