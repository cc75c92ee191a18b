import Foundation
import Rules

/// A folder of rule files, removed with this object.
final class RuleFolder {
    let path = FileManager.default.temporaryDirectory.path + "/rollcall-rules-" + UUID().uuidString

    /// - Parameter files: texts by name.
    init(_ files: [String: String]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)")) }
    }

    // What cannot be removed is the system's temporary folder to clear.
    deinit { _ = try? FileManager.default.removeItem(atPath: path) }

    /// The rules of a configuration with stores `crm` and `local`; an error is its text, without the folder's path.
    func load() -> Result<RuleBook, RuleFailure> {
        do {
            return .success(
                try RuleBook.load(
                    folder: path,
                    named: true,
                    stores: ["crm", "local"],
                    fields: ["first_name", "notes"]
                )
            )
        } catch {
            return .failure(RuleFailure(text: error.description.replacing(path + "/", with: "")))
        }
    }

    /// The rules of one file, `r.yaml`.
    static func load(_ text: String) throws -> Result<RuleBook, RuleFailure> {
        try RuleFolder(["r.yaml": text]).load()
    }
}

/// What a configuration error says.
struct RuleFailure: Error, Equatable {
    let text: String
}
