import Foundation

/// A copy of a database in a folder of its own, removed when nobody holds it.
final class ScratchCopy: Sendable {
    private let folder: String
    /// The copied database's path.
    let path: String

    init(folder parent: String, name: String) throws {
        folder = parent + "/copy-" + name + "-" + UUID().uuidString
        path = folder + "/copy.db"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { remove() }

    /// Removes the copy; nobody may read it any more. What cannot be removed is left to the spool's own clean-up.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// Copies a file and those beside it whose names are its own and a suffix.
    func take(_ source: String, suffixes: [String]) throws {
        for suffix in suffixes {
            try FileManager.default.copyItem(atPath: source + suffix, toPath: path + suffix)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + suffix)
        }
    }
}
