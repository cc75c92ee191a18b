/// Why a text is not JSON. It tells where, never what stands there.
package struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// How deep arrays and objects may be nested.
    package static let maximumDepth = 512

    /// The first byte that does not fit, counted from 0; the text's length where it ends too early.
    package let offset: Int
    /// What is wrong, in words without content.
    package let problem: String

    /// An error at a byte. `problem` holds nothing of the text.
    package init(offset: Int, problem: String) {
        self.offset = offset
        self.problem = problem
    }

    package var description: String { "not JSON at byte \(offset): \(problem)" }
}
