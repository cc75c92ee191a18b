import GRDBSQLite

/// The header of a database file (sqlite.org/fileformat2.html, 1.3).
///
/// Read through SQLite's own file, without a lock: to open the file beside SQLite and close it again would drop the
/// locks that this process holds on it (sqlite.org/howtocorrupt.html, 2.2).
enum SQLiteHeader {
    private static let length: Int32 = 20
    private static let writeVersion = 18

    /// Whether the file is in WAL mode; false for what is no database, or cannot be opened.
    static func isInWALMode(_ path: String) -> Bool {
        var database: OpaquePointer?
        defer { sqlite3_close(database) }
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK else {
            return false
        }
        var file: UnsafeMutablePointer<sqlite3_file>?
        guard sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK,
            let file, let read = file.pointee.pMethods?.pointee.xRead
        else { return false }
        var header = [UInt8](repeating: 0, count: Int(length))
        return read(file, &header, length, 0) == SQLITE_OK && header[writeVersion] == 2
    }
}
