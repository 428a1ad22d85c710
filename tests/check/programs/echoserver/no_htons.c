/* Echo server: one process per client. */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    struct sockaddr_in addr = {0};
    char buf[4096];
    int one = 1, n, k, done, fd, listener = socket(AF_INET, SOCK_STREAM, 0);
    signal(SIGCHLD, SIG_IGN);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    addr.sin_family = AF_INET;
    addr.sin_port = atoi(argv[argc - 1]);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0) { perror("bind"); return 1; }
    listen(listener, 50);
    printf("listening on port %s\n", argv[argc - 1]);
    fflush(stdout);
    while (1) {
        if ((fd = accept(listener, NULL, NULL)) < 0) continue;
        if (fork() == 0) {
            while ((n = read(fd, buf, sizeof buf)) > 0)
                for (done = 0; done < n; done += k)
                    if ((k = write(fd, buf + done, n - done)) <= 0) exit(0);
            exit(0);
        }
        close(fd);
    }
}
