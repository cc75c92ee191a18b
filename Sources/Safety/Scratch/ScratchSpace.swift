package import Contacts
package import Fingerprint
import Foundation

/// Where checks make stores and state of their own, and how.
package struct ScratchSpace: Sendable {
    private let folder: String
    private let makeStore: @Sendable (_ name: String, _ path: String) -> any WritableStore
    /// How canonical bytes become digests.
    let scheme: HashScheme
    /// What is done with the scratch stores.
    package var pipeline = ScratchPipeline.real

    /// - Parameters:
    ///   - folder: empty, and removed by its owner.
    ///   - makeStore: makes a writable store of the SQLite file at a path.
    package init(
        folder: String,
        makeStore: @escaping @Sendable (_ name: String, _ path: String) -> any WritableStore,
        scheme: HashScheme
    ) {
        self.folder = folder
        self.makeStore = makeStore
        self.scheme = scheme
    }

    /// New stores with the same sound contacts, and an empty state, in a folder of that name, which must be new.
    func stores(_ name: String) async throws -> ScratchStores {
        try await ScratchStores(folder: "\(folder)/\(name)", space: self)
    }

    /// A folder of that name, which must be new.
    func makeFolder(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    func store(_ name: String, _ path: String) -> any WritableStore { makeStore(name, path) }
}
