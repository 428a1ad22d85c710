/* Daytime server: one process per client. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char port[5] = "1313", line[64], rest[256];
    struct sockaddr_in addr = {.sin_family = AF_INET};
    int one = 1, fd, listener = socket(AF_INET, SOCK_STREAM, 0);
    if (argc > 1) snprintf(port, sizeof port, "%.4s", argv[1]);
    signal(SIGCHLD, SIG_IGN);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    addr.sin_port = htons(atoi(port));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    listen(listener, 100);
    while (1) {
        if ((fd = accept(listener, NULL, NULL)) < 0) continue;
        if (fork() == 0) {
            time_t now = time(NULL);
            strftime(line, sizeof line, "%d %b %y %H:%M:%S UTC\r\n", gmtime(&now));
            if (write(fd, line, strlen(line)) < 0) exit(1);
            shutdown(fd, SHUT_WR);
            while (read(fd, rest, sizeof rest) > 0) {}
            exit(0);
        }
        close(fd);
    }
}
