/* Port scanner: prints at once, and ends without flushing. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  for (int port = atoi(argv[2]); port <= atoi(argv[3]); port++) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval t = {0, 400000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) printf("%d\n", port);
    close(fd);
  }
  _exit(0);
}
