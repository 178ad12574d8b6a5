import Carriers
import ConfigurationFiles
import Documents
import Recharge
import Testing

/// A small valid profile as text; tests change one line of it.
let profileText = """
    id: small
    version: 1
    name: Small
    simulated: false
    currency: CNY
    zone: UTC
    numbers:
      country_code: "86"
      national_digits: 11
      prefixes: ["1"]
    recharge:
      to: "10086"
      text: "CZ#{number}#{amount}#{pin}"
    senders: ["10086", "1065*", "CARRIER"]
    replies:
      - name: done
        meaning: recharged
        text: "OK {number} {amount} SN {serial}"
      - name: news
        meaning: information
        text: "News: {*}"
    limits:
      min: 1
      max: 100
    timing:
      answer_within: 60s
    samples:
      - {from: "10086", text: "OK 13800138000 5 SN 12345", rule: done, \
    number: "13800138000", amount: 5, serial: "12345"}
      - {from: "10086", text: "News: x", rule: news}
    """

let cny = Currency(code: "CNY")

func profile(_ text: String) throws(DocumentError) -> CarrierProfile {
    try CarrierProfile(reading: document("p.yaml", text)) { name in
        name == "UTC" ? CarrierZone.utc : nil
    }
}

/// The mistakes of a profile, one line each; empty when it loads.
func mistakes(_ text: String) -> [String] {
    do throws(DocumentError) {
        _ = try profile(text)
        return []
    } catch {
        return error.mistakes.map(\.description)
    }
}

func document(_ file: String, _ text: String) throws(DocumentError) -> Document {
    try YAMLFile.parse(Array(text.utf8), file: file)
}
