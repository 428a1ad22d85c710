/* Echo server. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char buf[4096];
    struct sockaddr_in addr = {0};
    int one = 1, n, k, done, listener, fd;
    if (argc < 2) { fprintf(stderr, "port?\n"); return 2; }
    signal(SIGPIPE, SIG_IGN);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(atoi(argv[1]));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    listen(listener, 5);
    fd = accept(listener, NULL, NULL);
    close(listener);
    while ((n = read(fd, buf, sizeof buf)) > 0)
        for (done = 0; done < n; done += k)
            if ((k = write(fd, buf + done, n - done)) <= 0) { close(fd); return 0; }
    close(fd);
    return 0;
}
