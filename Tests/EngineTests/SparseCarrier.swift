import Carriers
import ConfigurationFiles

/// A carrier that keeps no records, knows a recharge for ever, numbers few of them and reports
/// on no message.
///
/// Its times are those of the simulated one: a request can arrive for 40 s and be answered for 70.
enum SparseCarrier {
    /// One that numbers all its recharges can be asked to repeat one.
    static func profile(isNumbered: Bool = false) throws -> CarrierProfile {
        let text =
            isNumbered
            ? text.replacing(unnumbered, with: "").replacing(sample, with: "")
            : text.replacing(reconfirm, with: "")
        return try CarrierProfile(
            reading: YAMLFile.parse(Array(text.utf8), file: "sparse.yaml"),
            zone: { _ in CarrierZone.utc }
        )
    }

    private static let reconfirm = """
        operations:
          reconfirm:
            danger: moves_money
            idempotent: true
            to: "10086"
            text: "CF#{number}#{amount}#{pin}"

        """

    private static let unnumbered = """
          - name: done
            meaning: recharged
            lacks: [serial]
            text: "OK {number} {amount}"

        """

    private static let sample = """
          - {from: "10086", text: "OK 13800138000 5", rule: done, number: "13800138000", amount: 5}

        """

    private static let text = """
        id: simulated
        version: 1
        name: Sparse
        simulated: true
        currency: CNY
        zone: UTC
        numbers:
          country_code: "86"
          national_digits: 11
          prefixes: ["1"]
        recharge:
          to: "10086"
          text: "CZ#{number}#{amount}#{pin}"
        status_reports: false
        \(reconfirm)senders: ["10086"]
        replies:
        \(unnumbered)  - name: numbered
            meaning: recharged
            text: "OK {number} {amount} SN {serial}"
        limits:
          min: 1
          max: 500
        timing:
          answer_within: 30s
          validity: 30s
          late_within: 10s
        samples:
        \(sample)  - {from: "10086", text: "OK 13800138000 5 SN S0001", rule: numbered, \
        number: "13800138000", amount: 5, serial: S0001}
        """
}
