/// Why a store does not take a change, in a sentence without values.
struct WriteRefusal: Error {
    let why: String

    init(_ why: String) { self.why = why }
}
