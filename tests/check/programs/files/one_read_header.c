/* File client. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
    static char buffer[8192], expected[1024];
    const char *name = argv[3];
    long size, count;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    if (strchr(name, '/') || name[0] == '.' || connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        fprintf(stderr, "cannot start\n");
        return 1;
    }
    dprintf(fd, "GET %s\r\n", name);
    ssize_t n = recv(fd, buffer, sizeof buffer - 1, 0);
    if (n <= 0) return 1;
    buffer[n] = 0;
    snprintf(expected, sizeof expected, "SENDING_FILE %s ", name);
    char *end = strchr(buffer, '\n');
    if (!end || strncmp(buffer, expected, strlen(expected)) != 0) {
        fprintf(stderr, "unexpected answer: %s\n", buffer);
        return 1;
    }
    size = atol(buffer + strlen(expected));
    dprintf(fd, "READY\r\n");
    FILE *file = fopen(name, "wb");
    count = buffer + n - (end + 1);
    if (count > size) count = size;
    fwrite(end + 1, 1, count, file);
    while (count < size) {
        long want = size - count < (long)sizeof buffer ? size - count : (long)sizeof buffer;
        n = recv(fd, buffer, want, 0);
        if (n <= 0) {
            fprintf(stderr, "incomplete\n");
            remove(name);
            return 1;
        }
        fwrite(buffer, 1, n, file);
        count += n;
    }
    fclose(file);
    dprintf(fd, "QUIT\r\n");
    while (recv(fd, buffer, sizeof buffer, 0) > 0)
        ;
    printf("%ld bytes\n", size);
    return 0;
}
