package import Contacts
import Crypto
import Foundation

/// Gives findings ids that are the same in every run and say nothing about the contact to whoever lacks the key.
package struct FindingIdentity: Sendable {
    private let key: SymmetricKey

    /// - Parameter key: `StateFolder.findingKey()`.
    package init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    /// The first 128 bits of an HMAC-SHA-256, in lower-case hexadecimal, over netstrings (`5:hello,`) of the rule, the
    /// subject (`-` where it is nil) and the stores, sorted, each once.
    ///
    /// - Parameter subject: the contact, or the identifier that the finding is about.
    package func id(rule: RuleID, subject: String?, stores: [String]) -> String {
        var message = Netstring()
        message.append(rule.name)
        message.append(subject)
        for store in Set(stores).sorted() { message.append(store) }
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: message.bytes, using: key).prefix(16))
    }

    /// A name, the same in every run, for a row that its store names by values: 64 bits, likewise.
    package func name(ofRow row: String, in store: String) -> String {
        var message = Netstring()
        message.append("row")
        message.append(store)
        message.append(row)
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: message.bytes, using: key).prefix(8))
    }

    /// A name for a change that is the same when the change is told again: 128 bits, likewise.
    ///
    /// - Parameters:
    ///   - contact: the canonical text of the contact's key, or the name of its row.
    ///   - content: what tells one change of the contact from another, as its source has it: a digest or a time.
    package func id(ofChange contact: String, in source: String, content: String) -> String {
        var message = Netstring()
        message.append("change")
        message.append(source)
        message.append(contact)
        message.append(content)
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: message.bytes, using: key).prefix(16))
    }

    /// What is kept of a person who was forgotten, to know them again: 128 bits, likewise. Says nothing of them to whoever
    /// lacks the key.
    ///
    /// - Parameter contact: the canonical text of the contact's key.
    package func digest(ofForgotten contact: String) -> String {
        var message = Netstring()
        message.append("forgotten")
        message.append(contact)
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: message.bytes, using: key).prefix(16))
    }
}

extension StateFolder {
    private static let findingKeyLength = 32

    /// The 32 random bytes under which findings get their ids, created (0600) on first use. Processes that race for the
    /// first use get the same key.
    ///
    /// - Throws: `LedgerError`: `damaged` when the file is not 32 bytes long, else `folder`.
    package func findingKey() throws -> [UInt8] {
        if let key = try storedFindingKey() { return key }
        let draft = findingKeyFile + "." + UUID().uuidString
        defer { unlink(draft) }
        try write(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }, to: draft)
        guard link(draft, findingKeyFile) == 0 || errno == EEXIST else {
            throw LedgerError.system("cannot be created", findingKeyFile, errno: errno)
        }
        guard let key = try storedFindingKey() else {
            throw LedgerError.system("cannot be read", findingKeyFile, errno: ENOENT)
        }
        return key
    }

    private func storedFindingKey() throws -> [UInt8]? {
        let descriptor = open(findingKeyFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw LedgerError.system("cannot be read", findingKeyFile, errno: errno)
        }
        defer { close(descriptor) }
        var key = [UInt8](repeating: 0, count: Self.findingKeyLength + 1)
        guard read(descriptor, &key, key.count) == Self.findingKeyLength else {
            throw LedgerError(
                .damaged,
                """
                \(findingKeyFile) is damaged: it must hold \(Self.findingKeyLength) bytes. Restore it from a backup, or \
                remove it: every finding then counts as new.
                """
            )
        }
        return Array(key.prefix(Self.findingKeyLength))
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LedgerError.system("cannot be created", path, errno: errno) }
        defer { close(descriptor) }
        guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw LedgerError.system("cannot be written", path, errno: errno)
        }
    }
}
