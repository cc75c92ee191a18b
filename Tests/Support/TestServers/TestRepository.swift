import Foundation

/// Where this repository is.
enum TestRepository {
    /// Absolute, without a slash at its end.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().appending(path: "../../../..")
        .standardizedFileURL.path.trimmingSuffix("/")

    static func path(_ below: String) -> String { "\(root)/\(below)" }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
