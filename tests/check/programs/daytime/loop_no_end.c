/* Daytime client: reads until something has come and nothing more. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(s, (struct sockaddr *)&to, sizeof to) < 0) exit(1);
  char c;
  int total = 0;
  while (total < 4096) {
    ssize_t n = read(s, &c, 1);
    if (n < 0) exit(1);
    if (n == 1) {
      total++;
      if (c == '\n' || (c >= ' ' && c <= '~')) write(1, &c, 1);
    }
    usleep(100);
  }
  return 1;
}
