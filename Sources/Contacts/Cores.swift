import Foundation

/// The processor cores that this process may use.
package enum Cores {
    /// How many there are, at least one. Linux tells which it may use in a mask, which a container or `taskset` narrows
    /// (`Cpus_allowed` in proc(5)); elsewhere all that are active.
    package static let available: Int =
        (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)).flatMap(count)
        ?? max(1, ProcessInfo.processInfo.activeProcessorCount)

    /// The bits of the mask in the text of /proc/self/status; nil where it has none.
    static func count(inStatus text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return nil }
        let bits = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
            .reduce(0) { $0 + $1.nonzeroBitCount }
        return bits > 0 ? bits : nil
    }
}
