import Foundation

/// The folder of a configuration file, to which the file's relative paths are relative.
struct ConfigurationFolder {
    private let folder: URL

    /// The folder of a file; a relative path is relative to the working directory.
    init(ofFile file: String) {
        folder = URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent()
    }

    /// The absolute path that a path of the file means.
    func path(to path: String) -> String {
        URL(fileURLWithPath: path, relativeTo: folder).standardizedFileURL.path
    }
}
