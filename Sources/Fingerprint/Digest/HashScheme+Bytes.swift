extension HashScheme {
    /// The digest of these bytes.
    package func digest(of bytes: [UInt8]) -> Digest128 { bytes.withUnsafeBytes { digest($0) } }

    /// The digest of a canonical key's text, as rolls have it.
    package func keyDigest(of key: [UInt8]) -> UInt64 { key.withUnsafeBytes { keyDigest($0) } }
}
