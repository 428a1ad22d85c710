/* Client: getline on the socket. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char line[4200];
    int count = 0;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    alarm(5);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("connect");
        return 1;
    }
    FILE *server = fdopen(fd, "r");
    while (fgets(line, sizeof line, server)) {
        if (!strchr(line, '\n') || ++count > 5000) {
            fprintf(stderr, "error: no whole line, or too many\n");
            return 1;
        }
        for (unsigned char *c = (unsigned char *)line; *c; c++) {
            if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) c++;
            else if (*c == '\n' || (*c >= 32 && *c != 127)) putchar(*c);
        }
    }
    if (ferror(server)) {
        perror("read");
        return 1;
    }
    fclose(server);
    return 0;
}
