/// Canonical texts of dates and timestamps. The calendar is the proleptic Gregorian one, years 0001 to 9999.
enum TimeText {
    static let microsecondsPerDay: Int64 = 86_400_000_000
    /// The instants of the years 0001 to 9999.
    private static let range =
        days(year: 1, month: 1, day: 1) * microsecondsPerDay..<days(year: 10_000, month: 1, day: 1) * microsecondsPerDay

    /// Appends `YYYY-MM-DD` or `--MM-DD`; on `.invalid` nothing is appended.
    static func date(_ raw: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        let bytes = Bytes.trimmed(raw)
        if bytes.isEmpty { return .absent }
        if bytes.count == 7, bytes[0] == UInt8(ascii: "-"), bytes[1] == UInt8(ascii: "-"),
            let month = number(bytes, 2, 2), bytes[4] == UInt8(ascii: "-"), let day = number(bytes, 5, 2),
            isDay(year: 2000, month: month, day: day)
        {
            out.append(bytes)
            return .value
        }
        guard let calendar = calendarDate(bytes) else { return .invalid }
        if bytes.count == 10 {
            out.append(bytes)
            return .value
        }
        guard let instant = microseconds(bytes), instant % microsecondsPerDay == 0 else { return .invalid }
        // A time zone may move midnight UTC to another day than the one written.
        let day = instant / microsecondsPerDay
        return day == calendar ? append(bytes, to: &out) : appendDate(day: day, to: &out)
    }

