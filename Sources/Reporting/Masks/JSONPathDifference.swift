/// Where two JSON values differ.
package enum JSONPathDifference {
    /// Paths go no deeper than this; what differs below is told at this depth.
    package static let depthLimit = 32

    /// The paths at which two canonical JSON texts differ: `$.work.city`, `$.tags[2]`, in document order, each once.
    ///
    /// Only keys that are plain words are shown; any other may be a person's data (an e-mail as a key) and is `["•••"]`.
    /// A member or element that one side lacks is told by its own path; values of different kinds by the path they share.
    ///
    /// - Returns: None where the texts are equal. At most `limit` paths, then `…` where there are more. `["$"]` where one
    ///   of the texts is no canonical JSON.
    package static func paths(_ a: String, _ b: String, limit: Int = 5) -> [String] {
        guard a != b else { return [] }
        guard let left = JSONSpan(a), let right = JSONSpan(b) else { return ["$"] }
        var walk = Walk(limit: limit)
        walk.compare(left, right, path: "$", depth: 0)
        return walk.paths.count > limit ? Array(walk.paths.prefix(limit)) + ["…"] : walk.paths
    }

    private struct Walk {
        let limit: Int
        var paths: [String] = []

        private var isFull: Bool { paths.count > limit }

        mutating func note(_ path: String) {
            if !isFull, !paths.contains(path) { paths.append(path) }
        }

        mutating func compare(_ a: JSONSpan, _ b: JSONSpan, path: String, depth: Int) {
            guard !isFull, !JSONSpan.hasSameBytes(a, b) else { return }
            let isContainer = a.first == UInt8(ascii: "{") || a.first == UInt8(ascii: "[")
            guard depth < JSONPathDifference.depthLimit, isContainer, a.first == b.first else { return note(path) }
            if a.first == UInt8(ascii: "{") {
                guard let left = a.members, let right = b.members else { return note(path) }
                compareMembers(left, right, path: path, depth: depth)
            } else {
                guard let left = a.children, let right = b.children else { return note(path) }
                for (index, pair) in zip(left, right).enumerated() {
                    compare(pair.0, pair.1, path: "\(path)[\(index)]", depth: depth + 1)
                }
                for index in min(left.count, right.count)..<max(left.count, right.count) where !isFull {
                    note("\(path)[\(index)]")
                }
            }
        }

        /// Walks two lists of members together. Keys are compared by their escaped bytes, and the lists need not have the
        /// same order: a key's partner is looked up.
        private mutating func compareMembers(
            _ left: [(key: ArraySlice<UInt8>, value: JSONSpan)],
            _ right: [(key: ArraySlice<UInt8>, value: JSONSpan)],
            path: String,
            depth: Int
        ) {
            let partners = Dictionary(right.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
            for member in left where !isFull {
                let memberPath = path + Self.step(member.key)
                if let partner = partners[member.key] {
                    compare(member.value, partner, path: memberPath, depth: depth + 1)
                } else {
                    note(memberPath)
                }
            }
            let known = Set(left.map(\.key))
            for member in right where !isFull && !known.contains(member.key) { note(path + Self.step(member.key)) }
        }

        private static func step(_ key: ArraySlice<UInt8>) -> String {
            let isWord =
                key.count <= 64 && key.first.map { !ValueMask.isDigit($0) } == true && key.allSatisfy(isWordByte)
            return isWord ? ".\(String(decoding: key, as: UTF8.self))" : "[\"\(ValueMask.filler)\"]"
        }

        private static func isWordByte(_ byte: UInt8) -> Bool {
            ValueMask.isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }
}
