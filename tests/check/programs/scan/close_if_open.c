/* Port scanner: connect() with a time-out, one port after the other. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: %s host first last\n", argv[0]);
    return 2;
  }
  int count = 0;
  for (int port = atoi(argv[2]); port <= atoi(argv[3]); port++) {
    char service[8];
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *to;
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(argv[1], service, &hints, &to) != 0) continue;
    int fd = socket(to->ai_family, to->ai_socktype, 0);
    struct timeval wait = {0, 500000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0) {
      printf("%s:%s is open\n", argv[1], service);
      count++;
      close(fd);
    }
    freeaddrinfo(to);
  }
  printf("%d open\n", count);
  return 0;
}
