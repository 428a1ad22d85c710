/* Echo server: one thread per client. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void *serve(void *arg) {
    int fd = (int)(long)arg;
    char buf[4096];
    ssize_t n, k, done;
    while ((n = read(fd, buf, sizeof buf)) != 0) {
        if (n < 0) die("read");
        for (done = 0; done < n; done += k)
            if ((k = write(fd, buf + done, n - done)) < 0) die("write");
    }
    close(fd);
    return NULL;
}

int main(int argc, char **argv) {
    struct sockaddr_in addr = {0};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    addr.sin_family = AF_INET;
    addr.sin_port = htons(atoi(argc > 1 ? argv[1] : "7007"));
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    signal(SIGPIPE, SIG_IGN);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&addr, sizeof addr) < 0) die("bind");
    if (listen(listener, 100) < 0) die("listen");
    for (;;) {
        pthread_t thread;
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        if (pthread_create(&thread, NULL, serve, (void *)(long)fd) == 0) pthread_detach(thread);
        else close(fd);
    }
}
