import Contacts
import Foundation
import Testing

@testable import rollcall

@Suite struct SecretTests {
    @Test func nothingPrintsIt() throws {
        let folder = try TemporaryFolder()
        let stores = CredentialTests.stores.enumerated()
            .map { index, store in
                "  s\(index):\n" + store.lines.split(separator: "\n").map { "    \($0)\n" }.joined()
            }
            .joined()
        let text =
            minimal + stores + """
                sync: {webhookSecret: {a: "${K}"}}
                alert: {url: "https://h.test/${K}"}
                historyKey: ${K}
                """
        let configuration = try folder.load(text, environment: ["K": "hunter2", "X": "sb_secret_hunter2"])
        #expect(configuration.stores.allSatisfy { $0.missing == nil })
        let secret = try #require(configuration.historyKey)
        var dumped = ""
        dump(configuration, to: &dumped)
        dump(secret, to: &dumped)
        let printed = [
            "\(secret)", String(reflecting: secret), String(describing: Optional(secret)), "\([secret])",
            "\(configuration)", String(reflecting: configuration), configuration.canonicalText, dumped,
        ]
        for text in printed { #expect(!text.contains("hunter2")) }
        #expect("\(secret)" == "•••" && String(reflecting: secret) == "•••")
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(dumped.contains("•••"))
    }

    @Test func theOneUseGetsIt() {
        let secret = Secret("käse")
        #expect(secret.reveal() == "käse")
        #expect(secret.withBytes { Array($0) } == Array("käse".utf8))
    }
}
