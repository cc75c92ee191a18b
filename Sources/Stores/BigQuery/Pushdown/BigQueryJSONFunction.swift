/// Canonical JSON inside BigQuery: a function in JavaScript that follows docs/canonical-form.md digit for digit. Its answer
/// is `?`, which is no canonical text, where JSON is invalid or beyond what is certain.
enum BigQueryJSONFunction {
    static let name = "rollcall_json"

    /// The statement that makes it, for one script.
    static let declaration = """
        CREATE TEMP FUNCTION \(name)(j STRING) RETURNS STRING LANGUAGE js AS r'''
        \(body)
        ''';

        """

    private static let body = #"""
        if (j === null || j === undefined) return null;
        var at = 0, depth = 0;
        function fail() { throw new Error("?"); }
        function space() {
          while (at < j.length) {
            var c = j.charCodeAt(at);
            if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
            at++;
          }
        }
        function take(c) {
          space();
          if (j[at] !== c) return false;
          at++;
          return true;
        }
        function isSurrogate(c) { return c >= 0xD800 && c <= 0xDFFF; }
        function compare(a, b) {
          var n = Math.min(a.length, b.length);
          for (var i = 0; i < n; i++) {
            var x = a.charCodeAt(i), y = b.charCodeAt(i);
            if (x === y) continue;
            if (isSurrogate(x) !== isSurrogate(y)) return isSurrogate(x) ? 1 : -1;
            return x < y ? -1 : 1;
          }
          return a.length - b.length;
        }
        function string() {
          if (j[at] !== '"') fail();
          var start = at++;
          while (j[at] !== '"') {
            if (at >= j.length || j.charCodeAt(at) < 32) fail();
            at += j.charCodeAt(at) === 92 ? 2 : 1;
          }
          at++;
          var s = JSON.parse(j.substring(start, at));
          for (var i = 0; i < s.length; i++) {
            var c = s.charCodeAt(i);
            if (!isSurrogate(c)) continue;
            var next = i + 1 < s.length ? s.charCodeAt(i + 1) : 0;
            if (c >= 0xDC00 || next < 0xDC00 || next > 0xDFFF) fail();
            i++;
          }
          return s;
        }
        var numbers = /(-?)(0|[1-9][0-9]*)(?:[.]([0-9]+))?(?:[eE]([+-]?[0-9]+))?/y;
        function number() {
          numbers.lastIndex = at;
          var m = numbers.exec(j);
          if (m === null) fail();
          at = numbers.lastIndex;
          var all = m[2] + (m[3] || "");
          var last = all.length - 1;
          while (last >= 0 && all[last] === "0") last--;
          if (last < 0) return "0";
          var first = 0;
          while (all[first] === "0") first++;
          var zeros = m[2].length + parseInt(m[4] || "0", 10) - (last + 1);
          if (zeros >= 0) {
            if (last + 1 - first + zeros > 400) fail();
            return m[1] + all.substring(first, last + 1) + "0".repeat(zeros);
          }
          var x = Number(m[0]);
          if (!isFinite(x)) fail();
          return String(x === 0 ? 0 : x);
        }
        function list() {
          var elements = [];
          if (take("]")) return "[]";
          do { elements.push(value()); } while (take(","));
          if (!take("]")) fail();
          return "[" + elements.join(",") + "]";
        }
        function object() {
          var members = [];
          if (take("}")) return "{}";
          do {
            space();
            var key = string();
            if (!take(":")) fail();
            members.push([key, value()]);
          } while (take(","));
          if (!take("}")) fail();
          members.sort(function (a, b) { return compare(a[0], b[0]); });
          for (var i = 1; i < members.length; i++) if (members[i][0] === members[i - 1][0]) fail();
          return "{" + members.map(function (m) { return JSON.stringify(m[0]) + ":" + m[1]; }).join(",") + "}";
        }
        function value() {
          space();
          var c = j[at];
          if (c === '"') return JSON.stringify(string());
          if (c === "{" || c === "[") {
            if (++depth > 512) fail();
            at++;
            var text = c === "{" ? object() : list();
            depth--;
            return text;
          }
          var words = ["true", "false", "null"];
          for (var i = 0; i < words.length; i++) {
            if (j.startsWith(words[i], at)) {
              at += words[i].length;
              return words[i];
            }
          }
          return number();
        }
        try {
          var result = value();
          space();
          return at === j.length ? result : "?";
        } catch (e) {
          return "?";
        }
        """#
}
