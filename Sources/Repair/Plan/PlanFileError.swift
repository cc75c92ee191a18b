import Foundation

/// Why a plan's file could not be written. Nothing stands under its name that was not there.
package struct PlanFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file that was to be written.
    package let path: String
    /// The system's error number.
    package let code: Int32

    init(path: String, code: Int32) {
        self.path = path
        self.code = code
    }

    /// A sentence that says what happened and what to do about it.
    package var description: String {
        let reason =
            switch code {
            case ENOSPC, EDQUOT: "no space is left on the device: free some, or name a file elsewhere"
            case EACCES, EPERM: "permission denied: allow writing in its folder, or name a file elsewhere"
            case EROFS: "the file system is read-only: name a file elsewhere"
            case ENOENT, ENOTDIR: "its folder does not exist: create it first"
            case EISDIR: "it is a folder: name a file in it"
            default: String(cString: strerror(code))
            }
        return "the plan could not be written to \(path): \(reason)."
    }
}
