import Foundation

/// Why a file could not be written.
package struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file that was to be written.
    package let path: String
    /// The system's error number; 0 where the path itself was refused.
    package let code: Int32
    /// A sentence that says what happened, what to do, and what is left behind.
    package let message: String

    package var description: String { "\(TerminalText.escape(path)): \(message)" }

    init(path: String, code: Int32, message: String) {
        self.path = path
        self.code = code
        self.message = message
    }

    /// An error of the system, before the file had its name.
    package init(path: String, code: Int32) {
        let reason =
            switch code {
            case ENOSPC, EDQUOT: "No space left on the device: free some there, or name a file elsewhere."
            case EACCES, EPERM: "Permission denied: allow writing in its folder, or name a file elsewhere."
            case EROFS: "The file system is read-only: name a file elsewhere."
            case ENOENT: "Its folder does not exist: create it first."
            case EISDIR: "It is a folder: move that away, or name a file elsewhere."
            case ENOTDIR: "A part of the path is no folder: check the path."
            case ENAMETOOLONG: "The name is too long: choose a shorter one."
            case EEXIST: "Something else has its name: move that away, or name a file elsewhere."
            case EFBIG: "The file would be larger than this system allows: raise the limit (ulimit -f)."
            case EMFILE, ENFILE: "Too many files are open: raise the limit (ulimit -n)."
            default: "The system says: \(String(cString: strerror(code)))."
            }
        self.init(path: path, code: code, message: "\(reason) Nothing was written under this name.")
    }
}
