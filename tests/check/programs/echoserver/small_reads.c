/* Echo server that reads a few bytes at a time. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define FEW 32

int main(int argc, char *argv[]) {
    int on = 1, s, c;
    struct sockaddr_in a = {.sin_family = AF_INET};
    a.sin_port = htons(atoi(argc > 1 ? argv[1] : getenv("PORT")));
    inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    s = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(s, (struct sockaddr *)&a, sizeof(a)) != 0) { perror("bind"); exit(1); }
    listen(s, 128);
    while (1) {
        if ((c = accept(s, NULL, NULL)) == -1) continue;
        if (fork() == 0) {
            char few[FEW];
            int n;
            while ((n = recv(c, few, FEW, 0)) > 0) {
                int i = 0, k;
                while (i < n && (k = send(c, few + i, n - i, 0)) > 0) i += k;
                if (i < n) break;
            }
            exit(0);
        }
        close(c);
    }
}
