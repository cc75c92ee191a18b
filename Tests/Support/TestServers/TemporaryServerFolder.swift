import Foundation

/// A new folder for the files of one server. Its path is short, since that of a Unix socket may have 107 bytes only.
enum TemporaryServerFolder {
    /// - Returns: the path. The folder is its owner's alone; whoever asked for it removes it.
    static func make() throws -> String {
        var path = Array("/tmp/rollcall-XXXXXX".utf8CString)
        guard mkdtemp(&path) != nil else { throw TestServerError("No folder can be made in /tmp: \(lastError)") }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func remove(_ path: String) {
        // What cannot be removed is the system's temporary folder to clear.
        _ = try? FileManager.default.removeItem(atPath: path)
    }
}

/// What the system says of the last call that failed.
var lastError: String { String(cString: strerror(errno)) }
