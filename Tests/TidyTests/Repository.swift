import Foundation

/// The files of this repository.
enum Repository {
    static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// Whether a program is on the PATH.
    static func isInstalled(_ program: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    /// The folders in a folder, by name.
    static func folders(in path: String) throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(
                at: root.appending(path: path),
                includingPropertiesForKeys: [.isDirectoryKey]
            )
            .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent).sorted()
    }

    /// The Swift and C files below a folder, as paths from the root, in order.
    static func sources(in path: String) throws -> [String] {
        let below = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: path).path)
        let endings: Set = ["swift", "c", "cpp", "h"]
        return below.filter { endings.contains(($0 as NSString).pathExtension) }.map { "\(path)/\($0)" }.sorted()
    }
}
