/// What is decided of a contact that lives on.
struct ContactDecision {
    /// The number of the store whose value wins; nil: a person must say.
    let source: Int?
    /// That store and others that moved to the same value, where it is none of canonical's.
    let group: [Int]
    /// Whether a person said so.
    let isTaken: Bool
    /// Fields that are written nowhere.
    var open: Set<String> = []
    /// Whether some fields wait for a person to say who wins. Nothing but certain repairs of damaged values is written then:
    /// any other write would count as a move when it is decided.
    var isUndecided = false
    /// Whether sync metadata goes with the values. Where some could not be written it would say that they were.
    var carriesMetadata = true
}
