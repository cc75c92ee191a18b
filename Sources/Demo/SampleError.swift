/// Why sample stores, or their servers, are not there.
package enum SampleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file of that path is there already.
    case exists(String)
    /// A program is missing; the sentences say which, and how to get it.
    case missing(String)
    /// A server did not do what it was started for; the sentence says what.
    case server(String)

    package var description: String {
        switch self {
        case .exists(let path): "\(path) exists already. Choose an empty folder, or remove the file."
        case .missing(let sentences), .server(let sentences): sentences
        }
    }
}
