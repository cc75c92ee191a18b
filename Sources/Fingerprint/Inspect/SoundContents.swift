import Synchronization

/// The contents that an inspector has found sound in one store, by their digests, in the order of its scan.
///
/// Most contacts are the same in all stores, and most stores keep them in the same order: what another store holds next is
/// nearly always what stands next here, and need not be inspected again. What is not found is inspected.
package final class SoundContents: Sendable {
    /// Of one portion: half a digest for each record, 0 for one that is not sound or of which that is not known.
    typealias Portion = [UInt64]

    private let portions = Mutex<[Portion]>([])

    /// Nothing is known to be sound yet.
    package init() {}

    func append(_ portion: Portion) { portions.withLock { $0.append(portion) } }

    fileprivate var finished: [Portion] { portions.withLock { $0 } }
}

extension SoundContents {
    /// Notes the contents of a portion that is being scanned.
    struct Recorder {
        /// 16 MiB.
        private static let limit = 1 << 21

        private let contents: SoundContents
        private var portion: Portion = []

        init(_ contents: SoundContents) { self.contents = contents }

        @inline(__always)
        mutating func add(_ digest: Digest128, isSound: Bool) {
            guard portion.count < Self.limit else { return }
            portion.append(isSound ? digest.low : 0)
        }

        /// Others can read the portion from here on.
        func finish() { contents.append(portion) }
    }

    /// Goes along the contents of one store with the scan of another.
    struct Cursor {
        /// How far ahead is looked for a content: so many may stand there alone in a row.
        private static let reach = 16
        /// How often all is searched for a content, where the two have come apart.
        private static let maximumSeeks = 64

        private let contents: SoundContents
        private var portion: Portion = []
        private var next = 0
        private var misses = reach
        private var seeks = 0

        init(_ contents: SoundContents) { self.contents = contents }

        /// Whether a content was found sound. False says nothing.
        @inline(__always)
        mutating func contains(_ digest: Digest128) -> Bool {
            if next < portion.count, portion[next] == digest.low, digest.low != 0 {
                next &+= 1
                misses = 0
                return true
            }
            return find(digest)
        }

        @inline(never)
        private mutating func find(_ digest: Digest128) -> Bool {
            guard digest.low != 0 else { return false }
            let end = min(next + Self.reach, portion.count)
            if next < end, let found = portion[next..<end].firstIndex(of: digest.low) {
                next = found + 1
                misses = 0
                return true
            }
            // At the end of a portion it goes on in another one.
            misses = next == portion.count && next > 0 ? Self.reach : misses + 1
            guard misses >= Self.reach, seeks < Self.maximumSeeks else { return false }
            misses = 0
            seeks += 1
            for portion in contents.finished {
                guard let found = portion.firstIndex(of: digest.low) else { continue }
                self.portion = portion
                next = found + 1
                return true
            }
            portion = []
            next = 0
            return false
        }
    }
}
