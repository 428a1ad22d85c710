/* Daytime server: one thread per client. */
#include <arpa/inet.h>
#include <err.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void *serve(void *arg) {
    int n, fd = (int)(long)arg;
    char line[64], rest[256];
    time_t now = time(NULL);
    struct tm tm;
    strftime(line, sizeof line, "%a, %d %b %Y %H:%M:%S GMT\r\n", gmtime_r(&now, &tm));
    if (write(fd, line, strlen(line)) < 0) err(1, "write");
    shutdown(fd, SHUT_WR);
    while ((n = read(fd, rest, sizeof rest)) != 0)
        if (n < 0) err(1, "read");
    close(fd);
    return NULL;
}

int main(int argc, char **argv) {
    struct sockaddr_in addr = {.sin_family = AF_INET};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    signal(SIGPIPE, SIG_IGN);
    addr.sin_port = htons(atoi(argv[argc - 1]));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0) err(1, "bind");
    if (listen(listener, 100) < 0) err(1, "listen");
    for (;;) {
        pthread_t thread;
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        if (pthread_create(&thread, NULL, serve, (void *)(long)fd) == 0) pthread_detach(thread);
        else close(fd);
    }
}
