#ifndef ROLLCALL_READ_AHEAD_H
#define ROLLCALL_READ_AHEAD_H

/// Registers an SQLite VFS of the name ROLLCALL_READ_AHEAD; to be called once in a process.
///
/// It is SQLite's default VFS but for one thing: where a database file is read page after page, blocks of 64 KiB are read
/// and the pages taken from memory. What was read ahead is forgotten with every lock that is taken or given up, so that no
/// page is older than its transaction. Journals, the write-ahead log and its index are read as ever.
///
/// Returns an SQLite result code.
int rollcall_read_ahead_register(void);

#define ROLLCALL_READ_AHEAD "rollcall-read-ahead"

#endif
