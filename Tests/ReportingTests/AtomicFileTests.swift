import Foundation
import Synchronization
import Testing

@testable import Reporting

@Suite("Files that are whole or not there")
struct AtomicFileTests {
    @Test("a file is written, and replaced")
    func write() throws {
        let folder = try Folder()
        for content in ["first", "", "the second, longer"] {
            try AtomicFile.write(Data(content.utf8), to: folder.file("report.json"))
            #expect(try String(contentsOfFile: folder.file("report.json"), encoding: .utf8) == content)
            #expect(try folder.names() == ["report.json"])
        }
    }

    @Test("permissions are those asked for, never wider", arguments: [0o600, 0o644] as [mode_t])
    func mode(mode: mode_t) throws {
        let folder = try Folder()
        try AtomicFile.write(Data([1]), to: folder.file("a"), mode: mode)
        var status = stat()
        #expect(stat(folder.file("a"), &status) == 0)
        #expect(status.st_mode & 0o777 & ~mode == 0)
        #expect(status.st_mode & 0o600 == 0o600)
    }

    @Test("a stream of many parts arrives in order")
    func stream() throws {
        let folder = try Folder()
        let writer = try AtomicFileWriter(path: folder.file("a"))
        let lines = (0..<20_000).map { "line \($0)\n" }
        for line in lines { try writer.append(line.utf8) }
        #expect(try !folder.names().contains("a"))
        try writer.commit()
        #expect(try String(contentsOfFile: folder.file("a"), encoding: .utf8) == lines.joined())
    }

    @Test("what is not committed leaves nothing", arguments: [true, false])
    func discarded(explicitly: Bool) throws {
        let folder = try Folder()
        do {
            let writer = try AtomicFileWriter(path: folder.file("a"))
            try writer.append([1, 2, 3])
            if explicitly { writer.discard() }
        }
        #expect(try folder.names() == [])
    }

    @Test("a short write goes on, an interrupted one is repeated")
    func shortWrites() throws {
        let folder = try Folder()
        let turn = Mutex(0)
        var calls = FileCalls()
        calls.write = { descriptor, bytes in
            let isInterrupted = turn.withLock { turn in
                turn += 1
                return turn.isMultiple(of: 2)
            }
            if isInterrupted {
                errno = EINTR
                return -1
            }
            return Foundation.write(descriptor, bytes.baseAddress, min(bytes.count, 7))
        }
        let content = Data((0..<100).map { UInt8($0) })
        let writer = try AtomicFileWriter(path: folder.file("a"), mode: 0o644, calls: calls)
        try writer.append(content)
        try writer.commit()
        #expect(try Data(contentsOf: URL(filePath: folder.file("a"))) == content)
    }

    enum Step: CaseIterable { case write, sync, rename }

    @Test("a disk that fills up at any step leaves the old file and nothing else", arguments: Step.allCases)
    func full(step: Step) throws {
        let folder = try Folder()
        try AtomicFile.write(Data("old".utf8), to: folder.file("report.json"))
        var calls = FileCalls()
        @Sendable func noSpace() -> Int32 {
            errno = ENOSPC
            return -1
        }
        switch step {
        case .write: calls.write = { _, _ in Int(noSpace()) }
        case .sync: calls.sync = { _ in noSpace() }
        case .rename: calls.rename = { _, _ in noSpace() }
        }
        let writer = try AtomicFileWriter(path: folder.file("report.json"), mode: 0o644, calls: calls)
        let error = #expect(throws: FileError.self) {
            try writer.append([UInt8](repeating: 1, count: 10))
            try writer.commit()
        }
        #expect(error?.code == ENOSPC)
        #expect(error?.path == folder.file("report.json"))
        #expect(error?.message.hasPrefix("No space left on the device") == true)
        #expect(try folder.names() == ["report.json"])
        #expect(try String(contentsOfFile: folder.file("report.json"), encoding: .utf8) == "old")
    }

    @Test("a real full disk", .enabled(if: SmallDisk.isAllowed || isCI, "needs the right to mount"))
    func reallyFull() throws {
        let disk = try SmallDisk()
        try AtomicFile.write(Data("old".utf8), to: disk.folder.file("report.json"))
        let error = #expect(throws: FileError.self) {
            try AtomicFile.write(Data(count: 1 << 20), to: disk.folder.file("report.json"))
        }
        #expect(error?.code == ENOSPC)
        #expect(try disk.folder.names() == ["report.json"])
        #expect(try String(contentsOfFile: disk.folder.file("report.json"), encoding: .utf8) == "old")
    }

    @Test("what is no regular file is left alone")
    func refused() throws {
        let folder = try Folder()
        #expect(throws: FileError.self) { try AtomicFile.write(Data(), to: "/dev/null") }
        #expect(throws: FileError.self) { try AtomicFile.write(Data(), to: folder.path) }
        let error = #expect(throws: FileError.self) { try AtomicFile.write(Data(), to: folder.file("no/such/file")) }
        #expect(error?.message == "Its folder does not exist: create it first. Nothing was written under this name.")
        #expect(try folder.names() == [])
    }

    @Test("a link stays a link")
    func link() throws {
        let folder = try Folder()
        try AtomicFile.write(Data("old".utf8), to: folder.file("target"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"),
            withDestinationPath: folder.file("target")
        )
        try AtomicFile.write(Data("new".utf8), to: folder.file("link"))
        #expect(try String(contentsOfFile: folder.file("target"), encoding: .utf8) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == folder.file("target"))
    }
}

/// A file system of 64 KB in a folder of its own; unmounted when the test lets go of it.
private final class SmallDisk {
    let folder: Folder

    static var isAllowed: Bool { (try? SmallDisk()) != nil }

    struct Refused: Error {}

    init() throws {
        folder = try Folder()
        let result = try Tool.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path])
        guard result.status == 0 else { throw Refused() }
    }

    deinit { _ = try? Tool.run(["umount", folder.path]) }
}
