/* Port scanner: connects without waiting, 200 at a time, poll with a clock. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY 200

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  int first = atoi(argv[2]), last = atoi(argv[3]), found = 0;
  printf("Scanning %s:%d-%d\n", argv[1], first, last);
  for (int base = first; base <= last; base += MANY) {
    struct pollfd fds[MANY];
    int n = last - base + 1 < MANY ? last - base + 1 : MANY, left = 0;
    for (int i = 0; i < n; i++) {
      struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(base + i)};
      inet_pton(AF_INET, argv[1], &to.sin_addr);
      fds[i].fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      fds[i].events = POLLOUT;
      if (connect(fds[i].fd, (struct sockaddr *)&to, sizeof to) == 0) {
        printf("  * %d accepts connections\n", base + i), found++;
        close(fds[i].fd), fds[i].fd = -1;
      } else if (errno != EINPROGRESS) {
        close(fds[i].fd), fds[i].fd = -1;
      } else {
        left++;
      }
    }
    while (left > 0 && poll(fds, n, 1000) > 0) {
      for (int i = 0; i < n; i++) {
        if (fds[i].fd < 0 || !fds[i].revents) continue;
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(fds[i].fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error == 0) printf("  * %d accepts connections\n", base + i), found++;
        close(fds[i].fd), fds[i].fd = -1, left--;
      }
    }
    for (int i = 0; i < n; i++)
      if (fds[i].fd >= 0) close(fds[i].fd);
  }
  printf("%d port(s) found.\n", found);
  return 0;
}
