/* Daytime client: alarm() is its clock, a fixed buffer its limit. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  alarm(5);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(s, (struct sockaddr *)&to, sizeof to) != 0) {
    perror("connect");
    return 1;
  }
  unsigned char answer[2048];
  size_t length = 0;
  ssize_t n;
  while (length < sizeof answer && (n = read(s, answer + length, sizeof answer - length)) > 0)
    length += n;
  if (length == sizeof answer || n < 0) {
    fputs(n < 0 ? "connection broken\n" : "answer too long\n", stderr);
    return 1;
  }
  for (size_t i = 0; i < length; i++)
    if (isprint(answer[i]) || answer[i] == '\n') putchar(answer[i]);
  return 0;
}
