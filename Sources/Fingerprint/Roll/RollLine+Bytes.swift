extension RollLine {
    /// The line of these bytes, as `bytes` gives them; nil where they are not `byteCount`.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self = bytes.withUnsafeBytes { RollLine($0, at: 0) }
    }

    /// The line's `byteCount` bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }
}
