import Foundation

/// The system calls of writing that can fail for want of space, so that tests can make them fail. Each returns as the
/// system's does: negative and `errno` where it failed.
struct FileCalls: Sendable {
    var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Int = { Foundation.write($0, $1.baseAddress, $1.count) }
    var sync: @Sendable (Int32) -> Int32 = { fsync($0) }
    var rename: @Sendable (String, String) -> Int32 = { Foundation.rename($0, $1) }
}
