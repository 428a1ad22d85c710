/* Echo client: as much as fits in a small array there and back. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX 256

int main(int argc, char *argv[]) {
    char line[MAX], answer[MAX];
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *info;
    if (argc != 3 || getaddrinfo(argv[1], argv[2], &hints, &info) != 0) return 2;
    int s = socket(info->ai_family, info->ai_socktype, info->ai_protocol);
    if (connect(s, info->ai_addr, info->ai_addrlen) != 0) {
        perror("connect");
        return 1;
    }
    setvbuf(stdout, NULL, _IONBF, 0);
    while (fgets(line, MAX, stdin) != NULL) {
        size_t len = strlen(line), got = 0;
        write(s, line, len);
        while (got < len) {
            alarm(5); /* SIGALRM ends the program */
            ssize_t n = read(s, answer + got, len - got);
            if (n <= 0) {
                puts("connection lost");
                return 1;
            }
            got += n;
        }
        printf("echo: %.*s", (int)got, answer);
        if (memcmp(line, answer, len)) puts("  <-- not the same");
    }
    alarm(0);
    close(s);
    return 0;
}
