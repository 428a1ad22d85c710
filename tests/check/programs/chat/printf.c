/* Chat client: a child process reads the keyboard. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  struct sockaddr_in to = {0};
  to.sin_family = AF_INET;
  to.sin_port = htons(atoi(argv[2]));
  to.sin_addr.s_addr = inet_addr(argv[1]);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(s, (struct sockaddr *)&to, sizeof to) != 0) return 1;
  pid_t child = fork();
  if (child == 0) {
    char typed[1024];
    while (fgets(typed, sizeof typed, stdin)) {
      size_t n = strlen(typed);
      if (write(s, typed, n) != (ssize_t)n) _exit(1);
    }
    shutdown(s, SHUT_WR);
    _exit(0);
  }
  FILE *in = fdopen(s, "r");
  char line[5000];
  while (fgets(line, sizeof line, in)) {
    for (char *c = line; *c; c++)
      if ((unsigned char)*c < 32 && *c != '\n') *c = ' ';
    printf("%s", line);
  }
  kill(child, SIGTERM);
  wait(NULL);
  return 0;
}
