/* Client: copies what comes to the screen until read gives no more. */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char buffer[512];
    ssize_t n;
    struct timeval limit = {4, 0};
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *ai;
    getaddrinfo(argv[1], argv[2], &hints, &ai);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, ai->ai_addr, ai->ai_addrlen)) return 1;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    for (int i = 0; i < 1000 && (n = read(s, buffer, sizeof buffer)) > 0; i++)
        for (int j = 0; j < n; j++)
            if (buffer[j] == '\n' || (buffer[j] >= ' ' && buffer[j] < 127)) putchar(buffer[j]);
    puts("");
    return 0;
}
