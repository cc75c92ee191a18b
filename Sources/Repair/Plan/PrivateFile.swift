import Foundation

/// Writes files that only their owner may read.
enum PrivateFile {
    /// Puts a file with these bytes in place of what is there, in one step that survives a crash; mode 0600.
    ///
    /// - Throws: `PlanFileError`; what was there is untouched then.
    static func write(_ data: Data, to path: String) throws {
        let temporary = path + ".\(UUID().uuidString).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PlanFileError(path: path, code: errno) }
        do {
            defer { close(descriptor) }
            try write(data, descriptor, path)
            guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
                throw PlanFileError(path: path, code: errno)
            }
        } catch {
            unlink(temporary)
            throw error
        }
        let folder = (path as NSString).deletingLastPathComponent
        let handle = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { return }
        // The name is as durable as the file system can make it.
        fsync(handle)
        close(handle)
    }

    private static func write(_ data: Data, _ descriptor: Int32, _ path: String) throws {
        try data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let written = Foundation.write(descriptor, part.baseAddress, part.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw PlanFileError(path: path, code: errno) }
                rest = rest.dropFirst(written)
            }
        }
    }
}
