/* Echo client: sends everything, then reads everything; says what came. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(s, (struct sockaddr *)&to, sizeof to)) return perror("connect"), 1;
  struct timeval t = {5, 0};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  char buffer[4096];
  ssize_t n;
  while ((n = read(0, buffer, sizeof buffer)) > 0)
    for (ssize_t at = 0; at < n;) {
      ssize_t sent = send(s, buffer + at, n - at, MSG_NOSIGNAL);
      if (sent < 0) return perror("send"), 1;
      at += sent;
    }
  shutdown(s, SHUT_WR);
  while ((n = recv(s, buffer, sizeof buffer, 0)) > 0) fwrite(buffer, 1, n, stdout);
  if (n < 0) return perror("recv"), 1;
  printf("done\n");
  return 0;
}
