/* Echo server: one process per client. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(int fd) {
    char buf[2048];
    ssize_t n, k, done;
    while ((n = read(fd, buf, sizeof buf)) > 0)
        for (done = 0; done < n; done += k)
            if ((k = write(fd, buf + done, n - done)) <= 0) return;
    shutdown(fd, SHUT_WR);
}

int main(int argc, char **argv) {
    struct sockaddr_in addr = {.sin_family = AF_INET};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    signal(SIGCHLD, SIG_IGN);
    addr.sin_port = htons(atoi(argv[argc - 1]));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    listen(listener, 100);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            perror("accept");
            sleep(1);
            continue;
        }
        if (fork() == 0) {
            close(listener);
            serve(fd);
            exit(0);
        }
    }
}
