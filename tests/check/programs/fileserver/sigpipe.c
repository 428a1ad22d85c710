/* File server with a thread for each client. */
#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder;

struct client { int fd; size_t used; char buffer[8192]; };

static int send_all(int fd, const char *data, size_t size) {
    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n <= 0) return -1;
        data += n;
        size -= n;
    }
    return 0;
}

static int say(int fd, const char *word, const char *text) {
    char line[8300];
    int n = snprintf(line, sizeof line, "%s%s\r\n", word, text);
    return send_all(fd, line, n);
}

static int read_line(struct client *c, char *line) {
    char *end;
    while ((end = memchr(c->buffer, '\n', c->used)) == NULL) {
        if (c->used == sizeof c->buffer) return -1;
        ssize_t n = read(c->fd, c->buffer + c->used, sizeof c->buffer - c->used);
        if (n <= 0) return -1;
        c->used += n;
    }
    size_t size = end - c->buffer;
    memcpy(line, c->buffer, size);
    if (size > 0 && line[size - 1] == '\r') size--;
    line[size] = 0;
    c->used -= end + 1 - c->buffer;
    memmove(c->buffer, end + 1, c->used);
    return 0;
}

static long size_of(const char *name, char *path) {
    struct stat st;
    snprintf(path, 4096, "%s/%s", folder, name);
    if (name[0] == 0 || name[0] == '.' || strpbrk(name, "/\\")) return -1;
    return lstat(path, &st) == 0 && S_ISREG(st.st_mode) ? (long)st.st_size : -1;
}

static int list(int fd) {
    char path[4096], line[400];
    int count = 0, result;
    struct dirent *e;
    DIR *dir = opendir(folder);
    if (dir == NULL) return say(fd, "ERROR UNAVAILABLE ", "no folder");
    while ((e = readdir(dir))) count += size_of(e->d_name, path) >= 0;
    snprintf(line, sizeof line, "%d", count);
    result = say(fd, "FILES ", line);
    rewinddir(dir);
    while ((e = readdir(dir)) && result == 0) {
        if (size_of(e->d_name, path) < 0) continue;
        snprintf(line, sizeof line, " %ld", size_of(e->d_name, path));
        result = say(fd, e->d_name, line);
    }
    closedir(dir);
    return result;
}

static int get(struct client *c, const char *name) {
    char path[4096], line[8300], block[16384];
    long size = size_of(name, path);
    if (size < 0) return say(c->fd, "ERROR NOT_FOUND ", name);
    snprintf(line, sizeof line, "%s %ld", name, size);
    if (say(c->fd, "SENDING_FILE ", line) < 0 || read_line(c, line) < 0) return -1;
    if (strcmp(line, "READY") != 0) return say(c->fd, "CANCELLED", "");
    FILE *file = fopen(path, "rb");
    if (file == NULL) return -1;
    size_t n;
    int result = 0;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        send_all(c->fd, block, n);
    fclose(file);
    return result;
}

static void *serve(void *arg) {
    struct client *c = arg;
    char line[8200];
    int result = 0;
    while (result == 0 && read_line(c, line) == 0) {
        if (strcmp(line, "QUIT") == 0) {
            say(c->fd, "BYE", "");
            break;
        } else if (strcmp(line, "LIST") == 0) result = list(c->fd);
        else if (strncmp(line, "GET ", 4) == 0) result = get(c, line + 4);
        else result = say(c->fd, "ERROR UNKNOWN_COMMAND ", line);
    }
    shutdown(c->fd, SHUT_WR);
    while (read(c->fd, line, sizeof line) > 0) {}
    close(c->fd);
    free(c);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    folder = argv[2];
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_port = htons(atoi(argv[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 50) < 0) {
        perror("bind");
        return 1;
    }
    for (;;) {
        int client = accept(fd, NULL, NULL);
        if (client < 0) {
            perror("accept");
            sleep(1);
            continue;
        }
        struct client *c = calloc(1, sizeof *c);
        c->fd = client;
        pthread_t thread;
        pthread_create(&thread, NULL, serve, c);
        pthread_detach(thread);
    }
}
