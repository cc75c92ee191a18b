import Contacts
import Foundation
import Testing

@testable import Fingerprint

@Suite struct CanonicalVectorTests {
    static let vectors = (try? VectorFile.published.get().vectors) ?? []
    static let contacts = (try? VectorFile.published.get().contacts) ?? []
    static let trees = (try? VectorFile.published.get().trees) ?? []

    @Test func `the published file is read`() throws {
        let file = try VectorFile.published.get()
        #expect(file.vectors.count >= 955)
        #expect(file.contacts.count >= 25)
        #expect(file.trees.count >= 16)
    }

    @Test(arguments: vectors) func `a value has its published text`(_ vector: VectorFile.Vector) throws {
        let type = try #require(FieldType(name: vector.type))
        let text = Encoding.text(try vector.value.raw(), type, vector.options ?? .init())
        #expect(text == (try VectorFile.bytes(vector.canonical, vector.canonicalHex)))
    }

    @Test(arguments: contacts) func `a contact has its published bytes`(_ contact: VectorFile.Contact) throws {
        #expect(try encode(contact, .xxh3).bytes == VectorFile.bytes(contact.canonical, contact.canonicalHex))
    }

    @Test(arguments: contacts.filter { $0.digests != nil })
    func `a contact has its published digests`(_ contact: VectorFile.Contact) throws {
        let published = try #require(contact.digests)
        #expect(published.count == HashScheme.allCases.count)
        for (name, digests) in published {
            let encoded = try encode(contact, try #require(HashScheme(rawValue: name)))
            #expect(encoded.outcome == .record)
            #expect(Digest128(high: 0, low: encoded.keyDigest).description.suffix(16) == digests.key)
            #expect(encoded.digests[0].description == digests.record)
        }
    }

    @Test(arguments: trees) func `a tree has its published top and root`(_ published: VectorFile.Tree) throws {
        let scheme = try #require(HashScheme(rawValue: published.scheme))
        var tree = MerkleTree()
        for record in published.records {
            let digest = Array(record.canonical.utf8).withUnsafeBytes { scheme.digest($0) }
            tree.add(digest, key: Array(record.key.utf8).withUnsafeBytes { scheme.keyDigest($0) })
        }
        #expect(tree.topHash.hexadecimal == published.top)
        let label = "canonical/1|\(published.scheme)|\(published.phoneRegion)|\(published.fields)"
        #expect(tree.root(label: label) == "sha256:" + published.root)
    }

    private func encode(_ contact: VectorFile.Contact, _ scheme: HashScheme) throws -> Encoding.Encoded {
        let fields = try contact.fields.map { field in
            (field.options ?? .init()).mapping(field.name, try #require(FieldType(name: field.type)))
        }
        let values = try contact.fields.map { try contact.values[$0.name]?.raw() ?? .null }
        return Encoding.encode([values], fields, scheme: scheme)[0]
    }
}
