/// A credential. Nothing prints it: interpolation, `print`, `dump` and a mirror of what holds it show `•••`. It is
/// neither `Codable` nor `Hashable`, so that it reaches no file and no key.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Keeps a credential from being shown; other copies of the text are the caller's to drop.
    package init(_ text: String) { self.text = text }

    /// The credential itself, for the one call that needs it. The result must not be kept, printed or logged.
    package func reveal() -> String { text }

    /// The credential's UTF-8 bytes; the pointer is valid during the call only.
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Array(text.utf8).withUnsafeBytes(body)
    }

    package var description: String { "•••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
