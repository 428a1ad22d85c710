/* Welcome server: one process per client. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in addr = {.sin_family = AF_INET};
    int one = 1, client, server = socket(AF_INET, SOCK_STREAM, 0);
    signal(SIGCHLD, SIG_IGN);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    addr.sin_port = htons(atoi(argv[argc - 1]));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(server, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    listen(server, 64);
    while ((client = accept(server, NULL, NULL)) >= 0) {
        if (fork() == 0) {
            char line[128];
            time_t now = time(NULL);
            alarm(10);
            signal(SIGPIPE, SIG_IGN);
            strftime(line, sizeof line, "Welcome, it is %Y-%m-%dT%H:%M:%SZ\r\n", gmtime(&now));
            if (write(client, line, strlen(line)) < 0) exit(1);
            shutdown(client, SHUT_WR);
            while (read(client, line, sizeof line) > 0) {}
            exit(0);
        }
    }
    perror("accept");
    return 1;
}
