/* Welcome server: one process per client. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void welcome(int fd) {
    char line[128] = "", rest[128];
    time_t now = time(NULL);
    strftime(line, sizeof line, "Welcome to tcplab, it is %Y-%m-%dT%H:%M:%SZ\r\n", gmtime(&now));
    if (send(fd, line, sizeof line, MSG_NOSIGNAL) < 0) return;
    shutdown(fd, SHUT_WR);
    while (recv(fd, rest, sizeof rest, 0) > 0) {}
}

int main(int argc, char **argv) {
    struct sockaddr_in addr = {.sin_family = AF_INET};
    int one = 1, client, server = socket(AF_INET, SOCK_STREAM, 0);
    signal(SIGCHLD, SIG_IGN);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    addr.sin_port = htons(atoi(argc > 1 ? argv[1] : getenv("PORT")));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(server, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(server, 64) < 0) {
        perror("server");
        return 1;
    }
    while (1) {
        client = accept(server, NULL, NULL);
        if (client < 0) continue;
        if (fork() == 0) {
            alarm(10);
            welcome(client);
            _exit(0);
        }
        close(client);
    }
}
