import Foundation

/// A copy of a database in a folder of its own, removed when nobody holds it.
///
/// A file `alive` beside it is locked as long as this process lives: whoever clears up after a killed run removes the
/// folders whose file is not.
final class ScratchCopy: Sendable {
    private let folder: String
    private let alive: CInt
    /// The copied database's path.
    let path: String

    /// - Throws: `CocoaError` where the folder cannot be made.
    init(folder parent: String, name: String) throws {
        folder = parent + "/copy-" + name + "-" + UUID().uuidString
        path = folder + "/copy.db"
        var descriptor: CInt = -1
        // A folder without the locked file may be cleared up; then it is made again.
        for _ in 0..<10 where descriptor < 0 {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            descriptor = Self.lockedFile(folder + "/alive")
        }
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: folder]) }
        alive = descriptor
    }

    deinit {
        remove()
        close(alive)
    }

    /// Makes a file and locks it; -1 where it is not there any more, or somebody else has it.
    private static func lockedFile(_ path: String) -> CInt {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return -1 }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, access(path, F_OK) == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }

    /// Removes the copy; nobody may read it any more. What cannot be removed is left to the spool's own clean-up.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Removes what was copied so far.
    func clear() throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    /// Copies a file and those beside it whose names are its own and a suffix.
    func take(_ source: String, suffixes: [String]) throws {
        for suffix in suffixes {
            if FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
            try FileManager.default.copyItem(atPath: source + suffix, toPath: path + suffix)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + suffix)
        }
    }

    /// Copies files as `take` does, and tells whether they stayed as they were meanwhile; what was copied of files that
    /// did not is removed.
    func takeUnchanged(_ source: String, suffixes: [String]) throws -> Bool {
        let before = suffixes.map { FileStamp(source + $0) }
        try take(source, suffixes: suffixes)
        if before == suffixes.map({ FileStamp(source + $0) }) { return true }
        for suffix in suffixes { try FileManager.default.removeItem(atPath: path + suffix) }
        return false
    }
}

/// By which a change of a file is seen.
private struct FileStamp: Equatable {
    private let number: Int?
    private let size: Int?
    private let changed: Date?

    /// All nil where there is no such file.
    init(_ path: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        number = attributes?[.systemFileNumber] as? Int
        size = attributes?[.size] as? Int
        changed = attributes?[.modificationDate] as? Date
    }
}
