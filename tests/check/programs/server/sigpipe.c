/* Welcome server: one thread per client. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void *welcome(void *arg) {
    int n, fd = (int)(long)arg;
    char line[128], rest[128];
    time_t now = time(NULL);
    struct tm tm;
    strftime(line, sizeof line, "Welcome to tcplab, it is %Y-%m-%dT%H:%M:%SZ\r\n", gmtime_r(&now, &tm));
    if (write(fd, line, strlen(line)) < 0) perror("write");
    shutdown(fd, SHUT_WR);
    while ((n = read(fd, rest, sizeof rest)) > 0) {}
    if (n < 0) {
        perror("read");
        if (write(fd, "error\r\n", 7) < 0) perror("write");
    }
    close(fd);
    return NULL;
}

int main(int argc, char **argv) {
    struct sockaddr_in addr = {.sin_family = AF_INET};
    int one = 1, server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    addr.sin_port = htons(atoi(argv[argc - 1]));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(server, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(server, 64) < 0) {
        perror("server");
        return 1;
    }
    for (;;) {
        pthread_t thread;
        int fd = accept(server, NULL, NULL);
        if (fd < 0) continue;
        if (pthread_create(&thread, NULL, welcome, (void *)(long)fd) == 0) pthread_detach(thread);
        else close(fd);
    }
}
