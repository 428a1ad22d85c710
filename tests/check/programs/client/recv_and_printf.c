/* Client: one recv, prints what is in the buffer as it is; no timeout. */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char buffer[1024];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *ai;
    getaddrinfo(argv[1], argv[2], &hints, &ai);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, ai->ai_addr, ai->ai_addrlen)) return 1;
    ssize_t n = recv(s, buffer, sizeof buffer - 1, 0);
    if (n < 0) return perror("recv"), 1;
    buffer[n] = 0;
    printf("%s", buffer);
    close(s);
    return 0;
}