    private static func append(_ bytes: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Reading {
        out.append(UnsafeRawBufferPointer(rebasing: bytes[0..<10]))
        return .value
    }

    /// Appends the microseconds since 1970 UTC, floored to the precision; on `.invalid` nothing is appended.
    ///
    /// - Parameters:
    ///   - unit: microseconds in a unit of an epoch number; 0: a bare number is no timestamp.
    ///   - precision: in microseconds.
    @inline(__always)
    static func timestamp(
        _ raw: UnsafeRawBufferPointer,
        unit: Int64,
        precision: Int64,
        to out: inout ByteBuffer
    ) -> Reading {
        let bytes = Bytes.trimmed(raw)
        if bytes.isEmpty { return .absent }
        guard let instant = instant(bytes, unit: unit) else { return .invalid }
        out.append(decimal: floor(instant, to: precision))
        return .value
    }

    /// The microseconds since 1970 UTC of a timestamp's text without space around; nil where it is none.
    @inline(__always)
    static func instant(_ bytes: UnsafeRawBufferPointer, unit: Int64) -> Int64? {
        if let instant = microseconds(bytes) { return instant }
        guard unit > 0 else { return nil }
        return epoch(bytes, unit: unit) ?? EpochText.microseconds(of: bytes, unit: unit, in: range)
    }

    /// The largest multiple of `precision` that is not above `instant`.
    static func floor(_ instant: Int64, to precision: Int64) -> Int64 {
        guard precision > 1 else { return instant }
        let rest = instant % precision
        return rest < 0 ? instant - rest - precision : instant - rest
    }

    /// The instant of `YYYY-MM-DD`, `T` or space, `hh:mm:ss[.f]`, then `Z`, ` UTC`, `±hh[[:]mm]` or nothing.
    private static func microseconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count >= 19, let day = calendarDate(bytes),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            let hour = number(bytes, 11, 2), hour < 24, bytes[13] == UInt8(ascii: ":"),
            let minute = number(bytes, 14, 2), minute < 60, bytes[16] == UInt8(ascii: ":"),
            let second = number(bytes, 17, 2), second < 60
        else { return nil }
        var index = 19
        var fraction = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            let start = index + 1
            index = start
            while index < bytes.count, Bytes.isDigit(bytes[index]) {
                if index - start < 6 { fraction = fraction * 10 + Int(bytes[index] - 0x30) }
                index += 1
            }
            guard index > start else { return nil }
            for _ in min(index - start, 6)..<6 { fraction *= 10 }
        }
        guard let offset = zone(bytes, from: index) else { return nil }
        let seconds = Int64(day) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
        return seconds * 1_000_000 + Int64(fraction)
    }

    /// Seconds east of UTC of what follows a time; nil where it is no time zone.
    private static func zone(_ bytes: UnsafeRawBufferPointer, from index: Int) -> Int? {
        let rest = bytes.count - index
        if rest == 0 { return 0 }
        let first = bytes[index]
        if rest == 1, first == UInt8(ascii: "Z") { return 0 }
        if rest == 4, Bytes.equal(UnsafeRawBufferPointer(rebasing: bytes[index...]), (" UTC" as StaticString).raw) {
            return 0
        }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), let hours = number(bytes, index + 1, 2),
            hours < 24
        else { return nil }
        var minutes = 0
        switch rest {
        case 3: break
        case 5:
            guard let given = number(bytes, index + 3, 2) else { return nil }
            minutes = given
        case 6:
            guard bytes[index + 3] == UInt8(ascii: ":"), let given = number(bytes, index + 4, 2) else { return nil }
            minutes = given
        default: return nil
        }
        guard minutes < 60 else { return nil }
        let offset = hours * 3600 + minutes * 60
        return first == UInt8(ascii: "-") ? -offset : offset
    }

    /// An epoch number of at most 18 digits in that unit, with a fraction or without.
    private static func epoch(_ bytes: UnsafeRawBufferPointer, unit: Int64) -> Int64? {
        var index = 0
        let negative = bytes[0] == UInt8(ascii: "-")
        if negative || bytes[0] == UInt8(ascii: "+") { index = 1 }
        var value: Int64 = 0
        let start = index
        while index < bytes.count, Bytes.isDigit(bytes[index]) {
            guard index - start < 18 else { return nil }
            value = value * 10 + Int64(bytes[index] - 0x30)
            index += 1
        }
        guard index > start else { return nil }
        let (whole, overflow) = value.multipliedReportingOverflow(by: unit)
        if overflow { return nil }
        var fraction: Int64 = 0
        var hasRest = false
        if index < bytes.count {
            guard bytes[index] == UInt8(ascii: "."), index + 1 < bytes.count else { return nil }
            index += 1
            var scale = unit
            while index < bytes.count {
                guard Bytes.isDigit(bytes[index]) else { return nil }
                let digit = Int64(bytes[index] - 0x30)
                if scale % 10 == 0 {
                    scale /= 10
                    fraction += digit * scale
                } else if digit > 0 {
                    hasRest = true
                }
                index += 1
            }
        }
        // Floored, so what is cut off a negative number takes one microsecond more.
        let instant = negative ? -(whole + fraction) - (hasRest ? 1 : 0) : whole + fraction
        return range.contains(instant) ? instant : nil
    }

    /// Days since 1970 of the `YYYY-MM-DD` that the bytes begin with; nil where they do not or there is no such day.
    private static func calendarDate(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count >= 10, let year = number(bytes, 0, 4), bytes[4] == UInt8(ascii: "-"),
            let month = number(bytes, 5, 2), bytes[7] == UInt8(ascii: "-"), let day = number(bytes, 8, 2),
            isDay(year: year, month: month, day: day)
        else { return nil }
        return days(year: year, month: month, day: day)
    }

    @inline(__always)
    private static func number(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        var value = 0
        for index in start..<(start + count) {
            guard Bytes.isDigit(bytes[index]) else { return nil }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        return value
    }

    private static func isDay(year: Int, month: Int, day: Int) -> Bool {
        guard year >= 1, (1...12).contains(month), day >= 1 else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return switch month {
        case 2: day <= (isLeap ? 29 : 28)
        case 4, 6, 9, 11: day <= 30
        default: day <= 31
        }
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, by counting years from March.
    private static func days(year: Int, month: Int, day: Int) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// The reverse of `days`.
    private static func appendDate(day: Int64, to out: inout ByteBuffer) -> Reading {
        let shifted = Int(day) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        guard (1...9999).contains(year) else { return .invalid }
        appendPadded(year, 4, to: &out)
        out.append(UInt8(ascii: "-"))
        appendPadded(month, 2, to: &out)
        out.append(UInt8(ascii: "-"))
        appendPadded(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2, to: &out)
        return .value
    }

    private static func appendPadded(_ value: Int, _ width: Int, to out: inout ByteBuffer) {
        for _ in Decimal.width(UInt64(value))..<width { out.append(UInt8(ascii: "0")) }
        out.append(decimal: Int64(value))
    }
}
