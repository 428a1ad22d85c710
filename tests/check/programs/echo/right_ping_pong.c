/* Echo client: a line there, the same line back. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char line[4096], answer[4096];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    struct timeval clock = {2, 500000};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("connect");
        return 1;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &clock, sizeof clock);
    while (fgets(line, sizeof line, stdin)) {
        size_t length = strlen(line), done = 0;
        while (done < length) {
            ssize_t n = send(fd, line + done, length - done, MSG_NOSIGNAL);
            if (n < 0) {
                perror("send");
                return 1;
            }
            done += n;
        }
        for (done = 0; done < length;) {
            ssize_t n = recv(fd, answer + done, length - done, 0);
            if (n < 0) {
                perror("recv");
                return 1;
            }
            if (n == 0) {
                fprintf(stderr, "server closed, %zu bytes are missing\n", length - done);
                return 1;
            }
            done += n;
        }
        fwrite(answer, 1, length, stdout);
        fflush(stdout);
        if (memcmp(line, answer, length) != 0) {
            fprintf(stderr, "the answer is different\n");
            return 1;
        }
    }
    shutdown(fd, SHUT_WR);
    ssize_t n = recv(fd, answer, sizeof answer, 0);
    if (n != 0) {
        fprintf(stderr, n < 0 ? "no end of the server\n" : "too many bytes, wrong\n");
        return 1;
    }
    close(fd);
    return 0;
}
