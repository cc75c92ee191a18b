/// Whose sync metadata is written.
enum Seniority {
    /// That of the side with this number.
    case side(Int)
    /// The values are several sides': the highest version and one, the latest change.
    case merged
}
