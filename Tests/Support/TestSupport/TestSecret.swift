/// The secrets that tests use: passwords, keys, tokens. All of them hold one word that is nowhere else, by which they are
/// looked for in all that the program prints and writes.
package enum TestSecret {
    /// `.ci/test` looks for the same.
    package static let word = "hunter2"

    /// A secret of its own name.
    package static func make(_ name: String) -> String { "\(word)-\(name)" }

    /// Whether a text holds any of them.
    package static func isIn(_ text: String) -> Bool { text.contains(word) }
}
