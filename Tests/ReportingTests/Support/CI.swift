import Foundation

/// Whether what a test needs must be there: in CI nothing is skipped for want of it.
let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
