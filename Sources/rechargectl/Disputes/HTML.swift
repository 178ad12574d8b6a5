import ControlAPI

/// A piece of HTML in which every text that came from outside is escaped.
///
/// ```
/// HTML.tag("td", "a < b").text      // <td>a &lt; b</td>
/// ```
struct HTML: Hashable, Sendable {
    let text: String

    /// Takes markup as it is: for literals only.
    init(markup: String) {
        text = markup
    }

    /// Takes a text as text, its control characters made visible.
    init(_ foreign: String) {
        var escaped = ""
        for scalar in foreign.visible.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        text = escaped
    }

    init(_ parts: [HTML]) {
        text = parts.map(\.text).joined()
    }

    static let nothing = HTML(markup: "")

    /// An element; its name and class are literals.
    static func tag(_ name: String, _ content: [HTML]) -> HTML {
        HTML(markup: "<\(name)>\(HTML(content).text)</\(name)>")
    }

    static func tag(_ name: String, _ style: String, _ content: [HTML]) -> HTML {
        HTML(markup: "<\(name) class=\"\(style)\">\(HTML(content).text)</\(name)>")
    }

    static func tag(_ name: String, _ content: String) -> HTML {
        tag(name, [HTML(content)])
    }

    static func tag(_ name: String, _ style: String, _ content: String) -> HTML {
        tag(name, style, [HTML(content)])
    }

    /// A table with a header; no table where there are no rows.
    static func table(_ titles: [String], _ rows: [[HTML]]) -> HTML {
        guard !rows.isEmpty else { return tag("p", "none", "none") }
        let head = tag("tr", titles.map { tag("th", $0) })
        let body = rows.map { row in tag("tr", row.map { tag("td", [$0]) }) }
        return tag("table", [tag("thead", [head]), tag("tbody", body)])
    }

    /// Names and values, those without a value left out.
    static func fields(_ fields: [(String, HTML?)]) -> HTML {
        let rows = fields.compactMap { name, value in
            value.map { tag("tr", [tag("th", name), tag("td", [$0])]) }
        }
        return tag("table", "fields", [tag("tbody", rows)])
    }

    static func section(_ title: String, _ content: [HTML]) -> HTML {
        tag("section", [tag("h2", title)] + content)
    }
}
