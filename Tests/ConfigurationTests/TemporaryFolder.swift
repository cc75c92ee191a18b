import Foundation
import Rules
import Testing

@testable import rollcall

/// A folder that goes away with its last reference.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("rollcall-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and gives its path.
    @discardableResult
    func write(_ text: String, to name: String = "rollcall.yaml") throws -> String {
        try write(Data(text.utf8), to: name)
    }

    @discardableResult
    func write(_ bytes: Data, to name: String) throws -> String {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try bytes.write(to: file)
        return file.path
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    /// Loads a text as the `rollcall.yaml` of this folder.
    func load(_ text: String, environment: [String: String] = [:]) throws -> Configuration {
        try ConfigurationLoader.load(path: write(text), environment: environment)
    }
}

/// The least that loads; six lines, so that what a test appends begins at line 7.
let minimal = """
    version: 1
    canonical: a
    stores:
      a:
        kind: sqlite
        path: a.db

    """

/// The description of the error that loading a text gives, without the folder's path; nil when it loads.
func failure(_ text: String, environment: [String: String] = [:]) throws -> String? {
    let folder = try TemporaryFolder()
    do {
        _ = try folder.load(text, environment: environment)
        return nil
    } catch let error as ConfigurationError {
        return error.description.replacing(folder.path + "/", with: "")
    }
}
