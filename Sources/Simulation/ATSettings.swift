/// What `AT&F` and `ATZ` put back: the state that commands set and no message depends on.
struct ATSettings: Hashable, Sendable {
    /// The state of `ATE`.
    var echoes = true
    /// Words rather than numbers as results: `ATV1`.
    var isVerbose = true
    /// No results at all: `ATQ1`.
    var isQuiet = false
    /// The level of `+CMEE`.
    var errorLevel = 0
    /// Text rather than PDUs: `+CMGF=1`.
    var isTextMode = false
    /// With 1, direct deliveries ask for `+CNMA`: `+CSMS`.
    var messageService = 0
    /// The character set of `+CSCS`.
    var characterSet = CharacterSet.gsm
    /// Where `+CNMI` routes messages.
    var indications = Indications()
    /// First octet, validity, protocol and coding scheme of text mode: `+CSMP`.
    var textParameters = TextParameters()
    /// Whether `+CSDH` asks for more fields.
    var showsTextHeaders = false
    /// The levels of `+CREG`, `+CGREG` and `+CEREG`, by name.
    var registrationReports: [String: Int] = [:]
    /// The format of operator names: `+COPS=3,n`.
    var operatorFormat = 0
    var operatorMode = 0

    /// The five values of 3GPP 27.005 §3.4.1.
    struct Indications: Hashable, Sendable {
        var mode = 2
        var messages = 1
        var broadcasts = 0
        var reports = 0
        var buffer = 0
    }

    struct TextParameters: Hashable, Sendable {
        var firstOctet = 17
        var validity = 167
        var protocolIdentifier = 0
        var codingScheme = 0
    }

    enum CharacterSet: String, Hashable, Sendable, CaseIterable {
        case gsm = "GSM"
        case ira = "IRA"
        case ucs2 = "UCS2"
        case hexadecimal = "HEX"
    }
}
