/* Daytime client: recv until it gives 0, no limit, no timeout, as it is. */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *ai;
    char buffer[128];
    ssize_t n;
    getaddrinfo(argv[1], argv[2], &hints, &ai);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, ai->ai_addr, ai->ai_addrlen) < 0) return 1;
    while ((n = recv(s, buffer, sizeof buffer, 0)) > 0) fwrite(buffer, 1, n, stdout);
    return n < 0;
}
