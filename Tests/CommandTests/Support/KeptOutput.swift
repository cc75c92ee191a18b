import Foundation

/// What the program printed and wrote is kept for `.ci/test` to look for secrets in, where the environment names a folder
/// for it; else it goes with the test.
enum KeptOutput {
    private static let folder = ProcessInfo.processInfo.environment["ROLLCALL_TEST_OUTPUT"]

    /// Moves a file or folder there, or removes it.
    static func take(_ path: String) {
        let manager = FileManager.default
        if let folder, manager.fileExists(atPath: path) {
            let place = "\(folder)/\(UUID().uuidString)-\((path as NSString).lastPathComponent)"
            if (try? manager.moveItem(atPath: path, toPath: place)) != nil { return }
        }
        // What cannot be removed is the system's temporary folder to clear.
        try? manager.removeItem(atPath: path)
    }
}
