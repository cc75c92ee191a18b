package import Contacts
import Foundation

extension SQLiteSession: RightsTelling {
    /// Whether the file, and its folder, in which SQLite makes its journal, may be written by this process.
    package func rights() async throws -> StoreRights {
        let path = URL(fileURLWithPath: store.settings.path).path
        let folder = (path as NSString).deletingLastPathComponent
        guard FileManager.default.isWritableFile(atPath: path) else {
            return StoreRights(canWrite: false, statement: "the file may be read and not written")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            return StoreRights(
                canWrite: false,
                statement: "the file's folder may not be written, so that it has no journal"
            )
        }
        return StoreRights(canWrite: true, statement: "the file and its folder may be written")
    }
}
