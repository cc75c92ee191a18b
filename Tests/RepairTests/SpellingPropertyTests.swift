import Contacts
import Fingerprint
import Foundation
import GRDB
import Repair
import TestSupport
import Testing

/// Random values from one mapping into another: what is written is read as what the source says, and only what the
/// documentation of `FieldSpelling` names cannot be written.
@Suite struct SpellingPropertyTests {
    static let types = FieldType.scalars.flatMap { [$0, .set(of: $0)] }
    static let count = 1000

    @Test(arguments: types)
    func `what is written is read as what the source says, and nil has a reason`(_ type: FieldType) throws {
        var samples = SpellingSamples(0x5EED_1001, type)
        let spelling = FieldSpelling(phoneRegion: SpellingSample.region)
        let reader = SpellingReader()
        var written = 0
        for _ in 0..<Self.count {
            let sample = samples.sample()
            guard let value = sample.spelled(by: spelling) else {
                #expect(try sample.mayBeRefused(reader), "\(sample)")
                continue
            }
            written += 1
            let (source, target) = try sample.texts(of: value, reader)
            #expect(source == target, "\(value) from \(sample)")
        }
        // A test of refusals alone would show nothing.
        #expect(written > Self.count / 2)
    }

    @Test(arguments: types)
    func `what is written once is written the same again`(_ type: FieldType) throws {
        var samples = SpellingSamples(0x5EED_1002, type)
        let spelling = FieldSpelling(phoneRegion: SpellingSample.region)
        let reader = SpellingReader()
        for _ in 0..<Self.count / 4 {
            var sample = samples.sample()
            guard let value = sample.spelled(by: spelling) else { continue }
            sample.current = sample.to.path.isEmpty ? value : sample.column(with: value)
            let again = sample.spelled(by: spelling)
            #expect(
                try again.map { try sample.texts(of: $0, reader).target } == sample.texts(of: value, reader).target,
                "\(sample)"
            )
            if type.member == nil { #expect(again == value, "\(sample)") }
        }
    }

    @Test(arguments: FieldType.scalars)
    func `a SQLite column holds just what is said to be written`(_ type: FieldType) throws {
        var samples = SpellingSamples(0x5EED_0003, type)
        let spelling = FieldSpelling(phoneRegion: SpellingSample.region)
        let types = ["TEXT", "INTEGER", "REAL", "NUMERIC", "BOOLEAN", "VARCHAR(20)", "", "DECIMAL(10,2)"]
        let database = try DatabaseQueue()
        try database.write { database in
            for (index, type) in types.enumerated() { try database.execute(sql: "CREATE TABLE t\(index) (v \(type))") }
            for _ in 0..<Self.count / 2 {
                var sample = samples.sample()
                let index = samples.index(below: types.count)
                sample.to.path = []
                sample.declared = StoreColumn(name: "value", type: types[index])
                sample.current = .null
                guard let value = sample.spelled(by: spelling), !value.holdsZero else { continue }
                try database.execute(sql: "INSERT INTO t\(index) VALUES (?)", arguments: [value.inDatabase])
                let held = try DatabaseValue.fetchOne(database, sql: "SELECT v FROM t\(index)")
                #expect(held == value.inDatabase, "\(types[index]): \(sample)")
                try database.execute(sql: "DELETE FROM t\(index)")
            }
        }
    }
}

extension RawValue {
    fileprivate var inDatabase: DatabaseValue {
        switch self {
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let bytes): String(decoding: bytes, as: UTF8.self).databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        case .null, .json, .list: .null
        }
    }

    /// GRDB's strings end at U+0000.
    fileprivate var holdsZero: Bool { if case .text(let bytes) = self { bytes.contains(0) } else { false } }
}
