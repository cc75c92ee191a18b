import Contacts
import Foundation
import Reporting

/// Where pages and reports of repairs go: the folder of their run.
struct RepairFiles {
    /// The folder of reports.
    let folder: String

    /// Writes the page of a plan, which shows masks.
    ///
    /// - Returns: its path.
    /// - Throws: `FileError`.
    func write(_ plan: RepairPlan) throws -> String {
        try write(Data(try PlanHTML.render(plan).utf8), to: "plan.html", of: plan.run)
    }

    /// Writes what an apply or an undo came to: `apply.json` and `apply.html`, or `undo.json` and `undo.html`.
    ///
    /// - Returns: the page's path.
    /// - Throws: `FileError`.
    func write(_ report: ApplyReport) throws -> String {
        let name = report.undoes == nil ? "apply" : "undo"
        _ = try write(try JSONReport.encode(report), to: "\(name).json", of: report.run.id)
        return try write(Data(try ApplyHTML.render(report).utf8), to: "\(name).html", of: report.run.id)
    }

    private func write(_ data: Data, to name: String, of run: String) throws -> String {
        try ReportFiles.makeFolder("\(folder)/\(run)", false)
        let path = "\(folder)/\(run)/\(name)"
        try AtomicFile.write(data, to: path)
        return path
    }
}
