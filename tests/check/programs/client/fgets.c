/* Client: fgets and printf. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

int main(int argc, char **argv) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  struct timeval t = {3, 0};
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  if (connect(s, (struct sockaddr *)&to, sizeof to)) return perror("connect"), 1;
  FILE *in = fdopen(s, "r");
  char line[4100];
  while (fgets(line, sizeof line, in)) {
    if (!strchr(line, '\n')) {
      fprintf(stderr, "%s\n", feof(in) ? "unfinished line" : "line too long");
      return 1;
    }
    printf("Server: %s", line);
  }
  if (ferror(in)) return perror("read"), 1;
  return 0;
}
