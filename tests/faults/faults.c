/* A disk that can be recorded, that fails at a chosen moment, or that has only so much room.
 *
 * Loaded before libc (LD_PRELOAD) into a process under test, and asleep until that process calls one of the
 * three functions at the end, with ctypes. Only files below the root given there are touched. What is
 * recorded is every call that changes the disk, with its bytes, so that `powercut.py` can rebuild every
 * disk that a power cut may have left. Linux only; no privileges.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define FDS 4096

static char root[4096];
static size_t root_length;
static char ours[FDS]; /* 1: a file below the root, 2: a folder there */
static int log_fd = -1;
static long fail_at, calls;
static int fail_errno, fail_for_good, fail_kinds;
static int64_t budget = -1, used;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

enum { WRITES = 1, SYNCS = 2, NAMES = 4, READS = 8 };

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int below(const char *path, char *whole) {
    if (!root_length) return 0;
    if (path[0] == '/') {
        if (strlen(path) >= 4096) return 0;
        strcpy(whole, path);
    } else {
        if (!getcwd(whole, 2048)) return 0;
        size_t length = strlen(whole);
        if (length + strlen(path) + 2 >= 4096) return 0;
        whole[length] = '/';
        strcpy(whole + length + 1, path);
    }
    return !strncmp(whole, root, root_length) && (whole[root_length] == '/' || !whole[root_length]);
}

/* Whether this call is the one that fails; sets errno. */
static int fails(int kind) {
    if (!fail_at || !(fail_kinds & kind)) return 0;
    long now = __sync_add_and_fetch(&calls, 1);
    if (now == fail_at || (fail_for_good && now > fail_at)) {
        errno = fail_errno;
        return 1;
    }
    return 0;
}

static void put(const void *data, size_t size) {
    const char *next = data;
    while (size) {
        ssize_t done = syscall(SYS_write, log_fd, next, size);
        if (done <= 0) return;
        next += done;
        size -= (size_t)done;
    }
}

/* op, inode, offset, length of text, length of data, text, data */
static void record(char op, uint64_t inode, int64_t offset, const char *text, const void *data, size_t size) {
    if (log_fd < 0) return;
    uint32_t text_size = text ? (uint32_t)strlen(text) : 0, data_size = (uint32_t)size;
    pthread_mutex_lock(&lock);
    put(&op, 1);
    put(&inode, 8);
    put(&offset, 8);
    put(&text_size, 4);
    put(&data_size, 4);
    put(text, text_size);
    put(data, size);
    pthread_mutex_unlock(&lock);
}

static struct stat of(int fd) {
    struct stat status;
    int kept = errno;
    if (fstat(fd, &status)) memset(&status, 0, sizeof status);
    errno = kept;
    return status;
}

static int mine(int fd) { return fd >= 0 && fd < FDS ? ours[fd] : 0; }

/* Whether the disk has room for a file to grow to `end`; takes it. */
static int has_room(int fd, int64_t end) {
    if (budget < 0) return 1;
    int64_t grows = end - (int64_t)of(fd).st_size;
    if (grows <= 0) return 1;
    if (used + grows > budget) {
        errno = ENOSPC;
        return 0;
    }
    used += grows;
    return 1;
}

static int opened(int fd, const char *path, int flags, int existed, const char *whole) {
    if (fd < 0 || fd >= FDS) return fd;
    struct stat status = of(fd);
    ours[fd] = S_ISDIR(status.st_mode) ? 2 : 1;
    (void)path;
    if ((flags & O_CREAT) && !existed) record('C', status.st_ino, 0, whole, NULL, 0);
    if ((flags & O_TRUNC) && existed) record('T', status.st_ino, 0, NULL, NULL, 0);
    return fd;
}

static int open_it(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    char whole[4096];
    int inside = below(path, whole);
    struct stat before;
    int existed = inside && !lstat(whole, &before);
    if (inside && (flags & (O_CREAT | O_TRUNC)) && (!existed || (flags & O_TRUNC)) && fails(NAMES)) return -1;
    if (inside && existed && (flags & O_TRUNC) && budget >= 0) used -= before.st_size;
    int fd = real(path, flags, mode);
    if (fd >= 0 && fd < FDS) ours[fd] = 0;
    return inside ? opened(fd, path, flags, existed, whole) : fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? (mode_t)va_arg(rest, int) : 0; \
        va_end(rest); \
        return open_it(real, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name, plain) \
    int name(int at, const char *path, int flags, ...) { \
        REAL(int, #name, int, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? (mode_t)va_arg(rest, int) : 0; \
        va_end(rest); \
        if (at == AT_FDCWD || path[0] == '/') return plain(path, flags, mode); \
        return real(at, path, flags, mode); \
    }
OPENAT(openat, open)
OPENAT(openat64, open64)

int close(int fd) {
    REAL(int, "close", int);
    if (fd >= 0 && fd < FDS) ours[fd] = 0;
    return real(fd);
}

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!mine(fd)) return real(fd, data, size);
    if (fails(WRITES)) return -1;
    off_t at = (fcntl(fd, F_GETFL) & O_APPEND) ? of(fd).st_size : lseek(fd, 0, SEEK_CUR);
    if (!has_room(fd, at + (int64_t)size)) return -1;
    ssize_t done = real(fd, data, size);
    if (done > 0) record('W', of(fd).st_ino, at, NULL, data, (size_t)done);
    return done;
}

