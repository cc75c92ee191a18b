package import Foundation

/// Writes a whole file or nothing.
package enum AtomicFile {
    /// Puts a file with these bytes in place of what is there, in one step that survives a crash.
    ///
    /// - Parameters:
    ///   - path: A regular file or no file yet, in a folder that exists. A symbolic link stays; its target is replaced.
    ///   - mode: Permissions, less those the umask takes away.
    /// - Throws: `FileError`. What was there before is then untouched, and nothing else is left.
    package static func write(_ data: Data, to path: String, mode: mode_t = 0o644) throws {
        let writer = try AtomicFileWriter(path: path, mode: mode)
        try writer.append(data)
        try writer.commit()
    }
}
