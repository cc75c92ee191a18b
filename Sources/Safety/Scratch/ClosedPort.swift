import Foundation

/// A port of 127.0.0.1 that is taken as long as this object, and where nobody listens.
final class ClosedPort: Sendable {
    let number: Int
    private let descriptor: CInt

    /// - Throws: `CheckFailure` where the machine gives no port.
    init() throws {
        #if canImport(Glibc)
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw Self.failure }
        guard let number = Self.bind(descriptor) else {
            close(descriptor)
            throw Self.failure
        }
        self.number = number
        self.descriptor = descriptor
    }

    /// Takes a port; nil where there is none.
    private static func bind(_ descriptor: CInt) -> Int? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Foundation.bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        return isBound ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }

    private static var failure: CheckFailure {
        CheckFailure(
            "No port of 127.0.0.1 can be had, so that a missing server cannot be tried.",
            advice: "Allow this process to open sockets on loopback, then check again."
        )
    }

    deinit { close(descriptor) }
}
