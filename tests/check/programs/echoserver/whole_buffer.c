/* Echo server: one process per client. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE 256

void serve(int client) {
    char buffer[SIZE];
    memset(buffer, 0, SIZE);
    while (recv(client, buffer, SIZE, 0) > 0) {
        int done = 0, k;
        while (done < SIZE) {
            if ((k = send(client, buffer + done, SIZE - done, MSG_NOSIGNAL)) < 0) return;
            done += k;
        }
    }
}

int main(int argc, char **argv) {
    int server, client, yes = 1;
    struct sockaddr_in here = {0};
    if (argc != 2) { fprintf(stderr, "usage: %s port\n", argv[0]); return 2; }
    signal(SIGCHLD, SIG_IGN);
    here.sin_family = AF_INET;
    here.sin_port = htons(atoi(argv[1]));
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(server, (struct sockaddr *)&here, sizeof(here)) || listen(server, 64)) { perror("server"); return 1; }
    for (;;) {
        client = accept(server, 0, 0);
        if (client < 0) continue;
        if (!fork()) { close(server); serve(client); exit(0); }
        close(client);
    }
}
