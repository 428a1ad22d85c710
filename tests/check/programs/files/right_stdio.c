/* File client: stdio on the socket, one stream for reading. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    static char line[5000], buffer[16384];
    const char *name = argv[3];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    if (strchr(name, '/') || name[0] == '.') {
        fprintf(stderr, "bad name\n");
        return 1;
    }
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("connect");
        return 1;
    }
    FILE *in = fdopen(fd, "r");
    dprintf(fd, "GET %s\r\n", name);
    if (!fgets(line, sizeof line, in)) {
        fprintf(stderr, "no answer\n");
        return 1;
    }
    line[strcspn(line, "\r\n")] = 0;
    char *space = strrchr(line, ' ');
    if (strncmp(line, "SENDING_FILE ", 13) != 0 || !space) {
        fprintf(stderr, "%s\n", line);
        return 1;
    }
    *space = 0;
    if (strcmp(line + 13, name) != 0) {
        fprintf(stderr, "the server sends %s\n", line + 13);
        return 1;
    }
    long left = atol(space + 1);
    dprintf(fd, "READY\r\nQUIT\r\n");
    FILE *file = fopen(name, "wb");
    while (left > 0) {
        size_t n = fread(buffer, 1, left < (long)sizeof buffer ? (size_t)left : sizeof buffer, in);
        if (n == 0) {
            fprintf(stderr, "%ld bytes are missing\n", left);
            fclose(file);
            remove(name);
            return 1;
        }
        fwrite(buffer, 1, n, file);
        left -= n;
    }
    fclose(file);
    while (fgets(line, sizeof line, in)) printf("%s", line);
    fclose(in);
    return 0;
}
