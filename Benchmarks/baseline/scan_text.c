// scan_text: the least work a program can do that looks at every value of a store.
//
//   scan_text STORE.db [--lengths]
//
// Opens the file read-only, steps SELECT * FROM contacts_master and asks for every column as text with
// sqlite3_column_text. The first byte of each value goes into a checksum, so that no call can be optimised away. With
// --lengths it asks for each text's length too (sqlite3_column_bytes), as a program must that reads more of it than the
// first byte. Prints rows, checksum and seconds.
//
//   cc -std=c11 -O2 -o scan_text scan_text.c -lsqlite3

#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int failed(sqlite3 *db, const char *what) {
    fprintf(stderr, "scan_text: %s: %s\n", what, sqlite3_errmsg(db));
    sqlite3_close(db);
    return 1;
}

int main(int argc, char **argv) {
    const bool lengths = argc == 3 && strcmp(argv[2], "--lengths") == 0;
    if (argc != 2 && !lengths) {
        fprintf(stderr, "usage: scan_text STORE.db [--lengths]\n");
        return 2;
    }
    const double start = now();
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        return failed(db, argv[1]);
    }
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, "SELECT * FROM contacts_master", -1, &statement, NULL) != SQLITE_OK) {
        return failed(db, "prepare");
    }
    const int columns = sqlite3_column_count(statement);
    uint64_t rows = 0, bytes = 0, first = 0;
    int status;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int column = 0; column < columns; column++) {
            const unsigned char *text = sqlite3_column_text(statement, column);
            if (text != NULL) {
                first += text[0];
                if (lengths) bytes += (uint64_t)sqlite3_column_bytes(statement, column);
            }
        }
        rows++;
    }
    if (status != SQLITE_DONE) {
        sqlite3_finalize(statement);
        return failed(db, "step");
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    const double seconds = now() - start;
    printf("rows=%" PRIu64 "\n", rows);
    printf("columns=%d\n", columns);
    printf("bytes=%" PRIu64 "\n", bytes);
    printf("checksum=%016" PRIx64 "\n", bytes * 1000003u + first);
    printf("seconds=%.6f\n", seconds);
    printf("sqlite=%s\n", sqlite3_libversion());
    return 0;
}
