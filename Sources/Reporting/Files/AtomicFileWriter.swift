package import Foundation

/// Writes a file as a stream: bytes go to a temporary file in the same folder, which gets its final name at the end.
///
/// Nothing is ever half-written under the final name. A writer that goes away without `commit`, or that threw, removes its
/// temporary file. Used by one task at a time.
package final class AtomicFileWriter {
    private let path: String
    /// Where the file goes: `path`, behind symbolic links.
    private let target: String
    private let temporary: String
    private let calls: FileCalls
    private var descriptor: Int32
    private var buffer: [UInt8] = []

    private static let bufferSize = 1 << 16

    /// Creates the temporary file.
    ///
    /// - Parameters: as of `AtomicFile.write`.
    /// - Throws: `FileError`; nothing is left.
    package convenience init(path: String, mode: mode_t = 0o644) throws {
        try self.init(path: path, mode: mode, calls: FileCalls())
    }

    init(path: String, mode: mode_t, calls: FileCalls) throws {
        self.path = path
        self.calls = calls
        target = try Self.target(of: path)
        let folder = (target as NSString).deletingLastPathComponent
        let name = ".rollcall-\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
        temporary = folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        if descriptor < 0 { throw FileError(path: path, code: errno) }
    }

    deinit { discard() }

    /// Adds bytes to the file.
    ///
    /// - Throws: `FileError`; the temporary file is removed, and only `discard` may follow.
    package func append(_ bytes: some Sequence<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Gives the file its name, once its bytes are on the disk. The last call but for `discard`.
    ///
    /// - Throws: `FileError`; the temporary file is removed. Only where the folder could not be synced does the file have
    ///   its name by then, whole; the message says so.
    package func commit() throws {
        try flush()
        try check(calls.sync(descriptor))
        let closed = close(descriptor)
        descriptor = -1
        if closed < 0 { throw removing(errno) }
        if calls.rename(temporary, target) < 0 { throw removing(errno) }
        try syncFolder()
    }

    /// Removes the temporary file. Does nothing after `commit`.
    package func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(temporary)
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = calls.write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if written < 0, errno == EINTR { continue }
                try check(Int32(clamping: written))
                rest = rest.dropFirst(written)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func check(_ result: Int32) throws {
        guard result < 0 else { return }
        throw removing(errno)
    }

    /// The error to throw, with the temporary file removed.
    private func removing(_ code: Int32) -> FileError {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        unlink(temporary)
        return FileError(path: path, code: code)
    }

    private func syncFolder() throws {
        let folder = (target as NSString).deletingLastPathComponent
        let handle = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if handle >= 0 { close(handle) } }
        // Some file systems cannot sync a folder and say EINVAL: there the name is as durable as it gets.
        if handle >= 0, fsync(handle) == 0 || errno == EINVAL { return }
        let reason = String(cString: strerror(errno))
        throw FileError(
            path: path,
            code: errno,
            message:
                "The file is complete, but its folder could not be synced (\(reason)): it may be lost in a power cut."
        )
    }

    private static func target(of path: String) throws -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return path }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            let reason =
                isFolder ? "This is a folder: name a file in it." : "This is no regular file: name another one."
            throw FileError(path: path, code: 0, message: "\(reason) Nothing was written.")
        }
        guard let resolved = realpath(path, nil) else { throw FileError(path: path, code: errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
