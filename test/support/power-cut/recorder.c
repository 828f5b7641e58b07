// Preloaded into a program under test (LD_PRELOAD): watches what it does to the files of one folder, and can make that disk slow or
// failing. Test support only. Linux, glibc; works on whatever goes through libc, which SQLite and libuv do.
//
//   DISK_FOLDER        files directly in this folder are watched (absolute, no symbolic links in it)
//   DISK_LOG           every operation that changes or syncs them is appended here (format: write-log.ts)
//   DISK_SYNC_DELAY    name of a file that holds a number: each fsync of a watched file takes that many ms longer
//   DISK_FAIL          "sync 5" or "write 5": the 5th such call on a database or its log fails once with EIO
//
// SQLite does not look at the result of syncing a folder; such a call is never made to fail.
// A failed sync is not in the log: what it should have made safe is not safe.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC, SYNC_FOLDER, CREATE, RENAME, UNLINK };

#define MAX_FD 65536
static struct { char *name; ino_t inode; dev_t device; } open_files[MAX_FD];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *delay_file;
static size_t folder_length;
static int log_fd = -1;
static int fail_sync, fail_write;

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  const char *log = getenv("DISK_LOG"), *fail = getenv("DISK_FAIL");
  folder = getenv("DISK_FOLDER");
  delay_file = getenv("DISK_SYNC_DELAY");
  if (!folder) return;
  folder_length = strlen(folder);
  if (log) log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fail && sscanf(fail, "sync %d", &fail_sync) != 1) sscanf(fail, "write %d", &fail_write);
}

// The name inside the folder ("" for the folder itself), or null for anything else.
static const char *watched(const char *path) {
  if (!folder || !path || strncmp(path, folder, folder_length) != 0) return NULL;
  if (path[folder_length] == 0) return path + folder_length;
  if (path[folder_length] != '/') return NULL;
  const char *name = path + folder_length + 1;
  return strchr(name, '/') ? NULL : name;
}

// Descriptors may be closed and reused where no libc call is seen: the file behind one decides, not its number.
static const char *name_of(int fd) {
  struct stat now;
  if (fd < 0 || fd >= MAX_FD || !open_files[fd].name) return NULL;
  if (fstat(fd, &now) != 0 || now.st_ino != open_files[fd].inode || now.st_dev != open_files[fd].device) return NULL;
  return open_files[fd].name;
}

static int counts(const char *name) {
  const char *end = strstr(name, ".db");
  return end && strncmp(name, "lock.db", 7) != 0 && strcmp(end, ".db-shm") != 0;
}

static void append_log(int kind, const char *name, uint64_t offset, const void *data, size_t length) {
  if (log_fd < 0) return;
  struct { uint8_t kind, pad; uint16_t name; uint32_t data; uint64_t offset; } head = { kind, 0, strlen(name), length, offset };
  struct iovec parts[3] = { { &head, sizeof head }, { (void *)name, head.name }, { (void *)data, length } };
  if (syscall(SYS_writev, log_fd, parts, 3) != (long)(sizeof head + head.name + length)) abort();
}

static int must_fail(int *countdown, const char *name) {
  if (*countdown == 0 || !counts(name) || --*countdown > 0) return 0;
  errno = EIO;
  return 1;
}

