import Contacts
import Fingerprint
import Foundation
import Stores

let path = CommandLine.arguments[1]
let store = SQLiteStore(
    name: "a",
    settings: SQLiteStoreSettings(path: path),
    schema: .standard,
    scratch: "/tmp/scratch"
)
let session = try await store.open { print($0) }
for _ in 0..<3 {
    let start = ContinuousClock.now
    let set = FieldSet(of: session.layout)
    let print1 = try StoreFingerprint(
        layout: session.layout,
        sets: [set],
        scheme: .xxh3,
        phoneRegion: "US",
        folder: "/tmp",
        now: .max
    )
    for portion in try await session.portions(limit: 1) {
        let sink = print1.makeSink { _ in }
        try await session.scan(portion, into: sink)
        try sink.finish()
    }
    print(print1.counts, print1.root(0), ContinuousClock.now - start)
}
