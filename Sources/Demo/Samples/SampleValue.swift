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
    /// The bytes of a text that is no value of the field's type; every store holds just these.
    case raw([UInt8])
    /// Members of a set of which one is damaged; every store spells them like this. They hold no comma and no semicolon.
    case rawMembers([String])
}
