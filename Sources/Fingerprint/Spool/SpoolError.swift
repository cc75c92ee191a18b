/// Why a file of Rollcall's own state could not be written or read.
package struct SpoolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, or the folder that it was to be in.
    package let path: String
    /// What was being done, to be read after "cannot": `read the roll`.
    package let operation: String
    /// The system's number of the error; 0 where the file is shorter than it must be.
    package let code: Int32
    package let description: String

    /// Whether the file was read and is not what it must be, rather than that the system could not read it.
    package var isDamage: Bool { code == 0 }

    init(path: String, operation: String, code: Int32, reason: String) {
        self.path = path
        self.operation = operation
        self.code = code
        description = "cannot \(operation) \(path): \(reason)"
    }
}
