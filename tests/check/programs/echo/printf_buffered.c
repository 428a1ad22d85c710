/* Echo client with stdio on both sides. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(int argc, char *argv[]) {
    static char line[1 << 17], answer[1 << 17];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *info;
    struct timeval limit = {5, 0};
    getaddrinfo(argv[1], argv[2], &hints, &info);
    int s = socket(info->ai_family, SOCK_STREAM, 0);
    if (connect(s, info->ai_addr, info->ai_addrlen) != 0) return perror("connect"), 1;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    FILE *in = fdopen(s, "r"), *out = fdopen(s, "w");
    while (fgets(line, sizeof line, stdin)) {
        fputs(line, out);
        fflush(out);
        if (!fgets(answer, sizeof answer, in)) {
            fprintf(stderr, "no answer\n");
            return 1;
        }
        printf("%s", answer);
        if (strcmp(line, answer) != 0) {
            printf("the two lines differ\n");
            return 1;
        }
    }
    return 0;
}