static void wait_for_disk(void) {
  if (!delay_file) return;
  char text[32] = { 0 };
  int fd = (int)syscall(SYS_openat, AT_FDCWD, delay_file, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return;
  if (syscall(SYS_read, fd, text, sizeof text - 1) > 0) {
    long ms = atol(text);
    struct timespec time = { ms / 1000, (ms % 1000) * 1000000L };
    nanosleep(&time, NULL);
  }
  syscall(SYS_close, fd);
}

static int opened(int fd, const char *path, int flags, int existed) {
  if (fd < 0 || fd >= MAX_FD) return fd;
  const char *name = watched(path);
  free(open_files[fd].name);
  open_files[fd].name = NULL;
  struct stat now;
  if (!name || fstat(fd, &now) != 0) return fd;
  open_files[fd].name = strdup(name);
  open_files[fd].inode = now.st_ino;
  open_files[fd].device = now.st_dev;
  if (!existed && (flags & O_CREAT)) append_log(CREATE, name, 0, NULL, 0);
  if (existed && (flags & O_TRUNC)) append_log(TRUNCATE, name, 0, NULL, 0);
  return fd;
}

#define OPEN(call, arguments) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); } \
  REAL(call); \
  if (!watched(path)) return opened(real arguments, path, flags, 1); \
  pthread_mutex_lock(&lock); \
  int existed = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0; \
  int fd = opened(real arguments, path, flags, existed); \
  pthread_mutex_unlock(&lock); \
  return fd

int open(const char *path, int flags, ...) { OPEN(open, (path, flags, mode)); }
int open64(const char *path, int flags, ...) { OPEN(open64, (path, flags, mode)); }
int openat(int at, const char *path, int flags, ...) { OPEN(openat, (at, path, flags, mode)); }
int openat64(int at, const char *path, int flags, ...) { OPEN(openat64, (at, path, flags, mode)); }

// Operation and log entry are one step for every thread, so that the log has the order of the disk.
#define WATCHED_WRITE(perform, at_offset) \
  const char *name = name_of(fd); \
  if (!name) return perform; \
  pthread_mutex_lock(&lock); \
  ssize_t done = must_fail(&fail_write, name) ? -1 : perform; \
  if (done > 0) append_log(WRITE, name, at_offset, data, done); \
  pthread_mutex_unlock(&lock); \
  return done

ssize_t write(int fd, const void *data, size_t length) {
  REAL(write);
  WATCHED_WRITE(real(fd, data, length), lseek(fd, 0, SEEK_CUR) - done);
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  REAL(pwrite);
  WATCHED_WRITE(real(fd, data, length, offset), offset);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  REAL(pwrite64);
  WATCHED_WRITE(real(fd, data, length, offset), offset);
}

#define WATCHED_TRUNCATE(call) \
  REAL(call); \
  const char *name = name_of(fd); \
  if (!name) return real(fd, length); \
  pthread_mutex_lock(&lock); \
  int result = real(fd, length); \
  if (result == 0) append_log(TRUNCATE, name, length, NULL, 0); \
  pthread_mutex_unlock(&lock); \
  return result

int ftruncate(int fd, off_t length) { WATCHED_TRUNCATE(ftruncate); }
int ftruncate64(int fd, off64_t length) { WATCHED_TRUNCATE(ftruncate64); }

// Space that is set aside reads as zeros: to the replayer it is a file that has grown.
static int allocate(int fd, off64_t offset, off64_t length, int result) {
  const char *name = name_of(fd);
  struct stat now;
  if (result != 0 || !name || fstat(fd, &now) != 0) return result;
  pthread_mutex_lock(&lock);
  append_log(TRUNCATE, name, now.st_size, NULL, 0);
  pthread_mutex_unlock(&lock);
  (void)offset, (void)length;
  return result;
}
int posix_fallocate(int fd, off_t offset, off_t length) { REAL(posix_fallocate); return allocate(fd, offset, length, real(fd, offset, length)); }
int posix_fallocate64(int fd, off64_t offset, off64_t length) { REAL(posix_fallocate64); return allocate(fd, offset, length, real(fd, offset, length)); }

#define WATCHED_SYNC(call) \
  REAL(call); \
  const char *name = name_of(fd); \
  if (!name) return real(fd); \
  wait_for_disk(); \
  pthread_mutex_lock(&lock); \
  int result = must_fail(&fail_sync, name) ? -1 : real(fd); \
  if (result == 0) append_log(*name ? SYNC : SYNC_FOLDER, name, 0, NULL, 0); \
  pthread_mutex_unlock(&lock); \
  return result

int fsync(int fd) { WATCHED_SYNC(fsync); }
int fdatasync(int fd) { WATCHED_SYNC(fdatasync); }

int rename(const char *from, const char *to) {
  REAL(rename);
  const char *name = watched(from), *target = watched(to);
  if (!name || !target) return real(from, to);
  pthread_mutex_lock(&lock);
  int result = real(from, to);
  if (result == 0) append_log(RENAME, name, 0, target, strlen(target));
  pthread_mutex_unlock(&lock);
  return result;
}

#define WATCHED_UNLINK(call, arguments, path) \
  REAL(call); \
  const char *name = watched(path); \
  if (!name) return real arguments; \
  pthread_mutex_lock(&lock); \
  int result = real arguments; \
  if (result == 0) append_log(UNLINK, name, 0, NULL, 0); \
  pthread_mutex_unlock(&lock); \
  return result

int unlink(const char *path) { WATCHED_UNLINK(unlink, (path), path); }
int remove(const char *path) { WATCHED_UNLINK(remove, (path), path); }
int unlinkat(int at, const char *path, int flags) { WATCHED_UNLINK(unlinkat, (at, path, flags), path); }
