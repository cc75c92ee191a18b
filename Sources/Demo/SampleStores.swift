import Contacts
import Foundation
import GRDB
package import Stores

/// Four SQLite stores of equal meaning and different shape: `warehouse` (canonical), `crm`, `app` and `local`.
///
/// The same number of contacts and the same seed give the same rows, in the same order.
package struct SampleStores: Sendable {
    /// The stores' names, the canonical one first.
    package static let names = shapes.map(\.name)
    /// The name of the canonical one.
    package static let canonical = "warehouse"

    static let shapes: [any SampleShape] = [WarehouseShape(), CRMShape(), AppShape(), LocalShape()]

    /// Contacts that are in memory at once; rows are in a random order within a block.
    private static let block = 5000

    /// The folder that holds the files.
    package let folder: String
    /// Contacts in each store before faults are seeded.
    package let contacts: Int
    /// What the contacts, their spellings and their order follow from.
    package let seed: UInt64

    /// Writes the four files, `<name>.db`, into the folder, which is made where it is missing.
    ///
    /// - Throws: `SampleError.exists` where one of the files is there already: nothing is overwritten. After an
    ///   error of the file system or of SQLite the folder may hold some of the files.
    package static func write(to folder: String, contacts: Int, seed: UInt64) throws -> SampleStores {
        let stores = SampleStores(folder: folder, contacts: contacts, seed: seed)
        for shape in shapes where FileManager.default.fileExists(atPath: stores.path(of: shape)) {
            throw SampleError.exists(stores.path(of: shape))
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for start in stride(from: 0, through: contacts, by: Self.block) {
            try stores.write(start..<min(start + Self.block, contacts))
        }
        return stores
    }

    /// Where a sample store is and how it is read; its path is absolute or relative as `folder` is.
    ///
    /// - Returns: nil for a name that is none of `names`.
    package func settings(for name: String) -> SQLiteStoreSettings? {
        guard let shape = Self.shapes.first(where: { $0.name == name }) else { return nil }
        var settings = SQLiteStoreSettings(path: path(of: shape))
        settings.table = shape.table
        settings.fields = shape.overrides
        settings.checksum = shape.checksum
        return settings
    }

    /// Runs `body` in one transaction of the store's file.
    func transaction<Result>(
        in shape: any SampleShape,
        seed: UInt64,
        _ body: (SampleDatabase) throws -> Result
    ) throws -> Result {
        var configuration = Configuration()
        // One of the faults is a reference to nothing.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = OFF") }
        let queue = try DatabaseQueue(path: path(of: shape), configuration: configuration)
        let result = try queue.write { try body(SampleDatabase(shape: shape, database: $0, seed: seed)) }
        try queue.close()
        return result
    }

    /// Adds the contacts of these numbers to every store, in an order of its own in each.
    private func write(_ numbers: Range<Int>) throws {
        let source = SampleContacts(seed: seed)
        let samples = numbers.map { source[$0] }
        for shape in Self.shapes {
            var random = SeededRandom(seed: seed, 2, SeededRandom.stream(shape.name), UInt64(numbers.lowerBound))
            let order = random.shuffled(Array(samples.indices))
            try transaction(in: shape, seed: seed) { database in
                if numbers.lowerBound == 0 { try database.create() }
                for place in order { try database.insert(samples[place]) }
            }
        }
    }

    private func path(of shape: any SampleShape) -> String { "\(folder)/\(shape.file)" }
}

/// Why sample stores were not written.
package enum SampleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file of that path is there already.
    case exists(String)

    package var description: String {
        switch self {
        case .exists(let path): "\(path) exists already. Choose an empty folder, or remove the file."
        }
    }
}
