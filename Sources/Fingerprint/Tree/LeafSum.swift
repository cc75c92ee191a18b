/// The sum of the records under a node: their number and their digests' lanes, each added in 64 bits, wrapping.
///
/// It does not depend on order, it is brought forward by adding and subtracting, and two equal records do not cancel.
package struct LeafSum: Sendable, Hashable {
    /// The number of records.
    package var count: UInt64 = 0
    /// The sums of the digests' lanes, most significant lane first.
    package var lanes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The sum of no records.
    package init() {}

    /// Whether there is no record under the node.
    package var isEmpty: Bool { count == 0 }

    /// Adds a record.
    @inline(__always)
    package mutating func add(_ digest: Digest128) {
        let added = digest.lanes
        count &+= 1
        lanes.0 &+= added.0
        lanes.1 &+= added.1
        lanes.2 &+= added.2
        lanes.3 &+= added.3
    }

    /// Takes away a record that was added.
    @inline(__always)
    package mutating func subtract(_ digest: Digest128) {
        let removed = digest.lanes
        count &-= 1
        lanes.0 &-= removed.0
        lanes.1 &-= removed.1
        lanes.2 &-= removed.2
        lanes.3 &-= removed.3
    }

    /// Adds the records of another sum.
    @inline(__always)
    package mutating func add(_ other: LeafSum) {
        count &+= other.count
        lanes.0 &+= other.lanes.0
        lanes.1 &+= other.lanes.1
        lanes.2 &+= other.lanes.2
        lanes.3 &+= other.lanes.3
    }

    package static func == (lhs: LeafSum, rhs: LeafSum) -> Bool { lhs.count == rhs.count && lhs.lanes == rhs.lanes }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        hasher.combine(lanes.0)
        hasher.combine(lanes.1)
        hasher.combine(lanes.2)
        hasher.combine(lanes.3)
    }
}
