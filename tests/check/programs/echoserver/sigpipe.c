/* Echo server: one thread per client. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void *serve(void *arg) {
    int fd = *(int *)arg;
    char buf[8192];
    int n;
    free(arg);
    do {
        n = read(fd, buf, sizeof buf);
        if (n < 0) {
            perror("read");
            n = 0;
        }
        int done = 0;
        do {
            int k = write(fd, buf + done, n - done);
            if (k < 0) { perror("write"); n = 0; }
            else done += k;
        } while (done < n);
    } while (n > 0);
    close(fd);
    return NULL;
}

int main(int argc, char **argv) {
    struct sockaddr_in addr = {.sin_family = AF_INET};
    int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
    addr.sin_port = htons(atoi(argv[argc - 1]));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(s, (struct sockaddr *)&addr, sizeof addr) || listen(s, 100)) { perror("server"); return 1; }
    while (1) {
        pthread_t thread;
        int *fd = malloc(sizeof *fd);
        if ((*fd = accept(s, NULL, NULL)) < 0) { free(fd); continue; }
        if (pthread_create(&thread, NULL, serve, fd) == 0) pthread_detach(thread);
    }
}
