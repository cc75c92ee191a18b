import Contacts
import Foundation
import GRDB
package import Stores

/// Four stores of equal meaning and different shape: `warehouse` (canonical), `crm`, `app` and `local`.
///
/// The same kind, number of contacts and seed give the same rows, in the same order.
package struct SampleStores: Sendable {
    /// The stores' names, the canonical one first.
    package static let names = shapes.map(\.name)
    /// The name of the canonical one.
    package static let canonical = "warehouse"

    /// Those of four SQLite files.
    static let shapes = SampleKind.sqlite.shapes

    /// Contacts that are in memory at once; rows are in a random order within a block.
    private static let block = 5000

    /// The folder that holds the files.
    package let folder: String
    /// Contacts in each store before faults are seeded.
    package let contacts: Int
    /// What the contacts, their spellings and their order follow from.
    package let seed: UInt64
    /// What the stores are.
    package let kind: SampleKind

    /// Stores that are not written.
    init(folder: String, contacts: Int, seed: UInt64, kind: SampleKind = .sqlite) {
        self.folder = folder
        self.contacts = contacts
        self.seed = seed
        self.kind = kind
    }

    /// Writes the four files, `<name>.db`, into the folder, which is made where it is missing. Of stores with servers they are
    /// what `SampleServers` shows.
    ///
    /// - Throws: `SampleError.exists` where one of the files is there already: nothing is overwritten. After an
    ///   error of the file system or of SQLite the folder may hold some of the files.
    package static func write(
        to folder: String,
        contacts: Int,
        seed: UInt64,
        kind: SampleKind = .sqlite
    ) throws -> SampleStores {
        let stores = SampleStores(folder: folder, contacts: contacts, seed: seed, kind: kind)
        for shape in kind.shapes where FileManager.default.fileExists(atPath: stores.path(of: shape)) {
            throw SampleError.exists(stores.path(of: shape))
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for start in stride(from: 0, through: contacts, by: Self.block) {
            try stores.write(start..<min(start + Self.block, contacts))
        }
        return stores
    }

    /// Where a sample store is that is a SQLite file, and how it is read; its path is absolute or relative as `folder` is.
    ///
    /// - Returns: nil for a name that is none of `names`, and for a store with a server.
    package func settings(for name: String) -> SQLiteStoreSettings? {
        guard let shape = kind.shapes.first(where: { $0.name == name }), !shape.isTyped else { return nil }
        var settings = SQLiteStoreSettings(path: path(of: shape))
        settings.tables.table = shape.table
        settings.tables.fields = shape.overrides
        settings.tables.checksum = shape.checksum
        return settings
    }

    /// Whether an undo gives a store of that name back all that an apply wrote: not where what is deleted is only marked.
    package func restoresAll(_ store: String) -> Bool {
        kind.shapes.first { $0.name == store }?.restoresAll ?? true
    }

    /// Runs `body` in one transaction of the store's file.
    func transaction<Result>(
        in shape: any SampleShape,
        seed: UInt64,
        _ body: (any SampleWriter) throws -> Result
    ) throws -> Result {
        var configuration = Configuration()
        // One of the faults is a reference to nothing.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = OFF") }
        let queue = try DatabaseQueue(path: path(of: shape), configuration: configuration)
        let result = try queue.write { try body(shape.writer(on: $0, seed: seed, sample: self.seed)) }
        try queue.close()
        return result
    }

    /// Adds the contacts of these numbers to every store, in an order of its own in each.
    private func write(_ numbers: Range<Int>) throws {
        let source = samples
        let samples = numbers.map { source[$0] }
        for shape in kind.shapes {
            var random = SeededRandom(seed: seed, 2, SeededRandom.stream(shape.name), UInt64(numbers.lowerBound))
            let order = random.shuffled(Array(samples.indices))
            try transaction(in: shape, seed: seed) { database in
                if numbers.lowerBound == 0 { try database.create() }
                for place in order { try database.insert(samples[place]) }
            }
        }
    }

    /// The contacts that the stores hold, by number.
    var samples: SampleContacts { SampleContacts(seed: seed, areTyped: kind == .simulated) }

    func path(of shape: any SampleShape) -> String { "\(folder)/\(shape.file)" }
}
