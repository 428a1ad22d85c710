/* Daytime server: one process per client; the form of RFC 867 that SMTP uses. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void serve(int fd) {
    char line[64], rest[512];
    time_t now = time(NULL);
    alarm(10);
    signal(SIGPIPE, SIG_IGN);
    strftime(line, sizeof line, "%d %b %y %H:%M:%S UTC\r\n", gmtime(&now));
    if (write(fd, line, strlen(line)) < 0) return;
    shutdown(fd, SHUT_WR);
    while (read(fd, rest, sizeof rest) > 0) {}
}

int main(int argc, char **argv) {
    struct sockaddr_in addr = {0};
    int one = 1, fd, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (argc < 2) return 2;
    signal(SIGCHLD, SIG_IGN);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(atoi(argv[1]));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0) {
        perror("bind");
        return 1;
    }
    listen(listener, 100);
    for (;;) {
        if ((fd = accept(listener, NULL, NULL)) < 0) continue;
        if (fork() == 0) {
            close(listener);
            serve(fd);
            close(fd);
            _exit(0);
        }
        close(fd);
    }
}
