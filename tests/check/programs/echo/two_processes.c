/* Echo client: a child sends, the parent reads and compares with what it sent. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void all(int fd, const char *data, ssize_t length) {
  while (length > 0) {
    ssize_t n = write(fd, data, length);
    if (n <= 0) _exit(1);
    data += n, length -= n;
  }
}

static int fail(const char *why, pid_t child) {
  kill(child, SIGKILL);
  fprintf(stderr, "ERROR: %s\n", why);
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  signal(SIGPIPE, SIG_IGN);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_pton(AF_INET, argv[1], &to.sin_addr);
  int s = socket(AF_INET, SOCK_STREAM, 0), sent[2];
  if (connect(s, (struct sockaddr *)&to, sizeof to) < 0 || pipe(sent) < 0) {
    perror("cannot connect");
    return 1;
  }
  static char data[65536], expected[65536];
  pid_t child = fork();
  if (child == 0) {
    ssize_t n;
    close(sent[0]);
    while ((n = read(0, data, sizeof data)) > 0) {
      all(sent[1], data, n);
      all(s, data, n);
    }
    shutdown(s, SHUT_WR);
    _exit(0);
  }
  close(sent[1]);
  for (;;) {
    ssize_t want = read(sent[0], expected, sizeof expected);
    if (want <= 0) break;
    for (ssize_t done = 0; done < want;) {
      struct pollfd p = {s, POLLIN, 0};
      if (poll(&p, 1, 4000) == 0) return fail("no answer for 4 s", child);
      ssize_t n = recv(s, data, want - done, 0);
      if (n <= 0) return fail("the connection ended too soon", child);
      all(1, data, n);
      if (memcmp(data, expected + done, n) != 0) return fail("the echo is another text", child);
      done += n;
    }
  }
  waitpid(child, NULL, 0);
  puts("-- finished --");
  return 0;
}