#define PWRITE(name) \
    ssize_t name(int fd, const void *data, size_t size, off_t at) { \
        REAL(ssize_t, #name, int, const void *, size_t, off_t); \
        if (!mine(fd)) return real(fd, data, size, at); \
        if (fails(WRITES) || !has_room(fd, at + (int64_t)size)) return -1; \
        ssize_t done = real(fd, data, size, at); \
        if (done > 0) record('W', of(fd).st_ino, at, NULL, data, (size_t)done); \
        return done; \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define PREAD(name) \
    ssize_t name(int fd, void *data, size_t size, off_t at) { \
        REAL(ssize_t, #name, int, void *, size_t, off_t); \
        if (mine(fd) && fails(READS)) return -1; \
        return real(fd, data, size, at); \
    }
PREAD(pread)
PREAD(pread64)

ssize_t read(int fd, void *data, size_t size) {
    REAL(ssize_t, "read", int, void *, size_t);
    if (mine(fd) && fails(READS)) return -1;
    return real(fd, data, size);
}

#define FTRUNCATE(name) \
    int name(int fd, off_t size) { \
        REAL(int, #name, int, off_t); \
        if (!mine(fd)) return real(fd, size); \
        if (fails(WRITES)) return -1; \
        int64_t before = of(fd).st_size; \
        if (!has_room(fd, size)) return -1; \
        int done = real(fd, size); \
        if (!done) { \
            if (budget >= 0 && size < before) used -= before - size; \
            record('T', of(fd).st_ino, size, NULL, NULL, 0); \
        } \
        return done; \
    }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

#define FALLOCATE(name) \
    int name(int fd, off_t at, off_t size) { \
        REAL(int, #name, int, off_t, off_t); \
        if (!mine(fd)) return real(fd, at, size); \
        if (fails(WRITES) || !has_room(fd, at + size)) return errno; \
        int done = real(fd, at, size); \
        if (!done) record('T', of(fd).st_ino, at + size, NULL, NULL, 0); \
        return done; \
    }
FALLOCATE(posix_fallocate)
FALLOCATE(posix_fallocate64)

static int synced(int fd, int (*real)(int)) {
    if (!mine(fd)) return real(fd);
    if (fails(SYNCS)) return -1;
    int done = real(fd);
    if (!done) record('S', of(fd).st_ino, 0, NULL, NULL, 0);
    return done;
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    return synced(fd, real);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    return synced(fd, real);
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    char old[4096], new[4096];
    if (!below(from, old) || !below(to, new)) return real(from, to);
    if (fails(NAMES)) return -1;
    struct stat covered;
    if (budget >= 0 && !lstat(new, &covered)) used -= covered.st_size;
    int done = real(from, to);
    if (!done) record('R', 0, 0, old, new, strlen(new));
    return done;
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    char whole[4096];
    if (!below(path, whole)) return real(path);
    if (fails(NAMES)) return -1;
    struct stat status;
    int existed = !lstat(whole, &status);
    int done = real(path);
    if (!done) {
        if (budget >= 0 && existed) used -= status.st_size;
        record('U', 0, 0, whole, NULL, 0);
    }
    return done;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    char whole[4096];
    if (!below(path, whole)) return real(path, mode);
    if (fails(NAMES)) return -1;
    int done = real(path, mode);
    struct stat status;
    if (!done && !lstat(whole, &status)) record('M', status.st_ino, 0, whole, NULL, 0);
    return done;
}

/* -- for the process under test ------------------------------------------------------------------------ */

/* Watch what lies below `path`; record into `fd`, or -1. */
void faults_watch(const char *path, int fd) {
    strncpy(root, path, sizeof root - 1);
    root_length = strlen(root);
    log_fd = fd;
}

/* Something happened that is no call: it stands in the record where it happened. */
void faults_note(const char *text) { record('N', 0, 0, text, NULL, 0); }

/* The n-th call of these kinds fails with this errno, and if `for_good` every one after it. n = 0: none. */
void faults_fail(long n, int number, int for_good, int kinds) {
    calls = 0;
    fail_errno = number;
    fail_for_good = for_good;
    fail_kinds = kinds;
    fail_at = n;
}

/* How many calls of those kinds there were since `faults_fail`. */
long faults_calls(void) { return calls; }

/* Files below the root may grow by so many bytes from now on; -1: by as many as they like. */
void faults_room(int64_t bytes) {
    used = 0;
    budget = bytes;
}
