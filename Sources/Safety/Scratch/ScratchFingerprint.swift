package import Contacts
package import Fingerprint

/// Fingerprints a store as an audit does.
package enum ScratchFingerprint {
    /// The root over all that the store holds, phones without a country code read as American.
    ///
    /// - Parameter folder: where the spool is kept; it must exist.
    /// - Throws: `StoreError` where the store cannot be read through, `SpoolError`, or `CancellationError`.
    package static func root(_ store: any ContactStore, scheme: HashScheme, folder: String) async throws -> String {
        let session = try await store.open { _ in }
        do {
            let fingerprint = try StoreFingerprint(
                layout: session.layout,
                sets: [FieldSet(of: session.layout)],
                scheme: scheme,
                phoneRegion: "US",
                folder: folder,
                now: 0
            )
            for portion in try await session.portions(limit: 1) {
                let sink = fingerprint.makeSink { _ in }
                try await session.scan(portion, into: sink)
                try sink.finish()
            }
            _ = try await session.prove()
            await session.close()
            return fingerprint.root(0)
        } catch {
            await session.close()
            throw error
        }
    }
}
