import Contacts
import Fingerprint

/// All stores of a run after their scans.
struct Scan: Sendable {
    /// Canonical, read through.
    var canonical: ScannedStore
    /// The stores that were read through and are compared, in the order of the configuration.
    var stores: [ScannedStore]
    /// The others; canonical is among them where its emptiness is doubtful.
    var unproved: [UnprovedStore]
    /// Layouts of all stores that could be opened.
    var layouts: [(name: String, layout: StoreLayout)]

    var isCanonicalProved: Bool { !unproved.contains { $0.name == canonical.name } }

    /// Gathers a scan whose canonical store is not known yet.
    struct Builder {
        var canonical: ScannedStore?
        var stores: [ScannedStore] = []
        var unproved: [UnprovedStore] = []
        var layouts: [(name: String, layout: StoreLayout)] = []

        /// - Throws: `CancellationError` where canonical was not read.
        func build() throws -> Scan {
            guard let canonical else { throw CancellationError() }
            return Scan(canonical: canonical, stores: stores, unproved: unproved, layouts: layouts)
        }
    }
}
