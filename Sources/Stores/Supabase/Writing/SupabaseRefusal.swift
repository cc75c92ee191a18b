/// Why a store does not take a change, in a sentence without values.
struct SupabaseRefusal: Error {
    let why: String

    init(_ why: String) { self.why = why }
}
