import Contacts
import Foundation
import Testing

/// Tests/Vectors/canonical-v1.json.
struct VectorFile: Decodable {
    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let type: String
        let value: WrittenValue
        let options: WrittenOptions?
        let canonical: String?
        let canonicalHex: String?

        var testDescription: String { name }
    }

    struct Contact: Decodable, Sendable, CustomTestStringConvertible {
        struct Field: Decodable {
            let name: String
            let type: String
            let options: WrittenOptions?
        }

        struct Digests: Decodable, Equatable {
            let key: String
            let record: String
        }

        let name: String
        let fields: [Field]
        let values: [String: WrittenValue]
        let canonical: String?
        let canonicalHex: String?
        let digests: [String: Digests]?

        var testDescription: String { name }
    }

    struct Tree: Decodable, Sendable, CustomTestStringConvertible {
        struct Record: Decodable {
            let key: String
            let canonical: String
        }

        let name: String
        let scheme: String
        let phoneRegion: String
        let fields: String
        let records: [Record]
        let top: String
        let root: String

        var testDescription: String { name }
    }

    let vectors: [Vector]
    let contacts: [Contact]
    let trees: [Tree]

    static let published = Result { try read() }

    private static func read() throws -> VectorFile {
        let url = Repository.url.appending(path: "Tests/Vectors/canonical-v1.json")
        return try JSONDecoder().decode(VectorFile.self, from: Data(contentsOf: url))
    }

    /// The bytes that a vector publishes; nil where absent.
    static func bytes(_ canonical: String?, _ hexadecimal: String?) throws -> [UInt8]? {
        guard let hexadecimal else { return canonical.map { Array($0.utf8) } }
        let bytes: [UInt8] = try #require([UInt8](hexadecimal: hexadecimal))
        return bytes
    }
}

enum Repository {
    /// The folder of Package.swift.
    static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
}
