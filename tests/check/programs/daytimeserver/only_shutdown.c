/* Daytime server. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int open_port(int port) {
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(s, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(s, 100) < 0) {
        perror("open_port");
        exit(1);
    }
    return s;
}

int main(int argc, char **argv) {
    int listener = open_port(atoi(argv[argc - 1]));
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        char line[64];
        time_t now;
        int client = accept(listener, NULL, NULL);
        if (client < 0) {
            perror("accept");
            sleep(1);
            continue;
        }
        now = time(NULL);
        strftime(line, sizeof line, "%d %b %y %H:%M:%S UTC\r\n", gmtime(&now));
        if (write(client, line, strlen(line)) < 0) perror("write");
        shutdown(client, SHUT_WR);
    }
}
