/* Chat client with poll() and a buffer for the line that is not whole yet. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void show(const char *line, size_t length) {
  for (size_t i = 0; i < length; i++) {
    unsigned char c = line[i];
    if (c == '\r') continue;
    if (c >= 0x20 && c != 0x7f) putchar(c);
  }
  putchar('\n');
  fflush(stdout);
}

static void send_all(int fd, const char *data, size_t length) {
  while (length > 0) {
    ssize_t n = send(fd, data, length, MSG_NOSIGNAL);
    if (n <= 0) exit(1);
    data += n;
    length -= n;
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
    perror("connect");
    return 1;
  }
  static char buffer[8192];
  size_t used = 0;
  char typed[4096];
  struct pollfd fds[2] = {{0, POLLIN, 0}, {fd, POLLIN, 0}};
  for (;;) {
    poll(fds, 2, -1);
    if (fds[1].revents) {
      ssize_t n = recv(fd, buffer + used, sizeof buffer - used, 0);
      if (n < 0) perror("recv");
      if (n <= 0) break;
      used += n;
      char *start = buffer, *end;
      while ((end = memchr(start, '\n', buffer + used - start)) != NULL) {
        show(start, end - start);
        start = end + 1;
      }
      used = buffer + used - start;
      memmove(buffer, start, used);
      if (used == sizeof buffer) {
        fprintf(stderr, "line too long\n");
        return 1;
      }
    }
    if (fds[0].revents) {
      ssize_t n = read(0, typed, sizeof typed);
      if (n <= 0) {
        shutdown(fd, SHUT_WR);
        fds[0].fd = -1;
      } else {
        send_all(fd, typed, n);
      }
    }
  }
  puts("connection closed by the server");
  return 0;
}
