/// One value of a sample contact, by meaning: how a store spells it is its shape's matter.
enum SampleValue: Sendable, Hashable {
    case text(String)
    case integer(Int64)
    case bool(Bool)
    /// `YYYY-MM-DD`, or `--MM-DD`.
    case date(String)
    /// Microseconds since 1970 UTC.
    case instant(Int64)
    case json(SampleJSON)
    /// Lower-case, domains in Unicode; the first is the primary one.
    case emails([String])
    /// The first is the primary one.
    case phones([SamplePhone])
    case words([String])
}
