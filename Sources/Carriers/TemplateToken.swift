/// A piece of a template: text as it stands, or the name of a slot in braces.
enum TemplateToken: Hashable {
    case literal(String)
    case slot(String)
}

/// Why a template is refused at load; never thrown while a message is read.
struct TemplateError: Error, Hashable {
    let what: String
    let cure: String

    init(_ what: String, cure: String) {
        self.what = what
        self.cure = cure
    }
}

/// Cuts a template at its braces.
///
/// `{{` and `}}` stand for the braces themselves. Neighbouring literals come as one; an empty
/// template gives no tokens.
func templateTokens(_ template: String) throws(TemplateError) -> [TemplateToken] {
    var tokens: [TemplateToken] = []
    var literal = ""
    var rest = Substring(template)
    while let character = rest.popFirst() {
        switch character {
        case "{" where rest.first == "{", "}" where rest.first == "}":
            literal.append(character)
            rest = rest.dropFirst()
        case "{":
            guard let end = rest.firstIndex(of: "}") else {
                throw TemplateError("has a '{' without its '}'", cure: "a brace is written {{")
            }
            if !literal.isEmpty { tokens.append(.literal(literal)) }
            literal = ""
            tokens.append(.slot(String(rest[..<end])))
            rest = rest[end...].dropFirst()
        case "}":
            throw TemplateError("has a '}' without its '{'", cure: "a brace is written }}")
        default:
            literal.append(character)
        }
    }
    if !literal.isEmpty { tokens.append(.literal(literal)) }
    return tokens
}
