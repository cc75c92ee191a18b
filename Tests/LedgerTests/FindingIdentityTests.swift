import Contacts
import Foundation
import Ledger
import Testing

@Suite struct FindingIdentityTests {
    private let identity = FindingIdentity(key: Array(0..<32))

    /// Made with `openssl dgst -sha256 -mac HMAC`, first 32 digits.
    @Test func isTheDocumentedHMAC() {
        let id = identity.id(rule: .driftField, subject: "123", stores: ["crm", "app"])
        #expect(id == "6c2722d33631865f546983bf9c15a4ef")
        #expect(identity.id(rule: .driftSchema, subject: nil, stores: ["crm"]) == "20f7e77503fc0e5bcec3ccc35de1f7bb")
    }

    @Test func theOrderOfStoresDoesNotMatter() {
        #expect(
            identity.id(rule: .driftField, subject: "1", stores: ["a", "b", "a"])
                == identity.id(rule: .driftField, subject: "1", stores: ["b", "a"])
        )
    }

    @Test func differentFindingsHaveDifferentIDs() {
        let ids = [
            identity.id(rule: .driftField, subject: "1", stores: ["a"]),
            identity.id(rule: .driftStale, subject: "1", stores: ["a"]),
            identity.id(rule: .driftField, subject: "2", stores: ["a"]),
            identity.id(rule: .driftField, subject: "1", stores: ["a", "b"]),
            identity.id(rule: .driftField, subject: "1", stores: ["ab"]),
            identity.id(rule: .driftField, subject: nil, stores: ["1", "a"]),
            identity.id(rule: .driftField, subject: "", stores: ["1", "a"]),
            FindingIdentity(key: Array(1..<33)).id(rule: .driftField, subject: "1", stores: ["a"]),
        ]
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
    }

    @Test func racingFirstUsesGetOneKey() async throws {
        let state = try TemporaryState()
        let folder = state.folder
        let keys = try await withThrowingTaskGroup { group in
            for _ in 0..<16 { group.addTask { try StateFolder(path: folder.path).findingKey() } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(keys.map(\.count) == [32])
        #expect(try keys == [folder.findingKey()])
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("finding") }
        #expect(left == ["finding.key"])
    }

    @Test(arguments: [0, 31, 33]) func aDamagedKeyIsNotUsed(_ length: Int) throws {
        let state = try TemporaryState()
        try Data(count: length).write(to: URL(fileURLWithPath: state.folder.path + "/finding.key"))
        let error = try #require(throws: LedgerError.self) { try state.folder.findingKey() }
        #expect(error.code == .damaged)
    }
}
