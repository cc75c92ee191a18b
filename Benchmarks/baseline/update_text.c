// update_text: the least work a program can do that changes single values of a store.
//
//   update_text STORE.db CHANGES.db [--batch N] [--synchronous full|normal|off]
//
// CHANGES.db has a table changes (key, field, value). They are read into memory first. Then each becomes one prepared
// UPDATE of contacts_master, by contact_id, in transactions of N (default 500), in the journal mode that the file is
// in. A change that meets no row, or several, is an error. Prints changes, transactions and the seconds of the writing.
//
//   cc -std=c11 -O2 -o update_text update_text.c -lsqlite3

#define _POSIX_C_SOURCE 200809L

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    sqlite3_value *key, *value;
    sqlite3_stmt *update;
} Change;

// The prepared statements, one for each field.
static struct {
    char field[64];
    sqlite3_stmt *update;
} statements[64];
static int statementCount = 0;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(sqlite3 *db, const char *what) {
    fprintf(stderr, "update_text: %s: %s\n", what, db != NULL ? sqlite3_errmsg(db) : "out of memory");
    exit(1);
}

static void execute(sqlite3 *db, const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail(db, sql);
}

// The statement that sets this field.
static sqlite3_stmt *updateOf(sqlite3 *db, const char *field) {
    for (int i = 0; i < statementCount; i++) {
        if (strcmp(statements[i].field, field) == 0) return statements[i].update;
    }
    const int room = (int)(sizeof statements / sizeof statements[0]);
    if (statementCount == room || strlen(field) >= sizeof statements[0].field || strchr(field, '"') != NULL) {
        fprintf(stderr, "update_text: too many fields, or no name of a field: %s\n", field);
        exit(1);
    }
    char sql[160];
    snprintf(sql, sizeof sql, "UPDATE contacts_master SET \"%s\" = ?1 WHERE contact_id = ?2", field);
    strcpy(statements[statementCount].field, field);
    sqlite3_stmt **update = &statements[statementCount].update;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, update, NULL) != SQLITE_OK) fail(db, sql);
    statementCount++;
    return *update;
}

// All changes of the file, in its order.
static Change *load(const char *path, sqlite3 *store, size_t *count) {
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) fail(db, path);
    sqlite3_stmt *rows = NULL;
    if (sqlite3_prepare_v2(db, "SELECT key, field, value FROM changes ORDER BY rowid", -1, &rows, NULL) != SQLITE_OK) {
        fail(db, path);
    }
    Change *changes = NULL;
    size_t room = 0;
    int status;
    *count = 0;
    while ((status = sqlite3_step(rows)) == SQLITE_ROW) {
        if (*count == room) {
            room = room == 0 ? 1024 : room * 2;
            changes = realloc(changes, room * sizeof *changes);
            if (changes == NULL) fail(NULL, path);
        }
        const char *field = (const char *)sqlite3_column_text(rows, 1);
        changes[*count] = (Change){
            .key = sqlite3_value_dup(sqlite3_column_value(rows, 0)),
            .value = sqlite3_value_dup(sqlite3_column_value(rows, 2)),
            .update = updateOf(store, field != NULL ? field : ""),
        };
        if (changes[*count].key == NULL || changes[*count].value == NULL) fail(NULL, path);
        (*count)++;
    }
    if (status != SQLITE_DONE) fail(db, path);
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return changes;
}

int main(int argc, char **argv) {
    size_t batch = 500;
    const char *synchronous = "full";
    int usage = argc < 3 || argc % 2 == 0;
    for (int i = 3; !usage && i < argc; i += 2) {
        if (strcmp(argv[i], "--batch") == 0) {
            batch = strtoul(argv[i + 1], NULL, 10);
            usage = batch == 0;
        } else if (strcmp(argv[i], "--synchronous") == 0) {
            synchronous = argv[i + 1];
            usage = strcmp(synchronous, "full") != 0 && strcmp(synchronous, "normal") != 0
                    && strcmp(synchronous, "off") != 0;
        } else {
            usage = 1;
        }
    }
    if (usage) {
        fprintf(stderr, "usage: update_text STORE.db CHANGES.db [--batch N] [--synchronous full|normal|off]\n");
        return 2;
    }
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) fail(db, argv[1]);
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA synchronous = %s", synchronous);
    execute(db, pragma);
    size_t count = 0, transactions = 0;
    Change *changes = load(argv[2], db, &count);

    const double start = now();
    for (size_t i = 0; i < count; i++) {
        if (i % batch == 0) {
            execute(db, "BEGIN IMMEDIATE");
            transactions++;
        }
        sqlite3_stmt *update = changes[i].update;
        sqlite3_bind_value(update, 1, changes[i].value);
        sqlite3_bind_value(update, 2, changes[i].key);
        if (sqlite3_step(update) != SQLITE_DONE) fail(db, "UPDATE");
        sqlite3_reset(update);
        if (sqlite3_changes(db) != 1) {
            fprintf(stderr, "update_text: change %zu meets %d rows, not 1\n", i + 1, sqlite3_changes(db));
            return 1;
        }
        if (i % batch == batch - 1 || i == count - 1) execute(db, "COMMIT");
    }
    const double seconds = now() - start;

    for (int i = 0; i < statementCount; i++) sqlite3_finalize(statements[i].update);
    for (size_t i = 0; i < count; i++) {
        sqlite3_value_free(changes[i].key);
        sqlite3_value_free(changes[i].value);
    }
    free(changes);
    if (sqlite3_close(db) != SQLITE_OK) fail(db, "close");
    printf("changes=%zu\n", count);
    printf("transactions=%zu\n", transactions);
    printf("seconds=%.6f\n", seconds);
    printf("sqlite=%s\n", sqlite3_libversion());
    return 0;
}
