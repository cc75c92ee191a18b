import Foundation

/// The programs that servers are run with, and where they are found.
enum ServerProgram {
    /// Names the emulator of BigQuery where it is not found otherwise.
    static let emulatorVariable = "ROLLCALL_BIGQUERY_EMULATOR"
    private static let emulatorName = "local-bigquery"

    /// - Throws: `SampleError.missing`.
    static func python() throws -> String {
        guard let path = onPath("python3") else {
            throw SampleError.missing(
                "There is no python3 on the PATH, and the simulators of Twenty and Supabase need Python 3.9 or later."
                    + " Install it, or use --stores sqlite."
            )
        }
        return path
    }

    /// The emulator of BigQuery: what the variable names, what `make setup-test` installed below the working folder, or what is
    /// on the PATH.
    ///
    /// - Throws: `SampleError.missing`.
    static func emulator() throws -> (path: String, environment: [String: String]) {
        let files = FileManager.default
        let environment = ProcessInfo.processInfo.environment
        let installed = files.currentDirectoryPath + "/Tests/.bqemu/bin/\(emulatorName)"
        var path = files.isExecutableFile(atPath: installed) ? installed : onPath(emulatorName)
        if let named = environment[emulatorVariable], !named.isEmpty {
            path = named.hasPrefix("/") ? named : "\(files.currentDirectoryPath)/\(named)"
            guard files.isExecutableFile(atPath: named) else {
                throw SampleError.missing("\(emulatorVariable) names \(named), which is no program that can be run.")
            }
        }
        guard let path else {
            throw SampleError.missing(
                "The emulator of BigQuery (\(emulatorName)) is not installed. `make setup-test` in Rollcall's repository"
                    + " installs it for programs that are run there; elsewhere name it in \(emulatorVariable), or use"
                    + " --stores sqlite."
            )
        }
        // Below HOME are the extensions of its database, where it was installed with a home of its own.
        let home = URL(filePath: path).deletingLastPathComponent().appending(path: "../home").standardizedFileURL.path
        return (path, files.fileExists(atPath: home) ? ["HOME": home] : [:])
    }

    private static func onPath(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { $0.hasPrefix("/") && FileManager.default.isExecutableFile(atPath: $0) }
    }
}
