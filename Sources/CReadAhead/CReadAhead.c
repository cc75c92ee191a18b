#include "CReadAhead.h"

#include <sqlite3.h>
#include <string.h>

enum {
    block_size = 64 * 1024,
    // So many reads in a row before the next one is of a block.
    row_length = 4,
};

typedef struct {
    sqlite3_file base;
    sqlite3_file *real;
    // NULL for any file but a main database.
    unsigned char *block;
    // Where the block stands in the file, and how many bytes of it are there.
    sqlite3_int64 start;
    int count;
    // Where the last read began and ended; how many came in a row, each at the end (1) or the beginning (-1) of the one
    // before.
    sqlite3_int64 first;
    sqlite3_int64 next;
    int step;
    int row;
} ReadAhead;

static ReadAhead *own(sqlite3_file *file) { return (ReadAhead *)file; }

static const sqlite3_io_methods *real(sqlite3_file *file, sqlite3_file **target) {
    *target = own(file)->real;
    return (*target)->pMethods;
}

static void forget(sqlite3_file *file) { own(file)->count = 0; }

static int holds(const ReadAhead *file, int count, sqlite3_int64 offset) {
    return offset >= file->start && offset + count <= file->start + file->count;
}

// Fills the block from `offset` on, or up to the end of what is wanted where reads go backwards; zero where that cannot
// be done, which the plain read will tell.
static int fill(ReadAhead *file, int count, sqlite3_int64 offset) {
    sqlite3_int64 size = 0;
    file->count = 0;
    if (file->real->pMethods->xFileSize(file->real, &size) != SQLITE_OK || size - offset < count) return 0;
    const sqlite3_int64 end = offset + count;
    const sqlite3_int64 start = file->step > 0 ? offset : end > block_size ? end - block_size : 0;
    const sqlite3_int64 available = (file->step > 0 ? size : end) - start;
    const int wanted = available < block_size ? (int)available : block_size;
    if (file->real->pMethods->xRead(file->real, file->block, wanted, start) != SQLITE_OK) return 0;
    file->start = start;
    file->count = wanted;
    return 1;
}

static int read_ahead(sqlite3_file *base, void *target, int count, sqlite3_int64 offset) {
    ReadAhead *file = own(base);
    // A scan goes forwards; `integrity_check` goes through the pages of a b-tree backwards.
    const int step = offset == file->next ? 1 : offset + count == file->first ? -1 : 0;
    if (step == 0) {
        file->row = 0;
    } else if (step != file->step) {
        file->row = 1;
    } else if (file->row < row_length) {
        file->row++;
    }
    file->step = step;
    file->first = offset;
    file->next = offset + count;
    if (!holds(file, count, offset)) {
        const int isWorthIt = file->block && file->row == row_length && count <= block_size / 2;
        if (!isWorthIt || !fill(file, count, offset)) {
            return file->real->pMethods->xRead(file->real, target, count, offset);
        }
    }
    memcpy(target, file->block + (offset - file->start), (size_t)count);
    return SQLITE_OK;
}

static int close_file(sqlite3_file *base) {
    ReadAhead *file = own(base);
    const int code = file->real->pMethods ? file->real->pMethods->xClose(file->real) : SQLITE_OK;
    sqlite3_free(file->block);
    file->block = NULL;
    return code;
}

// Everything else goes on to the real file.

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    sqlite3_file *target;
    forget(file);
    return real(file, &target)->xWrite(target, bytes, count, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    sqlite3_file *target;
    forget(file);
    return real(file, &target)->xTruncate(target, size);
}

static int sync_file(sqlite3_file *file, int flags) {
    sqlite3_file *target;
    return real(file, &target)->xSync(target, flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    sqlite3_file *target;
    return real(file, &target)->xFileSize(target, size);
}

static int lock_file(sqlite3_file *file, int level) {
    sqlite3_file *target;
    forget(file);
    return real(file, &target)->xLock(target, level);
}

static int unlock_file(sqlite3_file *file, int level) {
    sqlite3_file *target;
    forget(file);
    return real(file, &target)->xUnlock(target, level);
}

static int check_reserved_lock(sqlite3_file *file, int *isReserved) {
    sqlite3_file *target;
    return real(file, &target)->xCheckReservedLock(target, isReserved);
}

static int control_file(sqlite3_file *file, int operation, void *argument) {
    sqlite3_file *target;
    forget(file);
    return real(file, &target)->xFileControl(target, operation, argument);
}

static int sector_size(sqlite3_file *file) {
    sqlite3_file *target;
    return real(file, &target)->xSectorSize(target);
}

static int device_characteristics(sqlite3_file *file) {
    sqlite3_file *target;
    return real(file, &target)->xDeviceCharacteristics(target);
}

static int shm_map(sqlite3_file *file, int region, int size, int isExtended, void volatile **memory) {
    sqlite3_file *target;
    return real(file, &target)->xShmMap(target, region, size, isExtended, memory);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    sqlite3_file *target;
    forget(file);
    return real(file, &target)->xShmLock(target, offset, count, flags);
}

static void shm_barrier(sqlite3_file *file) {
    sqlite3_file *target;
    real(file, &target)->xShmBarrier(target);
}

static int shm_unmap(sqlite3_file *file, int isDeleted) {
    sqlite3_file *target;
    forget(file);
    return real(file, &target)->xShmUnmap(target, isDeleted);
}

// Version 2: no memory mapping.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_ahead,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *outFlags) {
    sqlite3_vfs *parent = vfs->pAppData;
    ReadAhead *file = own(base);
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)(file + 1);
    file->first = file->next = -1;
    const int code = parent->xOpen(parent, name, file->real, flags, outFlags);
    if (!file->real->pMethods) return code;
    // Without memory for a block the file is read as ever.
    if (code == SQLITE_OK && flags & SQLITE_OPEN_MAIN_DB) file->block = sqlite3_malloc(block_size);
    file->base.pMethods = &methods;
    return code;
}

int rollcall_read_ahead_register(void) {
    static sqlite3_vfs vfs;
    sqlite3_vfs *parent = sqlite3_vfs_find(NULL);
    if (!parent) return SQLITE_ERROR;
    vfs = *parent;
    vfs.pNext = NULL;
    vfs.zName = ROLLCALL_READ_AHEAD;
    vfs.szOsFile = (int)sizeof(ReadAhead) + parent->szOsFile;
    vfs.pAppData = parent;
    vfs.xOpen = open_file;
    return sqlite3_vfs_register(&vfs, 0);
}
