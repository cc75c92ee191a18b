import Foundation

/// How an apply and another process wait for each other, by files that appear. Who waits longer than two minutes gives up.
struct Meeting: Sendable {
    let folder: ProbeFolder

    func applyHasStarted() { appear(folder.applyStarted) }

    func editsAreDone() { appear(folder.editsDone) }

    func waitForApply() throws {
        guard wait(folder.applyStarted) else { throw ProbeFailure("no apply has begun") }
    }

    /// Ends the process where they do not come: nobody can be told from within a closure that does not throw.
    func waitForEdits() {
        guard !wait(folder.editsDone) else { return }
        FileHandle.standardError.write(Data("ApplyProbe: the other process has not written everything\n".utf8))
        exit(1)
    }

    private func appear(_ path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
    }

    private func wait(_ path: String) -> Bool {
        for _ in 0..<60_000 {
            if access(path, F_OK) == 0 { return true }
            usleep(2000)
        }
        return false
    }
}
