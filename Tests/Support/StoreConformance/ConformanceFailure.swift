/// What a store did that no store may do.
package struct ConformanceFailure: Error, CustomStringConvertible {
    package let description: String
}

/// Fails a check unless the condition holds.
func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
    if !condition { throw ConformanceFailure(description: sentence()) }
}
