import Foundation

/// A connection to a port of this machine on which any bytes can be sent. It blocks its thread: see `onThread`.
final class RawConnection {
    /// What a server answered.
    struct Answer: Equatable {
        let status: Int
        /// By name in lower case.
        let headers: [String: String]
        let body: String
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    /// Sends all bytes, or as many as the other side takes before it closes.
    ///
    /// - Returns: whether it took all.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...]
                .withUnsafeBytes {
                    Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// The next answer; nil where the other side closes without one.
    ///
    /// - Throws: where nothing comes for a minute, or the answer is none.
    func answer(toHead: Bool = false) throws -> Answer? {
        while true {
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                let words = lines[0].split(separator: " ")
                guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
                    throw POSIXError(.EBADMSG)
                }
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
                }
                let length = toHead ? 0 : headers["content-length"].flatMap { Int($0) } ?? 0
                while received.count < end.upperBound + length {
                    guard try receive() else { throw POSIXError(.EBADMSG) }
                }
                let body = String(decoding: received[end.upperBound..<(end.upperBound + length)], as: UTF8.self)
                received.removeFirst(end.upperBound + length)
                return Answer(status: status, headers: headers, body: body)
            }
            guard try receive() else {
                guard received.isEmpty else { throw POSIXError(.EBADMSG) }
                return nil
            }
        }
    }

    /// Whether nothing comes for so long, and the other side does not close.
    func isSilent(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) == 0
    }

    /// Whether something came; false: the other side has closed.
    private func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno != ECONNRESET { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }
}

/// Runs what blocks on a thread of its own: tasks share a few threads, which the listener under test needs.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Swift.Result(catching: body)) }.start()
    }
}
