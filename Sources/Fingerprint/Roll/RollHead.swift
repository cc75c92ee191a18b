import Foundation

/// What a roll is of. Digests of a roll with another head mean nothing here; its key columns do.
package struct RollHead: Sendable, Hashable, Codable {
    /// The canonical form and scheme.
    package var scheme: String
    /// In which phone numbers without a country code were read.
    package var phoneRegion: String
    /// The field set's label.
    package var fields: String
    /// The fields' settings in the store and in canonical.
    package var settings: [String]
    /// The run that wrote the roll.
    package var run: String
    /// When that run started, in milliseconds since 1970.
    package var startedAt: Int64
    /// Lines by partition of the key digest's first byte.
    package var counts: [Int]

    /// The head of a roll that has no lines yet.
    package init(
        scheme: HashScheme,
        phoneRegion: String,
        fields: String,
        settings: [String],
        run: String,
        startedAt: Int64
    ) {
        self.scheme = "canonical/1|\(scheme.rawValue)"
        self.phoneRegion = phoneRegion
        self.fields = fields
        self.settings = settings
        self.run = run
        self.startedAt = startedAt
        counts = Array(repeating: 0, count: SpoolFile.partitionCount)
    }

    /// Whether digests under the two heads mean the same.
    package func isComparable(to other: RollHead) -> Bool {
        scheme == other.scheme && phoneRegion == other.phoneRegion && fields == other.fields
            && settings == other.settings
    }
}
