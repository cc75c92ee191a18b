/// Why a server for tests is not there: a tool is missing, or a program did not do what it was started for.
package struct TestServerError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
